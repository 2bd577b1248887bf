#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cparallel.h"

/* How long a thread waits actively before it sleeps: about as long as waking it
   takes, and nothing beside the work of a training's chunk. A job of several
   phases is over in no time, and the next may follow at once. */
enum { SPIN_NANOSECONDS = 50000, PHASED_SPIN_NANOSECONDS = 500000 };
enum { MOST_HELPERS = 1023 };

/* The job under way. Its fields are written while nobody has joined it.

   `state` is the number of the job, whether it is open, and how many helpers
   have joined it; a helper joins only an open job, and the job's owner closes it
   and waits for the last one before it begins another. */
static struct {
  _Atomic uint32_t state;
  /* Tickets for parts, in order; parts done; numbers given to helpers. */
  _Atomic size_t taken, done;
  _Atomic int joined;
  /* Counts what waiting threads wait for. */
  _Atomic uint32_t progress;
  _Atomic int sleepers;
  size_t phases, parts;
  int threads;
  cp_body body;
  void *context;
  int helpers;
  /* Nanoseconds that threads wait actively in and after the job. */
  _Atomic int spin;
  /* The processor that each worker of the job was last seen on. */
  _Atomic int processors[MOST_HELPERS + 1];
} pool;

enum { JOINED = 0x7ff, OPEN = 0x800, JOB = 0x1000 };

static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local int is_working;

// MARK: Waiting

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#else
  atomic_signal_fence(memory_order_seq_cst);
