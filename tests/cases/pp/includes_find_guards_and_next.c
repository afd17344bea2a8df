// INCLUDE: inc/one
// INCLUDE: inc/two
#include "inc/guarded.h"
#include "inc/guarded.h"
#include "inc/once.h"
#include "inc/once.h"
#include <chain.h>
#define HEADER "inc/guarded.h"
#undef GUARDED_H
#include HEADER
#define STEM chain
#define ANGLED <STEM.h>
#include ANGLED
#if __has_include("inc/once.h") && !__has_include(<nosuch.h>) && __has_include(<chain.h>) && __has_include(ANGLED)
has
#endif
#import "inc/plain.h"
#import "inc/plain.h"
#include "inc/nested.h"
/* EXPECT: guarded */
/* EXPECT: once */
/* EXPECT: chain_one */
/* EXPECT: chain_two */
/* EXPECT: guarded */
/* EXPECT: chain_one */
/* EXPECT: chain_two */
/* EXPECT: has */
/* EXPECT: plain */
/* EXPECT: nested */
/* EXPECT: local */
