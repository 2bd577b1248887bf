/* What every kernel needs: the thread pool, and a version of each function for
   each kind of processor. */
#pragma once
#include "cparallel.h"

#define INLINE static inline __attribute__((always_inline))

/* KERNEL(name) { … } defines `name`, a cp_body, in three versions that the
   processor chooses between at every call. The compiler's own target_clones does
   the same, but clang 17 fails on the levels of x86-64. */
#if defined(__x86_64__)
/* Features by name: the name of a level also prefers vectors of 256 bits. */
#define V3 "avx2,bmi,bmi2,f16c,fma,lzcnt,movbe"
#define V4 V3 ",avx512f,avx512bw,avx512cd,avx512dq,avx512vl"
INLINE int has_v4(void) {
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") &&
         __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}
INLINE int has_v3(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}
#define KERNEL_VERSION(name, level, ATTRIBUTE)                                 \
  ATTRIBUTE static void name##_##level(void *context, size_t begin,            \
                                       size_t end, int worker) {               \
    name##_any(context, begin, end, worker);                                   \
  }
#define KERNEL_VERSIONS(name)                                                  \
  INLINE void name##_any(void *context, size_t begin, size_t end, int worker); \
  KERNEL_VERSION(name, v4, __attribute__((target(V4))))                        \
  KERNEL_VERSION(name, v3, __attribute__((target(V3))))                        \
  KERNEL_VERSION(name, v1, )                                                   \
  static void name(void *context, size_t begin, size_t end, int worker) {      \
    if (has_v4()) {                                                            \
      name##_v4(context, begin, end, worker);                                  \
    } else if (has_v3()) {                                                     \
      name##_v3(context, begin, end, worker);                                  \
    } else {                                                                   \
      name##_v1(context, begin, end, worker);                                  \
    }                                                                          \
  }                                                                            \
  INLINE void name##_any(void *context, size_t begin, size_t end, int worker)
#define KERNEL(name) KERNEL_VERSIONS(name)
#else
#define KERNEL(name)                                                           \
  static void name(void *context, size_t begin, size_t end, int worker)
#endif