#endif
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void sleep_while(_Atomic uint32_t *word, uint32_t value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void wake(_Atomic uint32_t *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

/* Waits until `parts` are done. */
static void wait_for_parts(size_t parts) {
  int64_t end = 0;
  for (int turn = 0;; turn++) {
    uint32_t seen = atomic_load(&pool.progress);
    if (atomic_load(&pool.done) >= parts) return;
    if (turn % 32) {
      relax();
    } else if (!end) {
      end = now() + atomic_load(&pool.spin);
    } else if (now() > end) {
      atomic_fetch_add(&pool.sleepers, 1);
      sleep_while(&pool.progress, seen);
      atomic_fetch_sub(&pool.sleepers, 1);
    }
  }
}

static void count_part(void) {
  atomic_fetch_add(&pool.done, 1);
  atomic_fetch_add(&pool.progress, 1);
  if (atomic_load(&pool.sleepers)) wake(&pool.progress, INT_MAX);
}

// MARK: Placing

/* Notes where the worker runs, and moves it if another worker of the job is
   there. A thread that is woken often starts on its waker's processor, and the
   system leaves it there for as long as a short job takes, while others idle. */
static void take_place(int worker) {
  int here = sched_getcpu(), is_taken = 0;
  cpu_set_t allowed, left;
  for (int other = 0; other < worker; other++)
    is_taken |= atomic_load(&pool.processors[other]) == here;
  if (is_taken && here >= 0 &&
      !sched_getaffinity(0, sizeof allowed, &allowed) &&
      CPU_COUNT(&allowed) >= pool.threads) {
    left = allowed;
    for (int other = 0; other < worker; other++) {
      int processor = atomic_load(&pool.processors[other]);
      if (processor >= 0 && processor < CPU_SETSIZE) CPU_CLR(processor, &left);
    }
    /* The first call moves the thread, the second leaves it free again. */
    if (CPU_COUNT(&left) && !sched_setaffinity(0, sizeof left, &left)) {
      sched_setaffinity(0, sizeof allowed, &allowed);
      here = sched_getcpu();
    }
  }
  atomic_store(&pool.processors[worker], here);
}

// MARK: Working

static void work(int worker) {
  const size_t parts = pool.parts, all = pool.phases * parts;
  is_working = 1;
  for (;;) {
    size_t ticket = atomic_fetch_add(&pool.taken, 1);
    if (ticket >= all) break;
    size_t phase = ticket / parts;
    if (phase) wait_for_parts(phase * parts);
    pool.body(pool.context, phase, ticket % parts, worker);
    count_part();
  }
  is_working = 0;
}

static void *help(void *nothing) {
  (void)nothing;
  uint32_t last = 0;
  for (;;) {
    int64_t end = 0;
    uint32_t state;
    for (int turn = 0;; turn++) {
      state = atomic_load(&pool.state);
      if ((state & OPEN) && (state & ~(uint32_t)JOINED) != last) break;
      if (turn % 32) {
        relax();
      } else if (!end) {
        end = now() + atomic_load(&pool.spin);
      } else if (now() > end) {
        sleep_while(&pool.state, state);
      }
    }
    if (!atomic_compare_exchange_strong(&pool.state, &state, state + 1))
      continue;
    last = state & ~(uint32_t)JOINED;
    int worker = 1 + atomic_fetch_add(&pool.joined, 1);
    if (worker < pool.threads) {
      take_place(worker);
      work(worker);
    }
    state = atomic_fetch_sub(&pool.state, 1);
    if (!(state & OPEN) && (state & JOINED) == 1) wake(&pool.state, INT_MAX);
  }
  return NULL;
}

/* Starts helpers until there are so many, or the system grants no more. */
static void start_helpers(int count) {
  if (count > MOST_HELPERS) count = MOST_HELPERS;
  if (pool.helpers >= count) return;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes)) return;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  /* As much as a main thread has: LAPACK may want it. */
  pthread_attr_setstacksize(&attributes, 8 << 20);
  /* Signals are for the threads that know what to do with them. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (pool.helpers < count) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, help, NULL)) break;
    pool.helpers++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
}

/* A forked process has none of the helpers. */
static void forget_helpers(void) {
  pool.helpers = 0;
  atomic_store(&pool.state, 0);
  pthread_mutex_init(&owner, NULL);
}

__attribute__((constructor)) static void prepare(void) {
  pthread_atfork(NULL, NULL, forget_helpers);
}

static void do_alone(size_t phases, size_t parts, cp_body body, void *context) {
  for (size_t phase = 0; phase < phases; phase++)
    for (size_t part = 0; part < parts; part++) body(context, phase, part, 0);
}

void cp_for_phases(size_t phases, size_t parts, int threads, cp_body body,
                   void *context) {
  if (threads > MOST_HELPERS) threads = MOST_HELPERS;
  if (threads < 1) threads = 1;
  if ((size_t)threads > parts) threads = (int)parts;
  if (threads <= 1 || is_working || pthread_mutex_trylock(&owner)) {
    do_alone(phases, parts, body, context);
    return;
  }
  start_helpers(threads - 1);
  pool.phases = phases;
  pool.parts = parts;
  pool.threads = threads;
  pool.body = body;
  pool.context = context;
  atomic_store(&pool.spin,
               phases > 1 ? PHASED_SPIN_NANOSECONDS : SPIN_NANOSECONDS);
  atomic_store(&pool.taken, 0);
  atomic_store(&pool.done, 0);
  atomic_store(&pool.joined, 0);
  for (int worker = 1; worker < threads; worker++)
    atomic_store(&pool.processors[worker], -1);
  atomic_store(&pool.processors[0], sched_getcpu());
  uint32_t state = atomic_load(&pool.state);
  state = (state & ~(uint32_t)(OPEN | JOINED)) + JOB + OPEN;
  atomic_store(&pool.state, state);
  wake(&pool.state, threads - 1);
  work(0);
  wait_for_parts(phases * parts);
  /* Nobody joins any more; who has joined has nothing left to do. */
  atomic_fetch_and(&pool.state, ~(uint32_t)OPEN);
  for (int turn = 0; (state = atomic_load(&pool.state)) & JOINED; turn++) {
    if (turn < 1000) {
      relax();
    } else {
      sleep_while(&pool.state, state);
    }
  }
  pthread_mutex_unlock(&owner);
}
