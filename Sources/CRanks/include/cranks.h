/* The processes of a job that was started by mpirun or srun; without MPI, or alone, there
   is one. Functions that can fail return 0 where all went well; they are called by
   one thread. */
#pragma once
#include <stddef.h>

/* Whether this was compiled with MPI. */
int cr_is_built(void);

/* What the launcher says, before anything is started: this process's number and
   how many there are; 0 and 1 where there is no launcher. */
void cr_launched(int *rank, int *size, int *local_size);

/* Joins the others. */
int cr_start(void);

/* What MPI says, once this process has joined. */
void cr_joined(int *rank, int *size);

/* Ends the whole job at once, with an exit status. */
void cr_abort(int status);

/* A piece of memory that goes to another process or comes from it. */
typedef struct {
  int peer, tag;
  void *data;
  size_t bytes;
} cr_message;

/* Sends and receives; all is done on return. Waiting is active for a moment and
   then sleeps in between. Messages have at most 1 GiB. */
int cr_exchange(const cr_message *sent, size_t sent_count,
                const cr_message *received, size_t received_count);

/* What a status means. */
void cr_explain(int status, char *text, size_t size);
