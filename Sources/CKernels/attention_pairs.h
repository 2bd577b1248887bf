/* Attention with bfloat16 products in hardware. */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct {
  size_t n, width, heads;
  /* The queries whose answers are wanted. */
  size_t first, rows;
  int causal;
  float *scratch;
} ck_attention_shape;

/* Whether the processor has it; nothing else may be called where not. */
int ck_has_pairs(void);
/* The floats that one thread needs as scratch. */
size_t ck_pair_scratch(size_t n, size_t width, size_t heads);
/* The heads [begin, end) of all samples. */
void ck_pair_forward(const ck_attention_shape *c, const uint16_t *qkv,
                     uint16_t *out, float *lse, size_t begin, size_t end);
void ck_pair_backward(const ck_attention_shape *c, const uint16_t *qkv,
                      const float *lse, const uint16_t *dout, uint16_t *dqkv,
                      size_t begin, size_t end);
