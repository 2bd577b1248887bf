/* The elementary functions of the kernels, which are inline there, over arrays:
   with fused operations where the processor has them, and without. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define PROBE_DECLARE(name)                                                    \
  void probe_##name(const float *x, float *y, size_t count);                   \
  void probe_##name##_plain(const float *x, float *y, size_t count);
PROBE_DECLARE(exp)
PROBE_DECLARE(sigmoid)
PROBE_DECLARE(tanh)
PROBE_DECLARE(normal)
PROBE_DECLARE(density)
#undef PROBE_DECLARE

void probe_narrow(const float *x, uint16_t *y, size_t count);
void probe_narrow_plain(const float *x, uint16_t *y, size_t count);
