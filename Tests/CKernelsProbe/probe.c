#include "include/probe.h"

#include "../../Sources/CKernels/elements.h"

#define ALWAYS static inline __attribute__((always_inline))

ALWAYS float normal(float x) {
  float density;
  return normal_distribution(x, &density);
}

ALWAYS float density(float x) {
  float result;
  normal_distribution(x, &result);
  return result;
}

/* With fused operations, as the kernels have them where there are any. */
#if defined(__x86_64__)
#define FUSED __attribute__((target("avx2,fma")))
#define HAS_FUSED (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
#else
#define FUSED
#define HAS_FUSED 0
#endif

#define PROBE(name, function, type)                                            \
  void probe_##name##_plain(const float *x, type *y, size_t count) {           \
    for (size_t i = 0; i < count; i++) y[i] = function(x[i]);                  \
  }                                                                            \
  FUSED static void name##_fused(const float *x, type *y, size_t count) {      \
    for (size_t i = 0; i < count; i++) y[i] = function(x[i]);                  \
  }                                                                            \
  void probe_##name(const float *x, type *y, size_t count) {                   \
    if (HAS_FUSED) {                                                           \
      name##_fused(x, y, count);                                               \
    } else {                                                                   \
      probe_##name##_plain(x, y, count);                                       \
    }                                                                          \
  }
PROBE(exp, exp_f32, float)
PROBE(sigmoid, sigmoid_f32, float)
PROBE(tanh, tanh_f32, float)
PROBE(normal, normal, float)
PROBE(density, density, float)
PROBE(narrow, narrow_bf16, uint16_t)
