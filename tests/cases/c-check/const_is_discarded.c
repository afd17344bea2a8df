void g(char *);
char *f(const char *s)
{
  char *p = s;
  p = s;
  g(s);
  return s;
}
// DIAG: 4:13: warning: initialization discards ‘const’ qualifier from pointer target type [-Wdiscarded-qualifiers]
// DIAG: 5:5: warning: assignment discards ‘const’ qualifier from pointer target type [-Wdiscarded-qualifiers]
// DIAG: 6:5: warning: passing argument 1 of ‘g’ discards ‘const’ qualifier from pointer target type [-Wdiscarded-qualifiers]
// DIAG: 1:6: note: expected ‘char *’ but argument is of type ‘const char *’
// DIAG: 7:10: warning: return discards ‘const’ qualifier from pointer target type [-Wdiscarded-qualifiers]
