/* The smallest program around SQLite: the statement of the command line, its rows printed. */
#include <stdio.h>
#include "sqlite3.h"

static int show(void *unused, int n, char **values, char **names) {
  (void)unused, (void)names;
  for (int i = 0; i < n; i++) printf("%s%s", i ? "|" : "", values[i] ? values[i] : "");
  putchar('\n');
  return 0;
}

int main(int argc, char **argv) {
  sqlite3 *db;
  char *message = 0;
  if (sqlite3_open(":memory:", &db) != SQLITE_OK) return 1;
  int status = sqlite3_exec(db, argc > 1 ? argv[1] : "select 6 * 7", show, 0, &message);
  if (message) fprintf(stderr, "%s\n", message);
  sqlite3_close(db);
  return status != SQLITE_OK;
}
