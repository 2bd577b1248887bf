/* The workbench's one thread pool.

   Parts of a job are taken one by one by whichever thread is free, so that a
   processor that other work takes away costs its share and no more; and what a
   part computes must not depend on who takes it. A thread that waits does so
   actively for a moment, then sleeps. */
#pragma once
#include <stddef.h>

/* The processors that this process may run on: those of its affinity (taskset). */
int cp_allowed_processors(void);

/* The bytes that the process's address space may have; negative without limit. */
double cp_address_space(void);

/* Does a part of a phase; the workers of a job have numbers below its threads,
   and no two of them have the same at a time. */
typedef void (*cp_body)(void *context, size_t phase, size_t part, int worker);

/* Calls body for every part in [0, parts) of every phase in [0, phases), on up
   to `threads` threads, the calling one among them; parts are taken in order,
   and a phase begins when the one before it has ended. It has ended on return,
   whatever number of threads the system grants: a job within a job, or beside
   that of another thread, is done by its caller alone. */
void cp_for_phases(size_t phases, size_t parts, int threads, cp_body body,
                   void *context);
