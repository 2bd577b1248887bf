#include "attention_pairs.h"
#include "elements.h"
#include "kernels.h"

#define E uint16_t
#define NAME(name) bf16_##name
#define CK(name) ck_##name##_bf16
#define WIDEN widen_bf16
#define NARROW narrow_bf16
/* Attention may use the processor's own products of this type. */
#define PAIRS
#include "layers.inc"
#include "attention.inc"
#include "recurrent.inc"
