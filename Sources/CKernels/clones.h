/* What every kernel needs: the thread pool, and a version of each function for
   each kind of processor. */
#pragma once
#include "cparallel.h"

/* Three versions of a function, chosen by the processor when it is loaded. */
#if defined(__x86_64__) && defined(__ELF__)
#define CLONES                                                                 \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
#define INLINE static inline __attribute__((always_inline))
