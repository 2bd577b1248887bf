#include "cmatmul.h"

#include <stdlib.h>
#include <string.h>

/* libgomp's, which oneDNN runs on; omp.h is in the compiler's private folder. */
void omp_set_num_threads(int threads);

#if __has_include(<oneapi/dnnl/dnnl.h>)
#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>
#else
#error "oneDNN is missing: install libdnnl-dev, or run scripts/setup"
#endif

#if DNNL_VERSION_MAJOR * 100 + DNNL_VERSION_MINOR < 206 ||                     \
    DNNL_VERSION_MAJOR > 3
#error "oneDNN 2.6 or later, or 3, is needed"
#endif

/* A description of memory is a value in version 2, a handle in version 3. */
#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t layout_t;
typedef const_dnnl_memory_desc_t layout_view;
#define VIEW(layout) (layout)
#else
typedef dnnl_memory_desc_t layout_t;
typedef const dnnl_memory_desc_t *layout_view;
#define VIEW(layout) (&(layout))
#endif

const char *cm_status_text(int status) {
  switch (status) {
    case CM_OTHER_LIBRARY: return "another version than it was built for";
    case CM_NO_MEMORY: return "out of memory";
    case CM_OTHER_RUNTIME:
      return "it was built for threads of TBB or of a pool; a build for OpenMP "
             "or for one thread is needed";
    default: return dnnl_status2str((dnnl_status_t)status);
  }
}

int cm_has_bf16(void) {
  int required = dnnl_cpu_isa_avx512_core_bf16;
  return ((int)dnnl_get_effective_cpu_isa() & required) == required;
}

// MARK: Engine

struct cm_engine {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  /* What its products work in, one at a time. */
  void *scratch;
  size_t scratch_size;
};

/* Products run on the thread that asks for them: libgomp keeps the number of
   threads for each thread apart. */
static void stay_on_this_thread(void) {
  static _Thread_local int does;
  if (!does) omp_set_num_threads(1);
  does = 1;
}

static int reserve_scratch(cm_engine *engine, size_t size) {
  if (size <= engine->scratch_size) return 0;
  size = (size + 4095) / 4096 * 4096;
  void *scratch = aligned_alloc(4096, size);
  if (!scratch) return CM_NO_MEMORY;
  free(engine->scratch);
  engine->scratch = scratch;
  engine->scratch_size = size;
  return 0;
}

/* Leaves a function at the first failure. */
#define TRY(call)                                                              \
  do {                                                                         \
    int status = (int)(call);                                                  \
    if (status) return status;                                                 \
  } while (0)

/* TBB and thread pools know nothing of omp_set_num_threads: every worker's
   products would run on all threads, and bits depend on how many there are. */
int cm_runtime_status(unsigned runtime) {
  switch (runtime) {
    case DNNL_RUNTIME_SEQ:
    case DNNL_RUNTIME_OMP: return 0;
    default: return CM_OTHER_RUNTIME;
  }
}

int cm_engine_create(cm_engine **result) {
  *result = NULL;
  if (dnnl_version()->major != DNNL_VERSION_MAJOR) return CM_OTHER_LIBRARY;
  TRY(cm_runtime_status(dnnl_version()->cpu_runtime));
  cm_engine *engine = calloc(1, sizeof *engine);
  if (!engine) return CM_NO_MEMORY;
  stay_on_this_thread();
  int status = (int)dnnl_engine_create(&engine->engine, dnnl_cpu, 0);
  if (!status)
    status = (int)dnnl_stream_create(&engine->stream, engine->engine,
                                     dnnl_stream_default_flags);
  if (status) {
    cm_engine_destroy(engine);
    return status;
  }
  *result = engine;
  return 0;
}

void cm_engine_destroy(cm_engine *engine) {
  if (!engine) return;
  if (engine->stream) dnnl_stream_destroy(engine->stream);
  if (engine->engine) dnnl_engine_destroy(engine->engine);
  free(engine->scratch);
  free(engine);
}

// MARK: Layouts

cm_operand cm_operand_make(int is_bf16, int rank, const int64_t *dimensions,
                           const int64_t *strides) {
  cm_operand operand = {.is_bf16 = is_bf16, .rank = rank};
  for (int axis = 0; axis < rank && axis < CM_MAX_RANK; axis++) {
    operand.dimensions[axis] = dimensions[axis];
    operand.strides[axis] = strides[axis];
  }
  return operand;
}

