/* Attention with bfloat16 products in hardware (AVX-512 BF16): the float tiles
   of attention.inc, with the operands rounded to pairs of bfloat16. An element
   of 32 bits holds two numbers that are neighbours along the inner dimension
   of a product. */
#include "attention_pairs.h"

#if defined(__x86_64__) && defined(__clang__)
#include <immintrin.h>

#include "elements.h"
#include "tiles.h"

#define BF16                                                                   \
  __attribute__((                                                              \
      target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma")))
#define BF16_INLINE BF16 static inline __attribute__((always_inline))

int ck_has_pairs(void) {
  return __builtin_cpu_supports("avx512bf16") &&
         __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq");
}

/* A pair in all places. Clang 17 does not come to an end on one that it can see
   through. */
BF16_INLINE __m512bh splat(uint32_t pair) {
  __m512i x = _mm512_set1_epi32((int)pair);
#if __clang_major__ < 18
  __asm__("" : "+v"(x));
#endif
  return (__m512bh)x;
}

/* c[0..3][j..] += four rows of a by `vectors` registers of b. */
#define BLOCK(vectors)                                                         \
  do {                                                                         \
    __m512 s[TILE_ROWS][vectors];                                              \
    for (int r = 0; r < TILE_ROWS; r++)                                        \
      for (int v = 0; v < vectors; v++) s[r][v] = _mm512_setzero_ps();         \
    for (size_t k = 0; k < inner; k++) {                                       \
      __m512bh x[vectors];                                                     \
      for (int v = 0; v < vectors; v++)                                        \
        x[v] = (__m512bh)_mm512_loadu_si512(b + k * columns + j + 16 * v);     \
      for (int r = 0; r < TILE_ROWS; r++) {                                    \
        __m512bh y = splat(a[(i + (size_t)r) * row + k * step]);               \
        for (int v = 0; v < vectors; v++)                                      \
          s[r][v] = _mm512_dpbf16_ps(s[r][v], y, x[v]);                        \
      }                                                                        \
    }                                                                          \
    for (int r = 0; r < TILE_ROWS; r++)                                        \
      for (int v = 0; v < vectors; v++)                                        \
        _mm512_storeu_ps(c + (i + (size_t)r) * columns + j + 16 * v, s[r][v]); \
  } while (0)

/* c = a b as tile_product, for pairs: b is [inner, columns] of pairs along
   inner, and a[i][k] the pair at a[i * row + k * step]. */
BF16_INLINE void pair_product(const uint32_t *a, size_t row, size_t step,
                              const uint32_t *b, float *c, size_t rows,
                              size_t inner, size_t columns) {
  size_t j = 0;
  for (; j + 64 <= columns; j += 64)
    for (size_t i = 0; i < rows; i += TILE_ROWS) BLOCK(4);
  if (j + 32 <= columns) {
    for (size_t i = 0; i < rows; i += TILE_ROWS) BLOCK(2);
    j += 32;
  }
  if (j < columns)
    for (size_t i = 0; i < rows; i += TILE_ROWS) BLOCK(1);
}

/* Rows of pairs along the columns: a copy, padded. */
BF16_INLINE void pair_columns(const uint16_t *from, size_t pitch, uint32_t *to,
                              size_t rows, size_t width, size_t pairs) {
  for (size_t i = 0; i < rows; i++) {
    uint16_t *out = (uint16_t *)(to + i * pairs);
    memcpy(out, from + i * pitch, 2 * width);
    if (width < 2 * pairs) out[width] = 0;
  }
}

/* Transposes a tile of 16 by 16 elements of 32 bits. */
BF16_INLINE void transpose_tile(__m512i r[16]) {
  __m512i t[16];
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
    t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
  }
  for (int i = 0; i < 8; i++) {
    r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
    r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
  }
}

/* to[k][i] = the pair (2k, 2k + 1) of row i; the padding becomes 0. */
BF16_INLINE void pair_columns_transposed(const uint16_t *from, size_t pitch,
                                         uint32_t *to, size_t rows,
                                         size_t width, size_t columns) {
  const size_t pairs = (width + 1) / 2;
  for (size_t i = 0; i < columns; i += 16) {
    for (size_t k = 0; k < pairs; k += 16) {
      const size_t rest = width - 2 * k;
      const __mmask32 mask = rest < 32 ? (1u << rest) - 1u : ~0u;
      __m512i tile[16];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < 16; r++) {
        tile[r] = i + r < rows ? _mm512_maskz_loadu_epi16(
                                     mask, from + (i + r) * pitch + 2 * k)
                               : _mm512_setzero_si512();
      }
      transpose_tile(tile);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < 16; r++) {
        if (k + r < pairs) {
          _mm512_storeu_si512(to + (k + r) * columns + i, tile[r]);
        }
      }
    }
  }
}

