/* <x86intrin.h>: everything for this machine. */
#ifndef __KIT_X86INTRIN_H
#define __KIT_X86INTRIN_H

#include <immintrin.h>
#include <x86gprintrin.h>

#endif