/* An opaque layout is one that oneDNN chooses. */
static int make_layout(layout_t *layout, const cm_operand *operand,
                       int is_opaque) {
  if (operand->rank < 1 || operand->rank > CM_MAX_RANK)
    return dnnl_invalid_arguments;
  dnnl_dims_t dimensions, strides;
  for (int axis = 0; axis < operand->rank; axis++) {
    dimensions[axis] = operand->dimensions[axis];
    strides[axis] = operand->strides[axis];
  }
  dnnl_data_type_t type = operand->is_bf16 ? dnnl_bf16 : dnnl_f32;
#if DNNL_VERSION_MAJOR >= 3
  if (is_opaque)
    return (int)dnnl_memory_desc_create_with_tag(
        layout, operand->rank, dimensions, type, dnnl_format_tag_any);
  return (int)dnnl_memory_desc_create_with_strides(layout, operand->rank,
                                                   dimensions, type, strides);
#else
  if (is_opaque)
    return (int)dnnl_memory_desc_init_by_tag(layout, operand->rank, dimensions,
                                             type, dnnl_format_tag_any);
  return (int)dnnl_memory_desc_init_by_strides(layout, operand->rank,
                                               dimensions, type, strides);
#endif
}

/* Replaces a layout by the one that oneDNN chose. */
static int take_layout(layout_t *layout, layout_view chosen) {
  if (!chosen) return dnnl_invalid_arguments;
#if DNNL_VERSION_MAJOR >= 3
  layout_t copy = NULL;
  TRY(dnnl_memory_desc_clone(&copy, chosen));
  if (*layout) dnnl_memory_desc_destroy(*layout);
  *layout = copy;
#else
  *layout = *chosen;
#endif
  return 0;
}

static void drop_layout(layout_t layout) {
#if DNNL_VERSION_MAJOR >= 3
  if (layout) dnnl_memory_desc_destroy(layout);
#else
  (void)layout;
#endif
}

// MARK: Products

enum { SOURCE, WEIGHTS, DESTINATION, BIAS, ADDEND, SCRATCH, PLACES };

struct cm_product {
  cm_engine *engine;
  dnnl_primitive_t multiply;
  /* The memory of each place, and what oneDNN calls it; those that the product
     does not have are left out of the arguments. */
  dnnl_memory_t memory[PLACES];
  dnnl_exec_arg_t arguments[PLACES];
  int count;
  /* Brings plain weights into packed ones; NULL if they are taken as they are. */
  dnnl_primitive_t pack;
  layout_t plain, packed, pack_scratch;
  size_t packed_size;
};

/* What is made on the way to a product, and given up after it. */
typedef struct {
  layout_t places[PLACES];
  layout_t plain;
  dnnl_post_ops_t operations;
  dnnl_primitive_attr_t attributes, pack_attributes;
  dnnl_primitive_desc_t multiply, pack;
} draft_t;

static int draft_layouts(draft_t *draft, const cm_description *d) {
  cm_operand addend = d->destination, bias = d->destination;
  addend.is_bf16 = bias.is_bf16 = 0;
  for (int axis = 0; axis + 1 < bias.rank; axis++) {
    bias.dimensions[axis] = 1;
    bias.strides[axis] = bias.dimensions[bias.rank - 1];
  }
  TRY(make_layout(&draft->places[SOURCE], &d->source, 0));
  TRY(make_layout(&draft->places[WEIGHTS], &d->weights, d->is_packed));
  TRY(make_layout(&draft->places[DESTINATION], &d->destination, 0));
  TRY(make_layout(&draft->places[BIAS], &bias, 0));
  TRY(make_layout(&draft->places[ADDEND], &addend, 0));
  return make_layout(&draft->plain, &d->weights, 0);
}

/* What happens to a product before it is stored, in order. */
static int draft_attributes(draft_t *draft, const cm_description *d) {
  TRY(dnnl_post_ops_create(&draft->operations));
  dnnl_post_ops_t operations = draft->operations;
#if DNNL_VERSION_MAJOR >= 3
  if (d->has_sum)
    TRY(dnnl_post_ops_append_sum(operations, d->sum, 0, dnnl_data_type_undef));
#else
  if (d->has_sum) TRY(dnnl_post_ops_append_sum(operations, d->sum));
#endif
  if (d->has_addend)
    TRY(dnnl_post_ops_append_binary(operations, dnnl_binary_add,
                                    VIEW(draft->places[ADDEND])));
#if DNNL_VERSION_MAJOR >= 3
  if (d->has_gelu)
    TRY(dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_gelu_erf, 0, 0));
