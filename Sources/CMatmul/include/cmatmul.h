/* Matrix products by oneDNN, versions 2.6 and later, 3 included: what differs
   between them stays in matmul.c.

   Functions that can fail return a status, 0 where all went well. An engine and
   its products are used by one thread at a time, whichever, and run on it
   alone. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* What oneDNN says of a status, such as "unimplemented". */
const char *cm_status_text(int status);

/* Whether the processor multiplies bfloat16 in hardware. */
int cm_has_bf16(void);

typedef struct cm_engine cm_engine;
/* Fails with CM_OTHER_LIBRARY if the library that runs is of another version
   than the one that this was compiled for, with CM_OTHER_RUNTIME if its threads
   are none that can be kept to one. */
enum { CM_OTHER_LIBRARY = -1, CM_NO_MEMORY = -2, CM_OTHER_RUNTIME = -3 };
/* The status of one of oneDNN's runtimes of the CPU (DNNL_RUNTIME_...). */
int cm_runtime_status(unsigned runtime);
int cm_engine_create(cm_engine **engine);
void cm_engine_destroy(cm_engine *engine);

enum { CM_MAX_RANK = 4 };

/* An operand: a matrix, or a stack of them; strides in elements. */
typedef struct {
  int is_bf16, rank;
  int64_t dimensions[CM_MAX_RANK], strides[CM_MAX_RANK];
} cm_operand;

cm_operand cm_operand_make(int is_bf16, int rank, const int64_t *dimensions,
                           const int64_t *strides);

/* destination = source weights (+ bias) (+ sum destination) (+ addend), or GELU
   of that. */
typedef struct {
  cm_operand source, weights, destination;
  /* A Float32 bias, one for each column. */
  int has_bias;
  /* Keeps `sum` times the destination's previous content. */
  int has_sum;
  float sum;
  /* A Float32 array of the destination's shape. */
  int has_addend;
  /* x Phi(x) of the result. */
  int has_gelu;
  /* Takes weights that cm_product_pack prepared. */
  int is_packed;
} cm_description;

typedef struct cm_product cm_product;
int cm_product_create(cm_product **product, cm_engine *engine,
                      const cm_description *description);
void cm_product_destroy(cm_product *product);

/* The bytes of packed weights; 0 if the product takes plain ones. */
size_t cm_product_packed_size(const cm_product *product);
/* Whether two products read the same packed weights. */
int cm_product_packs_as(const cm_product *product, const cm_product *other);
/* Brings plain weights into the order that the processor reads fastest; unlike
   all else, on several threads at once. */
int cm_product_pack(const cm_product *product, const void *weights,
                    void *packed);

/* Multiplies; bias and addend are read if the product has them. */
int cm_product_run(cm_product *product, const void *source, const void *weights,
                   void *destination, const float *bias, const float *addend);
