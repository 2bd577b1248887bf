/* The workbench's one thread pool: libgomp's, which oneDNN's products run on
   too. A pool beside it would fight it for the cores, since its threads wait
   actively for a moment.

   Work is divided by the number of threads asked for, and done by however many
   the system grants: what is divided here never depends on the latter. */
#pragma once
#include <stddef.h>

/* The number of threads of everything that the calling thread starts; 1 until
   it is set, as libgomp keeps it for each thread apart. oneDNN is given no more
   than the system grants. */
void cp_set_threads(int threads);
int cp_threads(void);

/* The processors that this process may run on: those of its affinity (taskset). */
int cp_allowed_processors(void);

/* The bytes that the process's address space may have; negative without limit. */
double cp_address_space(void);

/* Does the part [begin, end); parts are numbered from 0, below cp_threads(). */
typedef void (*cp_body)(void *context, size_t begin, size_t end, int part);

/* Calls body on contiguous parts of [0, count), no smaller than grain. */
void cp_parallel(cp_body body, void *context, size_t count, size_t grain);

/* Calls body(context, part) for every part in [0, parts), on up to `threads`
   threads. */
void cp_for_parts(size_t parts, int threads,
                  void (*body)(void *context, size_t part), void *context);
