int f(int a)
{
  case 1:
  break;
  continue;
  default:
  return a;
}
// DIAG: 3:3: error: case label not within a switch statement
// DIAG: 4:3: error: break statement not within loop or switch
// DIAG: 5:3: error: continue statement not within a loop
// DIAG: 6:3: error: ‘default’ label not within a switch statement
