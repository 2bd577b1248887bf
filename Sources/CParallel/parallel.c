#define _GNU_SOURCE
#include "cparallel.h"
#include <errno.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

/* libgomp's entry points; omp.h is in the compiler's private folder. */
void GOMP_parallel(void (*function)(void *), void *data, unsigned threads,
                   unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_thread_limit(void);
void omp_set_dynamic(int dynamic);
void omp_set_num_threads(int threads);

/* OpenBLAS's; whoever imports Parallel links it. */
void openblas_set_num_threads(int threads);

/* Before main: systems of this size are solved one to a core, and bits must not
   depend on a library's idea of the machine. No caller of BLAS or LAPACK can
   forget it. */
__attribute__((constructor)) static void give_blas_one_thread(void) {
  openblas_set_num_threads(1);
}

int cp_allowed_processors(void) {
  /* A mask as long as the machine's processors need. */
  for (int most = 1024; most <= 1 << 20; most *= 4) {
    cpu_set_t *set = CPU_ALLOC(most);
    if (!set) break;
    size_t size = CPU_ALLOC_SIZE(most);
    int failed = sched_getaffinity(0, size, set);
    int count = failed ? 0 : CPU_COUNT_S(size, set);
    int again = failed && errno == EINVAL;
    CPU_FREE(set);
    if (count > 0) return count;
    if (!again) break;
  }
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online < 1 ? 1 : (int)online;
}

double cp_address_space(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY) return -1;
  return (double)limit.rlim_cur;
}

static _Thread_local int thread_count = 1;

void cp_set_threads(int threads) {
  thread_count = threads < 1 ? 1 : threads;
  /* oneDNN divides some products by the threads it asked for, so it must never
     ask for more than it is granted. */
  int limit = omp_get_thread_limit();
  omp_set_dynamic(0);
  omp_set_num_threads(thread_count < limit ? thread_count : limit);
}
int cp_threads(void) { return thread_count; }

typedef struct {
  void (*body)(void *context, size_t part);
  void *context;
  size_t parts;
} team_t;

/* The system may grant fewer threads than were asked for: each takes every
   so-manieth part. */
static void run_team(void *data) {
  const team_t *team = data;
  size_t step = (size_t)omp_get_num_threads();
  for (size_t part = (size_t)omp_get_thread_num(); part < team->parts;
       part += step)
    team->body(team->context, part);
}

void cp_for_parts(size_t parts, int threads,
                  void (*body)(void *context, size_t part), void *context) {
  size_t count = threads < 1 ? 1 : (size_t)threads;
  if (count > parts) count = parts;
  if (count <= 1) {
    for (size_t part = 0; part < parts; part++) body(context, part);
    return;
  }
  team_t team = {body, context, parts};
  GOMP_parallel(run_team, &team, (unsigned)count, 0);
}

typedef struct {
  cp_body body;
  void *context;
  size_t count, parts;
} range_t;

static void run_range(void *context, size_t part) {
  const range_t *range = context;
  size_t begin = range->count * part / range->parts;
  size_t end = range->count * (part + 1) / range->parts;
  if (begin < end) range->body(range->context, begin, end, (int)part);
}

void cp_parallel(cp_body body, void *context, size_t count, size_t grain) {
  size_t parts = grain > 0 ? count / grain : count;
  if (parts > (size_t)thread_count) parts = (size_t)thread_count;
  if (parts <= 1) {
    if (count > 0) body(context, 0, count, 0);
    return;
  }
  range_t range = {body, context, count, parts};
  cp_for_parts(parts, (int)parts, run_range, &range);
}
