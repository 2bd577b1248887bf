#include "attention_pairs.h"
#include "kernels.h"
#include "tiles.h"

size_t ck_attention_scratch(size_t n, size_t width, size_t heads) {
  const size_t head = width / heads;
  const size_t M = padded_rows(n), N = padded_columns(n);
  const size_t D = padded_rows(head), H = padded_columns(head);
  /* q, v, o, k, dy of [M, H]; kt, vt of [D, N]; s, ds of [M, N]. */
  size_t one = 5 * M * H + 2 * D * N + 2 * M * N;
  const size_t pairs = ck_pair_scratch(n, width, heads);
  if (pairs > one) one = pairs;
  return (one + 15) / 16 * 16;
}
