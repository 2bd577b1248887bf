#include "parallel.h"

#include "kernels.h"

/* libgomp's entry points; omp.h is in the compiler's private folder. */
void GOMP_parallel(void (*function)(void *), void *data, unsigned threads,
                   unsigned flags);
int omp_get_thread_num(void);

static _Thread_local int thread_count = 1;

void ck_set_threads(int threads) { thread_count = threads < 1 ? 1 : threads; }
int ck_threads(void) { return thread_count; }

typedef struct {
  ck_body body;
  void *context;
  size_t count;
  size_t parts;
} job_t;

static void run_part(void *data) {
  const job_t *job = data;
  size_t worker = (size_t)omp_get_thread_num();
  if (worker >= job->parts) return;
  size_t begin = job->count * worker / job->parts;
  size_t end = job->count * (worker + 1) / job->parts;
  if (begin < end) job->body(job->context, begin, end, (int)worker);
}

void ck_parallel(ck_body body, void *context, size_t count, size_t grain) {
  size_t parts = grain > 0 ? count / grain : count;
  if (parts > (size_t)thread_count) parts = (size_t)thread_count;
  if (parts <= 1) {
    if (count > 0) body(context, 0, count, 0);
    return;
  }
  job_t job = {body, context, count, parts};
  GOMP_parallel(run_part, &job, (unsigned)parts, 0);
}

typedef struct {
  void (*body)(void *context, size_t part);
  void *context;
  size_t parts, threads;
} parts_t;

static void run_parts(void *data) {
  const parts_t *job = data;
  size_t worker = (size_t)omp_get_thread_num();
  size_t begin = job->parts * worker / job->threads;
  size_t end = job->parts * (worker + 1) / job->threads;
  for (size_t part = begin; part < end; part++) job->body(job->context, part);
}

void ck_for_parts(size_t parts, int threads,
                  void (*body)(void *context, size_t part), void *context) {
  size_t count = threads < 1 ? 1 : (size_t)threads;
  if (count > parts) count = parts;
  parts_t job = {body, context, parts, count};
  if (count <= 1) {
    for (size_t part = 0; part < parts; part++) body(context, part);
    return;
  }
  GOMP_parallel(run_parts, &job, (unsigned)count, 0);
}
