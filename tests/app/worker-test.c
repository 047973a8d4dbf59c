/* Has an engine's client make pictures, waits for them, and does things meanwhile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/worker-test.h"

#include <string.h>

static void
on_progress (const LimnEngineProgress *progress,
             gpointer                  data)
{
  WorkerTest *test = data;

  if (progress->step > 0)
    test->last_step = progress->step;
  test->restarts += g_str_equal (progress->stage, "restart");
  test->paused += g_str_equal (progress->stage, "paused") && progress->saved == NULL;
  if (progress->preview != NULL)
    {
      g_assert_cmpint (progress->preview->shape.c, ==, 3);
      g_assert_cmpint (progress->step, >, 0);
      test->previews++;
    }
  if (progress->saved != NULL)
    {
      g_clear_pointer (&test->saved, g_bytes_unref);
      test->saved = g_bytes_ref (progress->saved);
    }
  if (test->watch != NULL)
    test->watch (test, progress);
}

void
worker_test_set_up (WorkerTest                    *test,
                    const LimnEngineClientOptions *options)
{
  LimnEngineClientOptions own = options != NULL ? *options : (LimnEngineClientOptions){ 0 };

  own.engine.device = "cpu";
  own.engine.type = "f32";
  if (own.backoff_ms == 0)
    own.backoff_ms = 10;
  *test = (WorkerTest){ .client = limn_engine_client_new (&own), .cancellable = g_cancellable_new () };
  limn_request_init (&test->request);
  limn_request_set (&test->request, "prompt", "a red apple", NULL);
  test->request.model = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", NULL);
  test->request.seed = 7;
  test->request.steps = 8;
  test->request.width = test->request.height = 128;
  test->job.request = &test->request;
  test->job.progress = on_progress;
  test->job.progress_data = test;
}

void
worker_test_tear_down (WorkerTest *test)
{
  g_object_unref (test->client);
  g_object_unref (test->cancellable);
  limn_request_clear (&test->request);
  g_clear_pointer (&test->saved, g_bytes_unref);
  g_clear_error (&test->error);
}

static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

LimnEngineResult *
worker_test_generate (WorkerTest *test)
{
  g_autoptr (GAsyncResult) done = NULL;

  g_clear_error (&test->error);
  limn_engine_client_generate_async (test->client, &test->job, test->cancellable, on_done, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  return limn_engine_client_generate_finish (test->client, done, &test->error);
}

LimnEngineResult *
worker_test_expected (WorkerTest *test)
{
  g_autofree char  *before = g_strdup (g_getenv ("LIMN_ENGINE"));
  WorkerTest        inside;
  LimnEngineResult *result;

  g_setenv ("LIMN_ENGINE", "inside", TRUE);
  worker_test_set_up (&inside, NULL);
  inside.job = test->job;
  inside.job.progress = NULL;
  inside.job.resume = NULL;
  result = worker_test_generate (&inside);
  g_assert_no_error (inside.error);
  worker_test_tear_down (&inside);
  g_setenv ("LIMN_ENGINE", before, TRUE);
  return result;
}

void
worker_test_assert_same (const LimnEngineResult *a,
                         const LimnEngineResult *b)
{
  gsize n = limn_shape_elements (a->image->shape);

  g_assert_cmpmem (a->image->data, n * sizeof (float), b->image->data, limn_shape_elements (b->image->shape) * sizeof (float));
}

static gboolean
on_time (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
worker_test_wait (WorkerTest     *test,
                  LimnEngineState state,
                  int             ms)
{
  gboolean over = FALSE;
  guint    timeout = g_timeout_add (ms, on_time, &over);

  while (!over && limn_engine_client_get_state (test->client) != state)
    g_main_context_iteration (NULL, TRUE);
  if (!over)
    g_source_remove (timeout);
}

char *
worker_test_program (void)
{
  return g_strdup (g_getenv ("LIMN_ENGINE"));
}