#else
  if (d->has_gelu)
    TRY(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_gelu_erf, 0,
                                     0));
#endif
  TRY(dnnl_primitive_attr_create(&draft->attributes));
  TRY(dnnl_primitive_attr_set_scratchpad_mode(draft->attributes,
                                              dnnl_scratchpad_mode_user));
  return (int)dnnl_primitive_attr_set_post_ops(draft->attributes, operations);
}

static int draft_product(draft_t *draft, const cm_description *d,
                         dnnl_engine_t engine) {
  layout_t *places = draft->places;
  layout_view bias = d->has_bias ? VIEW(places[BIAS]) : NULL;
#if DNNL_VERSION_MAJOR >= 3
  return (int)dnnl_matmul_primitive_desc_create(
      &draft->multiply, engine, VIEW(places[SOURCE]), VIEW(places[WEIGHTS]),
      bias, VIEW(places[DESTINATION]), draft->attributes);
#else
  dnnl_matmul_desc_t operation;
  TRY(dnnl_matmul_desc_init(&operation, VIEW(places[SOURCE]),
                            VIEW(places[WEIGHTS]), bias,
                            VIEW(places[DESTINATION])));
  return (int)dnnl_primitive_desc_create(&draft->multiply, &operation,
                                         draft->attributes, engine, NULL);
#endif
}

static int make_packing(cm_product *product, draft_t *draft) {
  dnnl_engine_t engine = product->engine->engine;
  layout_t *packed = &draft->places[WEIGHTS];
  TRY(take_layout(packed, dnnl_primitive_desc_query_md(
                              draft->multiply, dnnl_query_weights_md, 0)));
  product->packed_size = dnnl_memory_desc_get_size(VIEW(*packed));
  TRY(dnnl_primitive_attr_create(&draft->pack_attributes));
  TRY(dnnl_primitive_attr_set_scratchpad_mode(draft->pack_attributes,
                                              dnnl_scratchpad_mode_user));
  TRY(dnnl_reorder_primitive_desc_create(&draft->pack, VIEW(draft->plain),
                                         engine, VIEW(*packed), engine,
                                         draft->pack_attributes));
  TRY(dnnl_primitive_create(&product->pack, draft->pack));
  TRY(take_layout(&product->pack_scratch,
                  dnnl_primitive_desc_query_md(draft->pack,
                                               dnnl_query_scratchpad_md, 0)));
  TRY(take_layout(&product->plain, VIEW(draft->plain)));
  return take_layout(&product->packed, VIEW(*packed));
}

static int add_place(cm_product *product, draft_t *draft, int place,
                     int argument) {
  TRY(dnnl_memory_create(&product->memory[place], VIEW(draft->places[place]),
                         product->engine->engine, DNNL_MEMORY_NONE));
  product->arguments[product->count++] =
      (dnnl_exec_arg_t){argument, product->memory[place]};
  return 0;
}

/* What the product works in belongs to the engine. */
static int add_scratch(cm_product *product, draft_t *draft) {
  layout_view needed = dnnl_primitive_desc_query_md(
      draft->multiply, dnnl_query_scratchpad_md, 0);
  size_t size = needed ? dnnl_memory_desc_get_size(needed) : 0;
  if (!size) return 0;
  TRY(reserve_scratch(product->engine, size));
  TRY(take_layout(&draft->places[SCRATCH], needed));
  return add_place(product, draft, SCRATCH, DNNL_ARG_SCRATCHPAD);
}

static int make_product(cm_product *product, draft_t *draft,
                        const cm_description *d) {
  TRY(draft_layouts(draft, d));
  TRY(draft_attributes(draft, d));
  TRY(draft_product(draft, d, product->engine->engine));
  TRY(dnnl_primitive_create(&product->multiply, draft->multiply));
  if (d->is_packed) TRY(make_packing(product, draft));
  TRY(add_scratch(product, draft));
  TRY(add_place(product, draft, SOURCE, DNNL_ARG_SRC));
  TRY(add_place(product, draft, WEIGHTS, DNNL_ARG_WEIGHTS));
  TRY(add_place(product, draft, DESTINATION, DNNL_ARG_DST));
  if (d->has_bias) TRY(add_place(product, draft, BIAS, DNNL_ARG_BIAS));
  if (d->has_addend) {
    int index = d->has_sum ? 1 : 0;
    TRY(add_place(product, draft, ADDEND,
                  DNNL_ARG_ATTR_MULTIPLE_POST_OP(index) | DNNL_ARG_SRC_1));
  }
  return 0;
}

