/* Conversions and elementary functions that vectorise. */
#pragma once
#include <stdint.h>
#include <string.h>

#include "versions.h"

INLINE float widen_bf16(uint16_t x) {
  uint32_t bits = (uint32_t)x << 16;
  float y;
  memcpy(&y, &bits, 4);
  return y;
}

/* To nearest even; a NaN stays one. */
INLINE uint16_t narrow_bf16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  uint32_t nan = (bits >> 16) | 0x40u;
  return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? nan : rounded);
}

INLINE float widen_f32(float x) { return x; }
INLINE float narrow_f32(float x) { return x; }

/* sqrtf, said to depend on its argument alone: it then becomes an instruction,
   and loops of it vectorise, also with compilers that lack an element-wise
   square root and mind errno. */
float square_root_f32(float x) __asm__("sqrtf") __attribute__((const));

/* exp for x <= 88, to 1.2 ulp; below -87.3 it is 0, and a NaN stays one. The
   argument is reduced to |r| <= log(2)/2 and the rest is a Taylor polynomial
   of degree 7. */
INLINE float exp_f32(float x) {
  float clamped = x < -87.3f ? -87.3f : x;
  float k = __builtin_elementwise_rint(clamped * 1.44269504f);
  float r = clamped - k * 0.693359375f;
  r = r + k * 2.12194440e-4f;
  float p = 1.0f / 5040.0f;
  p = p * r + 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits = ((int32_t)k + 127) << 23;
  float power;
  memcpy(&power, &bits, 4);
  float y = p * power;
  y = x < -87.3f ? 0.0f : y;
  return x != x ? x : y;
}

/* Phi(x), the normal distribution function, and *density = phi(x). Phi(-t) is
   exp(-t^2/2) P(1/(1 + 0.3 t)); P was fitted to erfcx by scripts/fit-gelu.py
   to a relative error of 1.3e-7. With the rounding of t^2/2 Phi and phi have
   one of 6e-7 + 2^-25 t^2. */
INLINE float normal_distribution(float x, float *density) {
  float t = __builtin_elementwise_abs(x);
  float g = exp_f32(-0.5f * x * x);
  float s = 1.0f / (1.0f + 0.3f * t);
  float p = 0.035931840f;
  p = p * s - 0.158276441f;
  p = p * s + 0.208207375f;
  p = p * s - 0.055394564f;
  p = p * s + 0.129469585f;
  p = p * s + 0.099637375f;
  p = p * s + 0.120798378f;
  p = p * s + 0.119626388f;
  float tail = g * (p * s);
  *density = 0.398942280f * g;
  return x < 0.0f ? tail : 1.0f - tail;
}

/* To 2.4 ulp; below -87 it is what it is there. */
INLINE float sigmoid_f32(float x) {
  float t = x < -87.0f ? -87.0f : x;
  return 1.0f / (1.0f + exp_f32(-t));
}

/* To 2.4 ulp: a polynomial where 1 - exp(-2x) would cancel. */
INLINE float tanh_f32(float x) {
  float t = __builtin_elementwise_abs(x);
  float e = exp_f32(-2.0f * t);
  float large = (1.0f - e) / (1.0f + e);
  float s = x * x;
  float p = 62.0f / 2835.0f;
  p = p * s - 17.0f / 315.0f;
  p = p * s + 2.0f / 15.0f;
  p = p * s - 1.0f / 3.0f;
  float small = x + x * s * p;
  float y = x < 0.0f ? -large : large;
  return t < 0.3f ? small : y;
}
