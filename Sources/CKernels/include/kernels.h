/* Element-wise kernels, reductions and attention for the networks.

   Every function works on row-major arrays and on the thread that calls it. An
   element of type `elem` is either a
   float (suffix _f32) or the upper half of one (suffix _bf16, a uint16_t), and
   is widened to a float before anything is computed. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Conversions, rounding to nearest even. */
void ck_bf16_from_f32(const float *x, uint16_t *y, size_t count);
void ck_f32_from_bf16(const uint16_t *x, float *y, size_t count);

/* One step of the directions of a recurrent layer of `hidden` units, [0]
   forward in time and [1] backward; arrays of elem are void here. Rows are
   samples; those of output and copy are `pitch` elements apart. */
typedef struct {
  /* The directions [first, last). */
  size_t first, last;
  size_t samples, hidden, pitch;
  /* In: the inputs' products, [samples, gates * hidden]; out: the gates after
     their nonlinearity. A backward step reads those and leaves the gradients
     before it in their place. */
  void *gates[2];
  /* Forward: the state's products, [samples, gates * hidden]; backward: the
     gradient of the output through the next step, [samples, hidden]. NULL at
     the first step. */
  const float *product[2];
  const float *bias_input[2], *bias_hidden[2];
  /* The cell (LSTM) or the output (GRU) before and after the step, [samples,
     hidden]; `before` is NULL at the first. */
  const float *before[2];
  float *state[2];
  /* Forward: two places for the output; backward: two parts of its gradient. */
  void *output[2], *copy[2];
  /* As many as the products of a row: stands for what is NULL. */
  const float *zeros;
  /* Backward: the gradient of the state, carried from step to step, zero before
     the first. */
  float *dstate[2];
  /* GRU: W_hn h + b_hn, [samples, hidden], and, backward, the gradients of the
     state's products, [samples, 3 hidden]. */
  void *candidate[2], *hidden_gates[2];
} ck_recurrent_step;

#define CK_DECLARE(S, elem)                                                    \
  /* y = (x - mean) / sqrt(var + 1e-5) * weight + bias for each row. */        \
  void ck_layer_norm_forward_##S(const float *x, const float *weight,          \
                                 const float *bias, elem *y, float *mean,      \
                                 float *rstd, size_t rows, size_t width);      \
  /* dx += the gradient by x; dx_copy (may be NULL) receives the sum as        \
     elements. */                                                              \
  void ck_layer_norm_backward_##S(const elem *dy, const float *x,              \
                                  const float *weight, const float *mean,      \
                                  const float *rstd, float *dx,                \
                                  elem *dx_copy, float *dweight, float *dbias, \
                                  size_t rows, size_t width);                  \
  /* y = x Phi(x); x is replaced by the derivative of y by x. */               \
  void ck_gelu_forward_##S(elem *x, elem *y, size_t count);                    \
  /* dy *= derivative; sum[j] = the sum of dy[i][j] over i after that. */      \
  void ck_gelu_backward_##S(elem *dy, const elem *derivative, float *sum,      \
                            size_t rows, size_t width);                        \
  /* sum[j] = the sum of x[i][j] over i. */                                    \
  void ck_column_sum_##S(const elem *x, float *sum, size_t rows,               \
                         size_t width);                                        \
  /* y[i / n][f][i mod n] = h[i] . weight[f] + bias[f]. */                     \
  void ck_decode_forward_##S(const elem *h, const float *weight,               \
                             const float *bias, float *y, size_t rows,         \
                             size_t width, size_t fields, size_t n);           \
  /* dh = dy weight; dweight and dbias are overwritten. */                     \
  void ck_decode_backward_##S(const elem *h, const float *weight,              \
                              const float *dy, elem *dh, float *dweight,       \
                              float *dbias, size_t rows, size_t width,         \
                              size_t fields, size_t n);                        \
  /* softmax(q k' / sqrt(width / heads)) v for every sample and head. qkv is   \
     [samples, n, 3 width], out [samples, n, width], lse [samples, heads, n]   \
     (the logarithm of each row's sum of exponentials; may be NULL). Only the  \
     answers of the `rows` queries from `first` on are computed. */            \
  void ck_attention_forward_##S(const elem *qkv, elem *out, float *lse,        \
                                float *scratch, size_t samples, size_t n,      \
                                size_t width, size_t heads, size_t first,      \
                                size_t rows, int causal);                      \
  /* dqkv from dout; the probabilities are computed again from lse. */         \
  void ck_attention_backward_##S(const elem *qkv, const float *lse,            \
                                 const elem *dout, elem *dqkv, float *scratch, \
                                 size_t samples, size_t n, size_t width,       \
                                 size_t heads, int causal);                    \
  /* Gates i, f, g, o: c = f c + i g, h = o tanh(c). */                        \
  void ck_lstm_forward_##S(const ck_recurrent_step *step);                     \
  void ck_lstm_backward_##S(const ck_recurrent_step *step);                    \
  /* Gates r, z, n, reset after the product: h = (1 - z) n + z h. */           \
  void ck_gru_forward_##S(const ck_recurrent_step *step);                      \
  void ck_gru_backward_##S(const ck_recurrent_step *step);                     \
  /* tokens [samples, n, features] to [n, samples, features], forward and      \
     backward in time. */                                                      \
  void ck_time_major_##S(const elem *tokens, elem *forward, elem *backward,    \
                         size_t samples, size_t n, size_t features);