/* to[k][j] = (from[2k][j], from[2k + 1][j]). */
BF16_INLINE void pair_rows(const uint16_t *from, size_t pitch, uint32_t *to,
                           size_t rows, size_t width, size_t columns) {
  for (size_t k = 0; 2 * k < rows; k++) {
    const uint16_t *x = from + 2 * k * pitch;
    uint32_t *restrict out = to + k * columns;
    if (2 * k + 1 < rows) {
      for (size_t j = 0; j < width; j++)
        out[j] = x[j] | ((uint32_t)x[pitch + j] << 16);
    } else {
      for (size_t j = 0; j < width; j++) out[j] = x[j];
    }
  }
}

BF16_INLINE void narrow_row(const float *from, uint16_t *restrict to,
                            size_t count, float scale) {
  for (size_t j = 0; j < count; j++) to[j] = narrow_bf16(scale * from[j]);
}

/* Two rows of floats as one row of pairs. */
BF16_INLINE void narrow_pair(const float *x, const float *y,
                             uint32_t *restrict to, size_t count) {
  for (size_t j = 0; j < count; j++)
    to[j] = narrow_bf16(x[j]) | ((uint32_t)narrow_bf16(y[j]) << 16);
}

typedef struct {
  size_t M, N, H, pairs, rows;
  uint32_t *q, *k, *x, *p;
  float *s, *t, *o;
} tiles_t;

/* M, N: n in multiples of TILE_ROWS and LANES; H: the head's width in
   multiples of LANES; pairs: of its columns; rows: pairs of n. */
BF16_INLINE tiles_t tiles(const ck_attention_shape *c) {
  const size_t h = c->width / c->heads;
  tiles_t t = {.M = padded_rows(c->n), .N = padded_columns(c->n),
               .H = padded_columns(h), .pairs = (h + 1) / 2,
               .rows = (c->n + 1) / 2};
  t.q = (uint32_t *)c->scratch;
  t.k = t.q + t.M * t.pairs;
  t.x = t.k + t.pairs * t.N;
  t.p = t.x + (t.rows > t.pairs ? t.rows : t.pairs) *
                  (t.H > t.N ? t.H : t.N);
  t.s = (float *)(t.p + t.M * t.N);
  t.t = t.s + t.M * t.N;
  t.o = t.t + t.M * t.N;
  return t;
}

size_t ck_pair_scratch(size_t n, size_t width, size_t heads) {
  const size_t h = width / heads, M = padded_rows(n), N = padded_columns(n);
  const size_t H = padded_columns(h), pairs = (h + 1) / 2, rows = (n + 1) / 2;
  const size_t tile = (rows > pairs ? rows : pairs) * (H > N ? H : N);
  return M * pairs + pairs * N + tile + 3 * M * N + M * H;
}

BF16 void ck_pair_forward(const ck_attention_shape *c, const uint16_t *qkv,
                          uint16_t *out, float *lse, size_t begin, size_t end) {
#pragma clang fp reassociate(on)
  const size_t n = c->n, h = c->width / c->heads, pitch = 3 * c->width;
  const float scale = 1.0f / __builtin_sqrtf((float)h);
  const tiles_t t = tiles(c);
  const size_t rows = padded_rows(c->rows);
  for (size_t item = begin; item < end; item++) {
    const size_t sample = item / c->heads, head = item % c->heads;
    const uint16_t *base = qkv + sample * n * pitch + head * h;
    pair_columns(base + c->first * pitch, pitch, t.q, c->rows, h, t.pairs);
    pair_columns_transposed(base + c->width, pitch, t.k, n, h, t.N);
    pair_rows(base + 2 * c->width, pitch, t.x, n, h, t.H);
    pair_product(t.q, t.pairs, 1, t.k, t.s, rows, t.pairs, t.N);
    for (size_t i = 0; i < c->rows; i++) {
      float *restrict row = t.s + i * t.N;
      uint16_t *restrict p = (uint16_t *)(t.p + i * t.rows);
      const size_t seen = c->causal ? c->first + i + 1 : n;
      float largest = row[0];
      for (size_t j = 0; j < seen; j++)
        largest = row[j] > largest ? row[j] : largest;
      float sum = 0;
      for (size_t j = 0; j < seen; j++) {
        row[j] = exp_f32(scale * (row[j] - largest));
        sum += row[j];
      }
      narrow_row(row, p, seen, 1.0f / sum);
      for (size_t j = seen; j < 2 * t.rows; j++) p[j] = 0;
      if (lse) lse[item * n + c->first + i] = scale * largest + __builtin_logf(sum);
    }
    pair_product(t.p, t.rows, 1, t.x, t.o, rows, t.rows, t.H);
    uint16_t *y = out + (sample * n + c->first) * c->width + head * h;
    for (size_t i = 0; i < c->rows; i++)
      narrow_row(t.o + i * t.H, y + i * c->width, h, 1);
  }
}

