/* The engine's client and its worker: pictures, progress, pause, cancelling, states, devices, models.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/engine-link.h"
#include "tests/app/worker-test.h"

static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

static void
test_same_picture (void)
{
  WorkerTest test;
  g_autoptr (LimnEngineResult) expected = NULL;
  g_autoptr (LimnEngineResult) result = NULL;

  worker_test_set_up (&test, NULL);
  expected = worker_test_expected (&test);
  test.job.preview_ms = 1;
  result = worker_test_generate (&test);
  g_assert_no_error (test.error);
  worker_test_assert_same (expected, result);
  g_assert_cmpint (test.last_step, ==, 8);
  g_assert_cmpint (test.previews, >, 2);
  g_assert_cmpint (limn_engine_client_get_pid (test.client), >, 1);
  g_assert_cmpint (limn_engine_client_get_pid (test.client), !=, getpid ());
  g_assert_cmpstr (result->made.model, ==, "starter");
  g_assert_cmpint (result->made.seed, ==, 7);
  g_assert_nonnull (result->made.sampler);
  g_assert_cmpstr (result->device, ==, "cpu");
  worker_test_tear_down (&test);
}

static void
cancel_at (WorkerTest               *test,
           const LimnEngineProgress *progress)
{
  if (progress->step == test->at && progress->saved == NULL && g_str_equal (progress->stage, "sample"))
    g_cancellable_cancel (test->cancellable);
}

/* A step of 128 × 128 pixels takes no longer than a message, so the picture has to have more of them. */
static void
test_cancel (void)
{
  WorkerTest test;
  GPid       pid;
  g_autoptr (LimnEngineResult) none = NULL;
  g_autoptr (LimnEngineResult) next = NULL;

  worker_test_set_up (&test, NULL);
  test.request.steps = 200;
  test.watch = cancel_at;
  test.at = 3;
  none = worker_test_generate (&test);
  g_assert_null (none);
  g_assert_error (test.error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED);
  g_assert_cmpint (test.last_step, <, 50);
  pid = limn_engine_client_get_pid (test.client);

  g_cancellable_reset (test.cancellable);
  test.request.steps = 2;
  next = worker_test_generate (&test);
  g_assert_no_error (test.error);
  g_assert_cmpint (limn_engine_client_get_pid (test.client), ==, pid);
  worker_test_tear_down (&test);
}

static void
test_resume (void)
{
  WorkerTest test;
  g_autoptr (LimnEngineResult) expected = NULL;
  g_autoptr (LimnEngineResult) none = NULL;
  g_autoptr (LimnEngineResult) result = NULL;

  worker_test_set_up (&test, NULL);
  test.request.steps = 60;
  limn_request_set (&test.request, "sampler", "euler_a", NULL);
  expected = worker_test_expected (&test);
  test.job.keep_ms = 1;
  test.watch = cancel_at;
  test.at = 30;
  none = worker_test_generate (&test);
  g_assert_null (none);
  g_assert_nonnull (test.saved);

  g_cancellable_reset (test.cancellable);
  test.watch = NULL;
  test.job.keep_ms = 0;
  test.job.resume = test.saved;
  test.saved = NULL;
  result = worker_test_generate (&test);
  g_assert_no_error (test.error);
  worker_test_assert_same (expected, result);
  g_bytes_unref (test.job.resume);
  worker_test_tear_down (&test);
}

static gboolean
go_on (gpointer data)
{
  WorkerTest *test = data;

  g_assert_cmpint (test->last_step, <, test->request.steps);
  g_assert_nonnull (test->saved);
  limn_engine_client_resume (test->client);
  return G_SOURCE_REMOVE;
}

static void
pause_at (WorkerTest               *test,
          const LimnEngineProgress *progress)
{
  if (progress->step == test->at && g_str_equal (progress->stage, "sample"))
    limn_engine_client_pause (test->client);
  if (g_str_equal (progress->stage, "paused") && progress->saved != NULL)
    g_timeout_add (100, go_on, test);
}

static void
test_pause (void)
{
  WorkerTest test;
  g_autoptr (LimnEngineResult) expected = NULL;
  g_autoptr (LimnEngineResult) result = NULL;

  worker_test_set_up (&test, NULL);
  test.request.steps = 100;
  expected = worker_test_expected (&test);
  test.watch = pause_at;
  test.at = 2;
  result = worker_test_generate (&test);
  g_assert_no_error (test.error);
  g_assert_cmpint (test.paused, ==, 1);
  worker_test_assert_same (expected, result);
  worker_test_tear_down (&test);
}

