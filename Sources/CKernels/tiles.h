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

/* c[0..3][j..] = four rows of a by `vectors` lanes of b. */
INLINE void tile_block(const float *a, size_t row, size_t step, const float *b,
                       float *c, size_t inner, size_t columns,
                       const size_t vectors) {
  lane_t s[TILE_ROWS][4] = {0};
  for (size_t k = 0; k < inner; k++) {
    lane_t x[4];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++)
      memcpy(&x[v], b + k * columns + LANES * v, sizeof x[v]);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < TILE_ROWS; r++) {
      const float y = a[r * row + k * step];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) s[r][v] += y * x[v];
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < TILE_ROWS; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++)
      memcpy(c + r * columns + LANES * v, &s[r][v], sizeof s[r][v]);
}

/* c = a b for c [rows, columns], b [inner, columns], both row-major with
   stride ldb = ldc = columns; a[i][k] is a[i * row + k * step], so that a
   transposed matrix costs nothing. rows is a multiple of TILE_ROWS, columns
   of LANES; `registers` says how large a block the processor can hold. */
INLINE void tile_product(const float *a, size_t row, size_t step,
                         const float *b, float *c, size_t rows, size_t inner,
                         size_t columns, int registers) {
  size_t j = 0;
#define COLUMNS(vectors)                                                       \
  for (; j + (vectors)*LANES <= columns; j += (vectors)*LANES)                 \
    for (size_t i = 0; i < rows; i += TILE_ROWS)                               \
      tile_block(a + i * row, row, step, b + j, c + i * columns + j, inner,    \
                 columns, vectors);
  if (registers >= 32) {
    COLUMNS(4)
    COLUMNS(2)
  }
  COLUMNS(1)
#undef COLUMNS
}
