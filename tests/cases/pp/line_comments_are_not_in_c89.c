/* STD: c90 */
int a = 4 //**/ 2
 ;
/* EXPECT: int a = 4 / 2 */
/* EXPECT: ; */
