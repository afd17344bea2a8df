int total(int first, int second)
{
  return first + secnod;
}