static void
cancel_paused (WorkerTest               *test,
               const LimnEngineProgress *progress)
{
  if (progress->step == 2 && g_str_equal (progress->stage, "sample"))
    limn_engine_client_pause (test->client);
  if (!g_str_equal (progress->stage, "paused"))
    return;
  test->at = progress->step;
  g_cancellable_cancel (test->cancellable);
}

/* Not one step more is made. */
static void
test_cancel_paused (void)
{
  WorkerTest test;
  g_autoptr (LimnEngineResult) none = NULL;

  worker_test_set_up (&test, NULL);
  test.request.steps = 200;
  test.watch = cancel_paused;
  none = worker_test_generate (&test);
  g_assert_error (test.error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED);
  g_assert_cmpint (test.at, >, 0);
  g_assert_cmpint (test.last_step, ==, test.at);
  worker_test_tear_down (&test);
}

/* Those that wait do not wait for what runs. */
static void
test_cancel_waiting (void)
{
  WorkerTest test;
  g_autoptr (GCancellable) other = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (LimnEngineResult) result = NULL;
  g_autoptr (LimnEngineResult) none = NULL;
  g_autoptr (GError) error = NULL;

  worker_test_set_up (&test, NULL);
  test.request.steps = 100;
  limn_engine_client_generate_async (test.client, &test.job, NULL, on_done, &first);
  test.job.progress = NULL;
  limn_engine_client_generate_async (test.client, &test.job, other, on_done, &second);
  while (test.last_step < 2)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (other);
  while (second == NULL)
    g_main_context_iteration (NULL, TRUE);
  none = limn_engine_client_generate_finish (test.client, second, &error);
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED);
  g_assert_null (first);
  while (first == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_clear_error (&error);
  result = limn_engine_client_generate_finish (test.client, first, &error);
  g_assert_no_error (error);
  worker_test_tear_down (&test);
}

static void
test_devices (void)
{
  WorkerTest test;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GError) error = NULL;
  int chosen = 0;

  worker_test_set_up (&test, NULL);
  limn_engine_client_devices_async (test.client, NULL, on_done, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  devices = limn_engine_client_devices_finish (test.client, done, &error);
  g_assert_no_error (error);
  g_assert_cmpint (devices->len, >=, 1);
  g_assert_cmpstr (((LimnDeviceInfo *) devices->pdata[0])->id, ==, "cpu");
  for (guint i = 0; i < devices->len; i++)
    chosen += ((LimnDeviceInfo *) devices->pdata[i])->chosen;
  g_assert_cmpint (chosen, ==, 1);
  worker_test_tear_down (&test);
}

static LimnEngineEstimate
estimate (WorkerTest *test)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  LimnEngineEstimate found = { 0 };

  limn_engine_client_estimate_async (test->client, &test->request, NULL, on_done, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (limn_engine_client_estimate_finish (test->client, done, &found, &error));
  g_assert_no_error (error);
  return found;
}

static void
test_estimate (void)
{
  WorkerTest         test;
  LimnEngineEstimate before, after;
  g_autoptr (LimnEngineResult) result = NULL;

  worker_test_set_up (&test, NULL);
  before = estimate (&test);
  g_assert_cmpint (before.width, ==, 128);
  g_assert_cmpint (before.steps, ==, 8);
  g_assert_cmpfloat (before.step_operations, >, 0);
  g_assert_cmpuint (before.memory, >, 1 << 20);
  g_assert_cmpfloat (before.seconds, ==, 0);
  result = worker_test_generate (&test);
  g_assert_no_error (test.error);
  after = estimate (&test);
  g_assert_cmpfloat (after.step_seconds, >, 0);
  g_assert_cmpfloat (after.seconds, >, after.step_seconds * 8);
  worker_test_tear_down (&test);
}

