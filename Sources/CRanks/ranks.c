#define _GNU_SOURCE
#include "cranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int number(const char *name, int otherwise) {
  const char *text = getenv(name);
  return text && *text ? atoi(text) : otherwise;
}

/* Of "2(x3),1", what SLURM says of the tasks of each node, that of one node. */
static int tasks_of_node(const char *list, int node) {
  while (list && *list) {
    char *end;
    long tasks = strtol(list, &end, 10), nodes = 1;
    if (end == list) break;
    if (end[0] == '(' && end[1] == 'x') {
      nodes = strtol(end + 2, &end, 10);
      if (*end == ')') end++;
    }
    if (node < nodes) return (int)tasks;
    node -= (int)nodes;
    list = *end == ',' ? end + 1 : NULL;
  }
  return 1;
}

void cr_launched(int *rank, int *size, int *local_size) {
  *size = number("OMPI_COMM_WORLD_SIZE", 0);
  *rank = number("OMPI_COMM_WORLD_RANK", 0);
  *local_size = number("OMPI_COMM_WORLD_LOCAL_SIZE", 1);
  if (*size == 0 && getenv("PMIX_RANK")) {
    /* srun --mpi=pmix */
    *size = number("SLURM_STEP_NUM_TASKS", 1);
    *rank = number("PMIX_RANK", 0);
    *local_size = tasks_of_node(getenv("SLURM_STEP_TASKS_PER_NODE"),
                                number("SLURM_NODEID", 0));
  }
  if (*size < 1 || *rank < 0 || *rank >= *size || *local_size < 1) {
    *rank = 0;
    *size = *local_size = 1;
  }
}

#ifdef BVP_MPI
#include <mpi.h>

int cr_is_built(void) { return 1; }

static int is_started;

/* At the end of a process that did not fail. */
static void leave(void) {
  int is_over = 0;
  MPI_Finalized(&is_over);
  if (is_started && !is_over) MPI_Finalize();
}

int cr_start(void) {
  if (is_started) return 0;
  int granted;
  int status = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &granted);
  if (status) return status;
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  is_started = 1;
  atexit(leave);
  return 0;
}

void cr_joined(int *rank, int *size) {
  *rank = *size = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, rank);
  MPI_Comm_size(MPI_COMM_WORLD, size);
}

void cr_abort(int status) {
  if (is_started) MPI_Abort(MPI_COMM_WORLD, status);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* MPI's own waiting takes a whole processor, which the other processes of this
   machine may need. */
static int wait_all(int count, MPI_Request *requests) {
  double began = now();
  for (;;) {
    int is_done = 0;
    int status = MPI_Testall(count, requests, &is_done, MPI_STATUSES_IGNORE);
    if (status || is_done) return status;
    double waited = now() - began;
    if (waited > 2e-4) {
      struct timespec pause = {0, waited < 2e-3 ? 20000 : 100000};
      nanosleep(&pause, NULL);
    }
  }
}

int cr_exchange(const cr_message *sent, size_t sent_count,
                const cr_message *received, size_t received_count) {
  size_t count = sent_count + received_count;
  if (count == 0) return 0;
  MPI_Request *requests = malloc(count * sizeof *requests);
  if (!requests) return MPI_ERR_NO_MEM;
  int status = 0;
  size_t begun = 0;
  for (size_t i = 0; i < received_count && !status; i++) {
    const cr_message *m = received + i;
    status = MPI_Irecv(m->data, (int)m->bytes, MPI_BYTE, m->peer, m->tag,
                       MPI_COMM_WORLD, requests + begun);
    if (!status) begun++;
  }
  for (size_t i = 0; i < sent_count && !status; i++) {
    const cr_message *m = sent + i;
    status = MPI_Isend(m->data, (int)m->bytes, MPI_BYTE, m->peer, m->tag,
                       MPI_COMM_WORLD, requests + begun);
    if (!status) begun++;
  }
  int waited = wait_all((int)begun, requests);
  free(requests);
  return status ? status : waited;
}

void cr_explain(int status, char *text, size_t size) {
  char full[MPI_MAX_ERROR_STRING];
  int length = 0;
  if (MPI_Error_string(status, full, &length)) length = 0;
  snprintf(text, size, "%.*s", length, full);
}

#else
int cr_is_built(void) { return 0; }
int cr_start(void) { return 1; }
void cr_joined(int *rank, int *size) { *rank = *size = 0; }
void cr_abort(int status) { (void)status; }
int cr_exchange(const cr_message *sent, size_t sent_count,
                const cr_message *received, size_t received_count) {
  (void)sent;
  (void)received;
  return sent_count + received_count > 0;
}
void cr_explain(int status, char *text, size_t size) {
  snprintf(text, size, "without MPI (%d)", status);
}
#endif
