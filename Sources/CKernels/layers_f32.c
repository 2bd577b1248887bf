#include "elements.h"
#include "kernels.h"

#define E float
#define NAME(name) f32_##name
#define CK(name) ck_##name##_f32
#define WIDEN widen_f32
#define NARROW narrow_f32
#include "layers.inc"
#include "attention.inc"
#include "recurrent.inc"
