/* A version of each kernel for each kind of processor. */
#pragma once
#include <stddef.h>

#define INLINE static inline __attribute__((always_inline))

/* KERNEL(name) { … } defines `name`, which does the items [begin, end) of a
   context, in three versions that the processor chooses between at every call;
   `registers` is how many vectors the version holds. The compiler's own
   target_clones does the same, but clang 17 fails on the levels of x86-64. */
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
#define KERNEL_VERSION(name, level, count, ATTRIBUTE)                          \
  ATTRIBUTE static void name##_##level(void *context, size_t begin,            \
                                       size_t end) {                           \
    name##_any(context, begin, end, count);                                    \
  }
#define KERNEL_VERSIONS(name)                                                  \
  INLINE void name##_any(void *context, size_t begin, size_t end,              \
                         int registers);                                       \
  KERNEL_VERSION(name, v4, 32, __attribute__((target(V4))))                    \
  KERNEL_VERSION(name, v3, 16, __attribute__((target(V3))))                    \
  KERNEL_VERSION(name, v1, 16, )                                               \
  static void name(void *context, size_t begin, size_t end) {                  \
    if (has_v4()) {                                                            \
      name##_v4(context, begin, end);                                          \
    } else if (has_v3()) {                                                     \
      name##_v3(context, begin, end);                                          \
    } else {                                                                   \
      name##_v1(context, begin, end);                                          \
    }                                                                          \
  }                                                                            \
  INLINE void name##_any(void *context, size_t begin, size_t end, int registers)
#else
#define KERNEL_VERSIONS(name)                                                  \
  INLINE void name##_any(void *context, size_t begin, size_t end,              \
                         int registers);                                       \
  static void name(void *context, size_t begin, size_t end) {                  \
    name##_any(context, begin, end, 32);                                       \
  }                                                                            \
  INLINE void name##_any(void *context, size_t begin, size_t end, int registers)
#endif
/* Expands a name that is a macro first. */
#define KERNEL(name) KERNEL_VERSIONS(name)
