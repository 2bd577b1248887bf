/* Products of small matrices held in padded tiles of floats. */
#pragma once
#include <string.h>

#include "versions.h"

/* Sixteen floats: one AVX-512 register, two of AVX, four of SSE. */
typedef float lane_t __attribute__((vector_size(64), aligned(4)));
enum { LANES = 16, TILE_ROWS = 4 };

INLINE size_t padded_columns(size_t n) {
  return (n + LANES - 1) / LANES * LANES;
}
INLINE size_t padded_rows(size_t n) {
  return (n + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
}

/* c = a b for c [rows, columns], b [inner, columns], both row-major with
   stride ldb = ldc = columns; a[i][k] is a[i * row + k * step], so that a
   transposed matrix costs nothing. rows is a multiple of TILE_ROWS, columns
   of LANES. */
INLINE void tile_product(const float *a, size_t row, size_t step,
                         const float *b, float *c, size_t rows, size_t inner,
                         size_t columns) {
  for (size_t j = 0; j < columns; j += LANES) {
    for (size_t i = 0; i < rows; i += TILE_ROWS) {
      const float *a0 = a + i * row, *a1 = a0 + row, *a2 = a1 + row,
                  *a3 = a2 + row;
      lane_t s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
      for (size_t k = 0; k < inner; k++) {
        lane_t v;
        memcpy(&v, b + k * columns + j, sizeof v);
        s0 += a0[k * step] * v;
        s1 += a1[k * step] * v;
        s2 += a2[k * step] * v;
        s3 += a3[k * step] * v;
      }
      float *out = c + i * columns + j;
      memcpy(out, &s0, sizeof s0);
      memcpy(out + columns, &s1, sizeof s1);
      memcpy(out + 2 * columns, &s2, sizeof s2);
      memcpy(out + 3 * columns, &s3, sizeof s3);
    }
  }
}