static void
test_idle (void)
{
  const LimnEngineClientOptions options = { .idle_ms = 100 };
  WorkerTest                    test;
  GPid                          pid;
  g_autoptr (LimnEngineResult) one = NULL;
  g_autoptr (LimnEngineResult) two = NULL;

  worker_test_set_up (&test, &options);
  g_assert_cmpint (limn_engine_client_get_state (test.client), ==, LIMN_ENGINE_STATE_IDLE);
  one = worker_test_generate (&test);
  g_assert_no_error (test.error);
  pid = limn_engine_client_get_pid (test.client);
  worker_test_wait (&test, LIMN_ENGINE_STATE_IDLE, 5000);
  g_assert_cmpint (limn_engine_client_get_state (test.client), ==, LIMN_ENGINE_STATE_IDLE);
  g_assert_cmpint (kill (pid, 0), ==, -1);
  two = worker_test_generate (&test);
  g_assert_no_error (test.error);
  worker_test_assert_same (one, two);
  worker_test_tear_down (&test);
}

/* The same files under another name are another model to the worker. */
static void
test_switch (void)
{
  g_autofree char              *folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
  g_autofree char              *link = g_build_filename (folder, "another", NULL);
  const char *const             folders[] = { folder, NULL };
  const LimnEngineClientOptions options = { .folders = folders };
  WorkerTest                    test;
  GPid                          pid;
  g_autoptr (LimnEngineResult) one = NULL;
  g_autoptr (LimnEngineResult) two = NULL;
  g_autoptr (LimnEngineResult) three = NULL;

  worker_test_set_up (&test, &options);
  one = worker_test_generate (&test);
  g_assert_no_error (test.error);
  pid = limn_engine_client_get_pid (test.client);

  g_assert_cmpint (symlink (test.request.model, link), ==, 0);
  g_free (test.request.model);
  test.request.model = g_strdup (link);
  two = worker_test_generate (&test);
  g_assert_no_error (test.error);
  g_assert_cmpstr (two->made.model, ==, "another");
  worker_test_assert_same (one, two);

  limn_engine_client_set_engine (test.client, &(LimnEngineOptions){ .device = "cpu", .type = "f32", .threads = 1 });
  three = worker_test_generate (&test);
  g_assert_no_error (test.error);
  g_assert_cmpint (limn_engine_client_get_pid (test.client), ==, pid);
  unlink (link);
  rmdir (folder);
  worker_test_tear_down (&test);
}

static gboolean
opens (LimnEngineLink *link,
       const char     *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = limn_engine_link_call (link, "Open", g_variant_new ("(s@a{sv})", path, g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0)),
                                                       G_VARIANT_TYPE ("(a{sv})"), NULL, NULL, &error);

  g_assert_true (error == NULL || error->domain == LIMN_ENGINE_ERROR);
  return answer != NULL;
}

/* A copy of the same files outside of what may be read. */
static void
test_sandbox (void)
{
  g_autofree char  *starter = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", NULL);
  g_autofree char  *folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
  g_autofree char  *command = g_strdup_printf ("cp -r '%s' '%s/copy'", starter, folder);
  g_autofree char  *copy = g_build_filename (folder, "copy", NULL);
  g_autofree char  *removal = g_strdup_printf ("rm -r '%s'", folder);
  const char *const read[] = { starter, NULL }, *const both[] = { starter, folder, NULL };
  const LimnEngineLinkOptions narrow = { .read = read, .patience_ms = 30000 }, wide = { .read = both, .patience_ms = 30000 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnEngineLink) link = limn_engine_link_new (&narrow, &error);
  g_autoptr (LimnEngineLink) other = limn_engine_link_new (&wide, &error);
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *shown = NULL;

  g_assert_no_error (error);
  answer = limn_engine_link_call (link, "Hello", NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  shown = g_variant_print (answer, FALSE);
  g_test_message ("%s", shown);
  if (strstr (shown, "files") == NULL)
    {
      g_test_skip ("this kernel has no Landlock");
      return;
    }
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_assert_true (opens (other, copy));
  g_assert_false (opens (link, copy));
  g_assert_true (opens (link, starter));
  g_spawn_command_line_sync (removal, NULL, NULL, NULL, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/worker/same-picture", test_same_picture);
  g_test_add_func ("/worker/cancel", test_cancel);
  g_test_add_func ("/worker/cancel-paused", test_cancel_paused);
  g_test_add_func ("/worker/cancel-waiting", test_cancel_waiting);
  g_test_add_func ("/worker/resume", test_resume);
  g_test_add_func ("/worker/pause", test_pause);
  g_test_add_func ("/worker/devices", test_devices);
  g_test_add_func ("/worker/estimate", test_estimate);
  g_test_add_func ("/worker/idle", test_idle);
  g_test_add_func ("/worker/switch", test_switch);
  g_test_add_func ("/worker/sandbox", test_sandbox);
  return g_test_run ();
}
