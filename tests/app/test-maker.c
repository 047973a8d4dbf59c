/* A maker in limn-engine's place that does what the test says, when it says so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/test-maker.h"

#include <string.h>

static void
answer_cancelled (TestMaker *maker)
{
  g_autoptr (GTask) task = g_steal_pointer (&maker->task);

  g_task_return_new_error (task, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED, "cancelled");
}

static void
make_async (LimnMaker           *interface,
            const LimnEngineJob *job,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             data)
{
  TestMaker *maker = TEST_MAKER (interface);

  g_assert_null (maker->task);
  maker->task = g_task_new (maker, NULL, callback, data);
  maker->job = *job;
  maker->seed = job->request->seed;
  g_clear_pointer (&maker->resumed, g_free);
  if (job->resume != NULL)
    maker->resumed = g_strndup (g_bytes_get_data (job->resume, NULL), g_bytes_get_size (job->resume));
  g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (answer_cancelled), maker, G_CONNECT_SWAPPED);
}

static LimnEngineResult *
make_finish (LimnMaker    *maker,
             GAsyncResult *result,
             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
hold (LimnMaker *maker,
      gboolean   held)
{
  TEST_MAKER (maker)->held = held;
}

static void
test_maker_be_maker (LimnMakerInterface *interface)
{
  interface->make_async = make_async;
  interface->make_finish = make_finish;
  interface->hold = hold;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMaker, test_maker, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (LIMN_TYPE_MAKER, test_maker_be_maker))

static void
test_maker_finalize (GObject *object)
{
  g_free (TEST_MAKER (object)->resumed);
  G_OBJECT_CLASS (test_maker_parent_class)->finalize (object);
}

static void
test_maker_class_init (TestMakerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = test_maker_finalize;
}

static void
test_maker_init (TestMaker *maker)
{
}

void
test_maker_tell (TestMaker  *maker,
                 const char *stage,
                 int         step,
                 const char *state)
{
  g_autoptr (GBytes) saved = state != NULL ? g_bytes_new (state, strlen (state)) : NULL;
  const LimnEngineProgress progress = { .stage = stage, .step = step, .steps = 10, .seconds_left = 10 - step, .saved = saved };

  maker->job.progress (&progress, maker->job.progress_data);
}

void
test_maker_answer_made (TestMaker *maker)
{
  g_autoptr (GTask) task = g_steal_pointer (&maker->task);
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) maker->seed);
  LimnEngineResult *result = g_new0 (LimnEngineResult, 1);

  result->image = limn_array_new ((LimnShape){ 1, TEST_MAKER_SIDE, TEST_MAKER_SIDE, 3 });
  for (int i = 0; i < TEST_MAKER_SIDE * TEST_MAKER_SIDE * 3; i++)
    result->image->data[i] = (float) g_rand_double (random);
  limn_request_init (&result->made);
  result->made.prompt = g_strdup ("made");
  result->made.seed = maker->seed;
  result->made.steps = 10;
  result->made.width = result->made.height = TEST_MAKER_SIDE;
  result->notes = g_new0 (char *, 1);
  result->step_seconds = 0.5;
  result->decode_seconds = 2;
  maker->made++;
  g_task_return_pointer (task, result, (GDestroyNotify) limn_engine_result_free);
}

void
test_maker_answer_failed (TestMaker *maker)
{
  g_autoptr (GTask) task = g_steal_pointer (&maker->task);

  g_task_return_new_error (task, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY, "it needs more memory than there is");
}
