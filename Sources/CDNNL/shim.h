#pragma once
#include <oneapi/dnnl/dnnl.h>

/* libgomp's own header is in the compiler's private folder; these two are all
   that is needed of it. */
void omp_set_num_threads(int);
int omp_get_max_threads(void);