BF16_INLINE void store(const float *from, size_t columns, uint16_t *to,
                       size_t pitch, size_t rows, size_t width, float scale) {
  for (size_t i = 0; i < rows; i++)
    narrow_row(from + i * columns, to + i * pitch, width, scale);
}

BF16 void ck_pair_backward(const ck_attention_shape *c, const uint16_t *qkv,
                           const float *lse, const uint16_t *dout,
                           uint16_t *dqkv, size_t begin, size_t end) {
#pragma clang fp reassociate(on)
  const size_t n = c->n, h = c->width / c->heads, pitch = 3 * c->width;
  const float scale = 1.0f / __builtin_sqrtf((float)h);
  const tiles_t t = tiles(c);
  for (size_t item = begin; item < end; item++) {
    const size_t sample = item / c->heads, head = item % c->heads;
    const size_t offset = sample * n * pitch + head * h;
    const uint16_t *q = qkv + offset, *k = q + c->width, *v = k + c->width;
    const uint16_t *dy = dout + sample * n * c->width + head * h;
    uint16_t *dq = dqkv + offset, *dk = dq + c->width, *dv = dk + c->width;
    pair_columns(q, pitch, t.q, n, h, t.pairs);
    pair_columns_transposed(k, pitch, t.k, n, h, t.N);
    pair_product(t.q, t.pairs, 1, t.k, t.s, t.M, t.pairs, t.N);
    pair_columns(dy, c->width, t.q, n, h, t.pairs);
    pair_columns_transposed(v, pitch, t.k, n, h, t.N);
    pair_product(t.q, t.pairs, 1, t.k, t.t, t.M, t.pairs, t.N);
    /* s becomes the probabilities, t the gradient of the scores. */
    for (size_t i = 0; i < n; i++) {
      float *restrict p = t.s + i * t.N, *restrict d = t.t + i * t.N;
      const float l = lse[item * n + i];
      const size_t seen = c->causal ? i + 1 : n;
      float sum = 0;
      for (size_t j = 0; j < seen; j++) {
        p[j] = exp_f32(scale * p[j] - l);
        sum += p[j] * d[j];
      }
      for (size_t j = 0; j < seen; j++) d[j] = p[j] * (d[j] - sum);
      for (size_t j = seen; j < t.N; j++) p[j] = d[j] = 0;
    }
    for (size_t i = n; i < t.M; i++)
      for (size_t j = 0; j < t.N; j++) t.s[i * t.N + j] = t.t[i * t.N + j] = 0;
    /* dv = p' dy: pairs along i, read as the transpose. M is even. */
    for (size_t i = 0; i < t.rows; i++)
      narrow_pair(t.s + 2 * i * t.N, t.s + (2 * i + 1) * t.N, t.p + i * t.N,
                  t.N);
    pair_rows(dy, c->width, t.x, n, h, t.H);
    pair_product(t.p, 1, t.N, t.x, t.o, t.M, t.rows, t.H);
    store(t.o, t.H, dv, pitch, n, h, 1);
    /* dk = ds' q. */
    for (size_t i = 0; i < t.rows; i++)
      narrow_pair(t.t + 2 * i * t.N, t.t + (2 * i + 1) * t.N, t.p + i * t.N,
                  t.N);
    pair_rows(q, pitch, t.x, n, h, t.H);
    pair_product(t.p, 1, t.N, t.x, t.o, t.M, t.rows, t.H);
    store(t.o, t.H, dk, pitch, n, h, scale);
    /* dq = ds k: pairs along j. */
    for (size_t i = 0; i < t.M; i++)
      narrow_row(t.t + i * t.N, (uint16_t *)(t.p + i * t.rows), 2 * t.rows, 1);
    pair_rows(k, pitch, t.x, n, h, t.H);
    pair_product(t.p, t.rows, 1, t.x, t.o, t.M, t.rows, t.H);
    store(t.o, t.H, dq, pitch, n, h, scale);
  }
}

#else
int ck_has_pairs(void) { return 0; }
size_t ck_pair_scratch(size_t n, size_t width, size_t heads) { return 0; }
void ck_pair_forward(const ck_attention_shape *c, const uint16_t *qkv,
                     uint16_t *out, float *lse, size_t begin, size_t end) {}
void ck_pair_backward(const ck_attention_shape *c, const uint16_t *qkv,
                      const float *lse, const uint16_t *dout, uint16_t *dqkv,
                      size_t begin, size_t end) {}
#endif