int cm_product_create(cm_product **result, cm_engine *engine,
                      const cm_description *description) {
  *result = NULL;
  cm_product *product = calloc(1, sizeof *product);
  if (!product) return CM_NO_MEMORY;
  product->engine = engine;
  stay_on_this_thread();
  draft_t draft;
  memset(&draft, 0, sizeof draft);
  int status = make_product(product, &draft, description);
  for (int place = 0; place < PLACES; place++) drop_layout(draft.places[place]);
  drop_layout(draft.plain);
  if (draft.operations) dnnl_post_ops_destroy(draft.operations);
  if (draft.attributes) dnnl_primitive_attr_destroy(draft.attributes);
  if (draft.pack_attributes) dnnl_primitive_attr_destroy(draft.pack_attributes);
  if (draft.multiply) dnnl_primitive_desc_destroy(draft.multiply);
  if (draft.pack) dnnl_primitive_desc_destroy(draft.pack);
  if (status) {
    cm_product_destroy(product);
    return status;
  }
  *result = product;
  return 0;
}

void cm_product_destroy(cm_product *product) {
  if (!product) return;
  for (int place = 0; place < PLACES; place++)
    if (product->memory[place]) dnnl_memory_destroy(product->memory[place]);
  drop_layout(product->plain);
  drop_layout(product->packed);
  drop_layout(product->pack_scratch);
  if (product->pack) dnnl_primitive_destroy(product->pack);
  if (product->multiply) dnnl_primitive_destroy(product->multiply);
  free(product);
}

size_t cm_product_packed_size(const cm_product *product) {
  return product->packed_size;
}

int cm_product_packs_as(const cm_product *product, const cm_product *other) {
  if (!product->pack || !other->pack) return !product->pack && !other->pack;
  /* From the same plain ones: a square matrix may be read transposed. */
  return dnnl_memory_desc_equal(VIEW(product->plain), VIEW(other->plain)) &&
         dnnl_memory_desc_equal(VIEW(product->packed), VIEW(other->packed));
}

/* In memory objects of its own: several threads may pack at once. */
int cm_product_pack(const cm_product *product, const void *weights,
                    void *packed) {
  if (!product->pack) return 0;
  stay_on_this_thread();
  dnnl_engine_t engine = product->engine->engine;
  dnnl_memory_t from = NULL, to = NULL, scratch = NULL;
  int status = (int)dnnl_memory_create(&from, VIEW(product->plain), engine,
                                       (void *)weights);
  if (!status)
    status = (int)dnnl_memory_create(&to, VIEW(product->packed), engine, packed);
  size_t size = dnnl_memory_desc_get_size(VIEW(product->pack_scratch));
  if (!status && size)
    status = (int)dnnl_memory_create(&scratch, VIEW(product->pack_scratch),
                                     engine, DNNL_MEMORY_ALLOCATE);
  if (!status) {
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from},
                                   {DNNL_ARG_TO, to},
                                   {DNNL_ARG_SCRATCHPAD, scratch}};
    status = (int)dnnl_primitive_execute(product->pack, product->engine->stream,
                                         scratch ? 3 : 2, arguments);
  }
  if (from) dnnl_memory_destroy(from);
  if (to) dnnl_memory_destroy(to);
  if (scratch) dnnl_memory_destroy(scratch);
  return status;
}

int cm_product_run(cm_product *product, const void *source, const void *weights,
                   void *destination, const float *bias, const float *addend) {
  stay_on_this_thread();
  const void *pointers[PLACES] = {source, weights, destination,
                                  bias,   addend,  product->engine->scratch};
  for (int place = 0; place < PLACES; place++) {
    if (!product->memory[place]) continue;
    if (!pointers[place]) return dnnl_invalid_arguments;
    TRY(dnnl_memory_set_data_handle(product->memory[place],
                                    (void *)pointers[place]));
  }
  return (int)dnnl_primitive_execute(product->multiply,
                                     product->engine->stream, product->count,
                                     product->arguments);
}
