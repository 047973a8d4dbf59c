/* Has an engine's client make pictures, waits for them, and does things meanwhile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine-client.h"

typedef struct WorkerTest WorkerTest;

struct WorkerTest
{
  LimnEngineClient *client;
  LimnRequest       request;
  LimnEngineJob     job;
  GCancellable     *cancellable;
  GError           *error;

  /* what was seen */
  int     last_step, restarts, paused, previews;
  GBytes *saved; /* the newest */

  /* is called at each progress */
  void (*watch) (WorkerTest               *test,
                 const LimnEngineProgress *progress);
  int at; /* for watchers */
};

/* Of the starter: a small picture, 8 steps, on the processor in f32. @options: (nullable): device and type are set */
void worker_test_set_up (WorkerTest                    *test,
                         const LimnEngineClientOptions *options);
void worker_test_tear_down (WorkerTest *test);

/* Returns: (transfer full): a picture, or %NULL with @test->error */
LimnEngineResult *worker_test_generate (WorkerTest *test);

/* The picture that the same request gives in this process. */
LimnEngineResult *worker_test_expected (WorkerTest *test);

void worker_test_assert_same (const LimnEngineResult *a,
                              const LimnEngineResult *b);

/* Turns the main loop for that long, or until the client is in @state. */
void worker_test_wait (WorkerTest     *test,
                       LimnEngineState state,
                       int             ms);

/* Returns: (transfer full): the path of limn-engine */
char *worker_test_program (void);

#define WORKER_TEST_NONE ((LimnEngineState) -1)
