/* Static division of a range among libgomp's threads. */
#pragma once
#include <stddef.h>

/* Does the part [begin, end) as worker number `worker`. */
typedef void (*ck_body)(void *context, size_t begin, size_t end, int worker);

/* Calls body on contiguous parts of [0, count), no smaller than grain. */
void ck_parallel(ck_body body, void *context, size_t count, size_t grain);

/* Three versions of a function, chosen by the processor when it is loaded. */
#if defined(__x86_64__) && defined(__ELF__)
#define CLONES                                                                 \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
#define INLINE static inline __attribute__((always_inline))
