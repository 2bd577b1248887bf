#include "elements.h"
#include "kernels.h"

// MARK: Conversions

typedef struct {
  const void *x;
  void *y;
} convert_t;

KERNEL(bf16_from_f32_body) {
  const convert_t *c = context;
  const float *restrict x = c->x;
  uint16_t *restrict y = c->y;
  for (size_t i = begin; i < end; i++) y[i] = narrow_bf16(x[i]);
}

KERNEL(f32_from_bf16_body) {
  const convert_t *c = context;
  const uint16_t *restrict x = c->x;
  float *restrict y = c->y;
  for (size_t i = begin; i < end; i++) y[i] = widen_bf16(x[i]);
}

void ck_bf16_from_f32(const float *x, uint16_t *y, size_t count) {
  convert_t c = {x, y};
  bf16_from_f32_body(&c, 0, count);
}

void ck_f32_from_bf16(const uint16_t *x, float *y, size_t count) {
  convert_t c = {x, y};
  f32_from_bf16_body(&c, 0, count);
}

// MARK: Positions

typedef struct {
  float *x;
  const float *position;
  size_t samples, stride;
} position_t;

KERNEL(add_position_body) {
  const position_t *c = context;
  const float *restrict p = c->position;
  for (size_t s = begin; s < end; s++) {
    float *restrict x = c->x + s * c->stride;
    for (size_t i = 0; i < c->stride; i++) x[i] += p[i];
  }
}

void ck_add_position(float *x, const float *position, size_t samples, size_t n,
                     size_t width) {
  position_t c = {x, position, samples, n * width};
  add_position_body(&c, 0, samples);
}

typedef struct {
  const float *dx;
  float *dposition;
  size_t samples, stride;
} position_gradient_t;

KERNEL(position_gradient_body) {
  const position_gradient_t *c = context;
  float *restrict p = c->dposition;
  for (size_t i = begin; i < end; i++) p[i] = 0;
  for (size_t s = 0; s < c->samples; s++) {
    const float *restrict dx = c->dx + s * c->stride;
    for (size_t i = begin; i < end; i++) p[i] += dx[i];
  }
}

void ck_position_gradient(const float *dx, float *dposition, size_t samples,
                          size_t n, size_t width) {
  position_gradient_t c = {dx, dposition, samples, n * width};
  position_gradient_body(&c, 0, n * width);
}

// MARK: Reductions

#define BLOCK 4096

typedef struct {
  const float *x, *y;
  float *dy;
  float scale;
  double *partial;
  size_t count;
} reduce_t;

INLINE double block_sum_of_squares(const float *restrict x, size_t count) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += x[i] * x[i];
  return sum;
}

KERNEL(sum_of_squares_body) {
  const reduce_t *c = context;
  for (size_t block = begin; block < end; block++) {
    size_t first = block * BLOCK;
    size_t count = c->count - first < BLOCK ? c->count - first : BLOCK;
    c->partial[block] = block_sum_of_squares(c->x + first, count);
  }
}

double ck_sum_of_squares(const float *x, size_t count) {
  /* A group of blocks at a time, so that the partial sums fit on the stack. */
  enum { GROUP = 1024 };
  double partial[GROUP];
  double sum = 0;
  for (size_t first = 0; first < count; first += (size_t)GROUP * BLOCK) {
    size_t rest = count - first;
    if (rest > (size_t)GROUP * BLOCK) rest = (size_t)GROUP * BLOCK;
    size_t blocks = (rest + BLOCK - 1) / BLOCK;
    reduce_t c = {.x = x + first, .partial = partial, .count = rest};
    sum_of_squares_body(&c, 0, blocks);
    for (size_t b = 0; b < blocks; b++) sum += partial[b];
  }
  return sum;
}

double ck_squared_error(const float *y, const float *target, float *dy,
                        float scale, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    float difference = y[i] - target[i];
    sum += (double)difference * difference;
    if (dy) dy[i] = scale * difference;
  }
  return sum;
}

// MARK: Optimisers

typedef struct {
  float *p, *m, *v;
  const float *g;
  float lr, beta1, beta2, epsilon, decay, scale, c1, c2;
} adamw_t;

KERNEL(adamw_body) {
  const adamw_t *c = context;
  float *restrict p = c->p, *restrict m = c->m, *restrict v = c->v;
  const float *restrict g = c->g;
  const float beta1 = c->beta1, beta2 = c->beta2, scale = c->scale;
  const float keep = 1.0f - c->lr * c->decay;
  const float step = c->lr / c->c1, inverse = 1.0f / c->c2;
  const float epsilon = c->epsilon;
  for (size_t i = begin; i < end; i++) {
    float gradient = scale * g[i];
    float m1 = beta1 * m[i] + (1.0f - beta1) * gradient;
    float v1 = beta2 * v[i] + (1.0f - beta2) * gradient * gradient;
    m[i] = m1;
    v[i] = v1;
    float root = square_root_f32(v1 * inverse);
    p[i] = keep * p[i] - step * m1 / (root + epsilon);
  }
}

void ck_adamw(float *parameters, const float *gradients, float *m, float *v,
              size_t count, float lr, float beta1, float beta2, float epsilon,
              float weight_decay, float gradient_scale, float correction1,
              float correction2) {
  adamw_t c = {parameters, m,     v,       gradients,    lr,
               beta1,      beta2, epsilon, weight_decay, gradient_scale,
               correction1, correction2};
  adamw_body(&c, 0, count);
}

typedef struct {
  const float *g;
  float *m, *update, *p;
  float beta, scale, lr, decay;
} update_t;

KERNEL(nesterov_body) {
  const update_t *c = context;
  const float *restrict g = c->g;
  float *restrict m = c->m, *restrict u = c->update;
  for (size_t i = begin; i < end; i++) {
    float gradient = c->scale * g[i];
    m[i] = c->beta * m[i] + gradient;
    u[i] = gradient + c->beta * m[i];
  }
}

void ck_nesterov(const float *gradients, float *m, float *update, size_t count,
                 float beta, float gradient_scale) {
  update_t c = {.g = gradients, .m = m, .update = update, .beta = beta,
                .scale = gradient_scale};
  nesterov_body(&c, 0, count);
}

KERNEL(apply_update_body) {
  const update_t *c = context;
  float *restrict p = c->p;
  const float *restrict u = c->update;
  const float keep = 1.0f - c->lr * c->decay, step = c->lr * c->scale;
  for (size_t i = begin; i < end; i++) p[i] = keep * p[i] - step * u[i];
}

void ck_apply_update(float *parameters, const float *update, size_t count,
                     float lr, float scale, float weight_decay) {
  update_t c = {.p = parameters, .update = (float *)update, .lr = lr,
                .scale = scale, .decay = weight_decay};
  apply_update_body(&c, 0, count);
}

KERNEL(add_body) {
  const update_t *c = context;
  const float *x = c->g, *y = c->m;
  float *sum = c->update;
  for (size_t i = begin; i < end; i++) sum[i] = x[i] + y[i];
}

void ck_add(const float *x, const float *y, float *sum, size_t count) {
  update_t c = {.g = x, .m = (float *)y, .update = sum};
  add_body(&c, 0, count);
}

KERNEL(scale_body) {
  const update_t *c = context;
  const float *restrict x = c->g;
  float *restrict y = c->update;
  for (size_t i = begin; i < end; i++) y[i] = c->scale * x[i];
}

void ck_scale(const float *x, float *y, float a, size_t count) {
  update_t c = {.g = x, .update = y, .scale = a};
  scale_body(&c, 0, count);
}
