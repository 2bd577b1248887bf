#define _GNU_SOURCE
#include "cparallel.h"
#include <errno.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

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

