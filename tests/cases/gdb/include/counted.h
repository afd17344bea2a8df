/* A function that lives in a header and counts its calls. */
static inline int counted(int value) {
  static int calls;
  int scaled = value * 2;
  calls++;
  if (scaled < 0)
    return 0;
  return scaled + calls;
}
