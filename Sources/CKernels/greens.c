/* Kernels of Green's functions that are sums of products. */
#include "kernels.h"
#include "versions.h"

INLINE float dot(const float *restrict x, const float *restrict y, size_t n) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (size_t j = 0; j < n; j++) sum += x[j] * y[j];
  return sum;
}

INLINE float masked_dot(const float *restrict x, const float *restrict M,
                        const float *restrict y, size_t n) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (size_t j = 0; j < n; j++) sum += x[j] * M[j] * y[j];
  return sum;
}

// MARK: Products of functions

typedef struct {
  const float *factors, *masks;
  float *G;
  const float *dG;
  float *dfactors;
  size_t n, rank;
} separable_t;

/* Where function a of a mask's rows (side 0) or columns (side 1) lies. */
INLINE size_t place(const separable_t *c, size_t mask, size_t side, size_t a) {
  return ((2 * mask + side) * c->rank + a) * c->n;
}

KERNEL(separable_forward_body) {
  const separable_t *c = context;
  const size_t n = c->n;
  for (size_t i = begin; i < end; i++) {
    float *restrict G = c->G + i * n;
    for (size_t j = 0; j < n; j++) G[j] = 0;
    for (size_t mask = 0; mask < 2; mask++) {
      const float *restrict M = c->masks + (mask * n + i) * n;
      for (size_t a = 0; a < c->rank; a++) {
        const float p = c->factors[place(c, mask, 0, a) + i];
        const float *restrict q = c->factors + place(c, mask, 1, a);
        for (size_t j = 0; j < n; j++) G[j] += M[j] * (p * q[j]);
      }
    }
  }
}

void ck_separable_forward(const float *factors, const float *masks, float *G,
                          size_t n, size_t rank, size_t first, size_t rows) {
  separable_t c = {
      .factors = factors, .masks = masks, .G = G, .n = n, .rank = rank};
  separable_forward_body(&c, first, first + rows);
}

KERNEL(separable_backward_body) {
  const separable_t *c = context;
  const size_t n = c->n;
  for (size_t k = 0; k < 4 * c->rank * n; k++) c->dfactors[k] = 0;
  for (size_t i = begin; i < end; i++) {
    const float *restrict dG = c->dG + i * n;
    for (size_t mask = 0; mask < 2; mask++) {
      const float *restrict M = c->masks + (mask * n + i) * n;
      for (size_t a = 0; a < c->rank; a++) {
        const float p = c->factors[place(c, mask, 0, a) + i];
        const float *restrict q = c->factors + place(c, mask, 1, a);
        float *restrict dq = c->dfactors + place(c, mask, 1, a);
        c->dfactors[place(c, mask, 0, a) + i] = masked_dot(dG, M, q, n);
        for (size_t j = 0; j < n; j++) dq[j] += p * (dG[j] * M[j]);
      }
    }
  }
}

void ck_separable_backward(const float *factors, const float *masks,
                           const float *dG, float *dfactors, size_t n,
                           size_t rank) {
  separable_t c = {.factors = factors,   .masks = masks, .dG = dG,
                   .dfactors = dfactors, .n = n,         .rank = rank};
  separable_backward_body(&c, 0, n);
}

// MARK: Errors

typedef struct {
  const float *G, *b, *x;
  float *dG;
  float scale;
  size_t n, count;
  double sum;
} products_t;

KERNEL(products_error_body) {
  products_t *c = context;
  const size_t n = c->n;
  for (size_t i = begin; i < end; i++) {
    const float *restrict G = c->G + i * n;
    float *restrict dG = c->dG + i * n;
    for (size_t j = 0; j < n; j++) dG[j] = 0;
    for (size_t s = 0; s < c->count; s++) {
      const float *restrict b = c->b + s * n;
      const float difference = dot(G, b, n) - c->x[s * n + i];
      c->sum += (double)difference * difference;
      const float slope = c->scale * difference;
      for (size_t j = 0; j < n; j++) dG[j] += slope * b[j];
    }
  }
}

double ck_products_error(const float *G, const float *b, const float *x,
                         float *dG, float scale, size_t n, size_t count) {
  products_t c = {.G = G,         .b = b, .x = x,        .dG = dG,
                  .scale = scale, .n = n, .count = count};
  products_error_body(&c, 0, n);
  return c.sum;
}
