/* Counts words: the most frequent ones of a file, and how often they stand in it. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
  char *text;
  unsigned count;
  struct word *next;
};

static struct word *table[1024];

static unsigned hash(const char *text) {
  unsigned h = 2166136261u;
  for (; *text; text++) h = (h ^ (unsigned char)*text) * 16777619u;
  return h % 1024;
}

static void add(const char *text) {
  struct word **at = &table[hash(text)];
  while (*at && strcmp((*at)->text, text)) at = &(*at)->next;
  if (!*at) {
    *at = calloc(1, sizeof **at);
    (*at)->text = strdup(text);
  }
  (*at)->count++;
}

static int by_count(const void *a, const void *b) {
  const struct word *x = *(struct word *const *)a, *y = *(struct word *const *)b;
  return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->text, y->text);
}

int main(int argc, char **argv) {
  FILE *in = argc > 1 ? fopen(argv[1], "r") : stdin;
  if (!in) return perror(argv[1]), 1;
  char text[64];
  unsigned length = 0, least = 2, n = 0;
  for (int c; (c = getc(in)) != EOF;) {
    if (isalpha(c) && length < sizeof text - 1) {
      text[length++] = (char)tolower(c);
    } else {
      text[length] = 0;
      if (length > least) add(text);
      length = 0;
    }
  }
  struct word *words[8192];
  for (unsigned i = 0; i < 1024; i++)
    for (struct word *w = table[i]; w && n < 8192; w = w->next) words[n++] = w;
  qsort(words, n, sizeof *words, by_count);
  for (unsigned i = 0; i < n && i < 10; i++) printf("%5u %s\n", words[i]->count, words[i]->text);
  return 0;
}