CK_DECLARE(f32, float)
CK_DECLARE(bf16, uint16_t)
#undef CK_DECLARE

/* The floats that ck_attention_forward and _backward need as scratch, all zero
   at first and then left to them. */
size_t ck_attention_scratch(size_t n, size_t width, size_t heads);

/* x[s][i][j] += position[i][j]. */
void ck_add_position(float *x, const float *position, size_t samples, size_t n,
                     size_t width);
/* dposition[i][j] = the sum of dx[s][i][j] over s. */
void ck_position_gradient(const float *dx, float *dposition, size_t samples,
                          size_t n, size_t width);

/* The sum of squares, accumulated in double in an order of its own that no
   number of threads changes. */
double ck_sum_of_squares(const float *x, size_t count);

/* The sum of (y - target)^2; dy = scale (y - target) unless dy is NULL. */
double ck_squared_error(const float *y, const float *target, float *dy,
                        float scale, size_t count);

/* Rows [first, first + rows) of G[i][j], n by n: the sum over two masks m and
   a < rank of masks[m][i][j] p[m][a][i] q[m][a][j]; the factors are
   [2, {p, q}, rank, n]. */
void ck_separable_forward(const float *factors, const float *masks, float *G,
                          size_t n, size_t rank, size_t first, size_t rows);
/* dfactors is overwritten. */
void ck_separable_backward(const float *factors, const float *masks,
                           const float *dG, float *dfactors, size_t n,
                           size_t rank);
/* The sum over s < count of |G b[s] - x[s]|^2; dG = scale (G b - x) b'. */
double ck_products_error(const float *G, const float *b, const float *x,
                         float *dG, float scale, size_t n, size_t count);

/* One AdamW step on count parameters. gradient_scale multiplies the gradient
   first (clipping); correction1 and correction2 are 1 - beta^step. */
void ck_adamw(float *parameters, const float *gradients, float *m, float *v,
              size_t count, float lr, float beta1, float beta2, float epsilon,
              float weight_decay, float gradient_scale, float correction1,
              float correction2);

/* m = beta m + gradient, update = gradient + beta m (Nesterov). */
void ck_nesterov(const float *gradients, float *m, float *update, size_t count,
                 float beta, float gradient_scale);
/* parameters -= lr (scale update + weight_decay parameters). */
void ck_apply_update(float *parameters, const float *update, size_t count,
                     float lr, float scale, float weight_decay);
/* sum = x + y; it may be either of them. */
void ck_add(const float *x, const float *y, float *sum, size_t count);
/* y = a x. */
void ck_scale(const float *x, float *y, float a, size_t count);
