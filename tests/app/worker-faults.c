/* A worker that is killed, stopped, starved, or talks nonsense: the client reports it and goes on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/app/worker-test.h"

static void
kill_once (WorkerTest               *test,
           const LimnEngineProgress *progress)
{
  if (progress->step != test->at || test->restarts > 0 || !g_str_equal (progress->stage, "sample"))
    return;
  g_assert_cmpint (kill (limn_engine_client_get_pid (test->client), SIGKILL), ==, 0);
  test->at = -1;
}

static void
kill_always (WorkerTest               *test,
             const LimnEngineProgress *progress)
{
  GPid pid = limn_engine_client_get_pid (test->client);

  if (progress->step >= 2 && pid > 0)
    kill (pid, SIGKILL);
}

static gboolean
has_note (const LimnEngineResult *result,
          const char             *part)
{
  for (guint i = 0; result->notes[i] != NULL; i++)
    if (strstr (result->notes[i], part) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_killed_once (void)
{
  WorkerTest test;
  g_autoptr (LimnEngineResult) expected = NULL;
  g_autoptr (LimnEngineResult) result = NULL;

  worker_test_set_up (&test, NULL);
  test.request.steps = 100;
  expected = worker_test_expected (&test);
  test.watch = kill_once;
  test.at = 20;
  result = worker_test_generate (&test);
  g_assert_no_error (test.error);
  g_assert_cmpint (test.restarts, ==, 1);
  g_assert_true (has_note (result, "was killed"));
  worker_test_assert_same (expected, result);
  worker_test_tear_down (&test);
}

/* With states kept, the second worker goes on where the first one was. */
static void
watch_resumed (WorkerTest               *test,
               const LimnEngineProgress *progress)
{
  kill_once (test, progress);
  if (test->restarts > 0 && progress->step > 0 && test->paused == 0)
    test->paused = progress->step; /* the first step after the restart */
}

static void
test_goes_on (void)
{
  WorkerTest test;
  g_autoptr (LimnEngineResult) expected = NULL;
  g_autoptr (LimnEngineResult) result = NULL;

  worker_test_set_up (&test, NULL);
  test.request.steps = 100;
  expected = worker_test_expected (&test);
  test.job.keep_ms = 1;
  test.watch = watch_resumed;
  test.at = 60;
  result = worker_test_generate (&test);
  g_assert_no_error (test.error);
  g_assert_cmpint (test.paused, >, 1);
  worker_test_assert_same (expected, result);
  worker_test_tear_down (&test);
}

static void
test_killed_always (void)
{
  WorkerTest test;
  g_autoptr (LimnEngineResult) none = NULL;
  g_autoptr (LimnEngineResult) next = NULL;

  worker_test_set_up (&test, NULL);
  test.request.steps = 200;
  test.watch = kill_always;
  none = worker_test_generate (&test);
  g_assert_null (none);
  g_assert_error (test.error, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER);
  g_assert_nonnull (strstr (test.error->message, "was killed"));
  g_assert_nonnull (strstr (test.error->message, "tried again"));
  g_test_message ("%s", test.error->message);
  worker_test_wait (&test, LIMN_ENGINE_STATE_FAILED, 1000);
  g_assert_cmpint (limn_engine_client_get_state (test.client), ==, LIMN_ENGINE_STATE_FAILED);
  g_assert_nonnull (limn_engine_client_get_reason (test.client));

  test.watch = NULL;
  test.request.steps = 2;
  next = worker_test_generate (&test);
  g_assert_no_error (test.error);
  g_assert_nonnull (next);
  worker_test_tear_down (&test);
}

static void
test_killed_idle (void)
{
  WorkerTest test;
  g_autoptr (LimnEngineResult) one = NULL;
  g_autoptr (LimnEngineResult) two = NULL;

  worker_test_set_up (&test, NULL);
  one = worker_test_generate (&test);
  g_assert_no_error (test.error);
  kill (limn_engine_client_get_pid (test.client), SIGKILL);
  worker_test_wait (&test, LIMN_ENGINE_STATE_IDLE, 5000);
  g_assert_cmpint (limn_engine_client_get_state (test.client), ==, LIMN_ENGINE_STATE_IDLE);
  two = worker_test_generate (&test);
  g_assert_no_error (test.error);
  worker_test_assert_same (one, two);
  worker_test_tear_down (&test);
}

static void
stop_once (WorkerTest               *test,
           const LimnEngineProgress *progress)
{
  if (progress->step != test->at || test->restarts > 0)
    return;
  g_assert_cmpint (kill (limn_engine_client_get_pid (test->client), SIGSTOP), ==, 0);
  test->at = -1;
}

/* LIMN_TEST_PATIENCE=30000 for the time that is the default. */
static void
test_stopped (void)
{
  const char                   *said = g_getenv ("LIMN_TEST_PATIENCE");
  const LimnEngineClientOptions options = { .patience_ms = said != NULL ? atoi (said) : 1000 };
  WorkerTest                    test;
  g_autoptr (LimnEngineResult) expected = NULL;
  g_autoptr (LimnEngineResult) result = NULL;

  worker_test_set_up (&test, &options);
  test.request.steps = 100;
  expected = worker_test_expected (&test);
  test.watch = stop_once;
  test.at = 5;
  result = worker_test_generate (&test);
  g_assert_no_error (test.error);
  g_assert_cmpint (test.restarts, ==, 1);
  g_assert_true (has_note (result, "did not answer"));
  worker_test_assert_same (expected, result);
  worker_test_tear_down (&test);
}

static gboolean
let_go_on (gpointer data)
{
  WorkerTest *test = data;

  kill (limn_engine_client_get_pid (test->client), SIGCONT);
  return G_SOURCE_REMOVE;
}

static void
stop_a_while (WorkerTest               *test,
              const LimnEngineProgress *progress)
{
  gboolean before = test->at > 0;

  stop_once (test, progress);
  if (before && test->at < 0)
    g_timeout_add (300, let_go_on, test);
}

static void
test_stopped_a_while (void)
{
  WorkerTest test;
  g_autoptr (LimnEngineResult) result = NULL;

  worker_test_set_up (&test, NULL);
  test.request.steps = 100;
  test.watch = stop_a_while;
  test.at = 5;
  result = worker_test_generate (&test);
  g_assert_no_error (test.error);
  g_assert_cmpint (test.at, ==, -1);
  g_assert_cmpint (test.restarts, ==, 0);
  worker_test_tear_down (&test);
}

/* A worker that is stopped does not keep the client from ending. */
static void
test_stopped_at_the_end (void)
{
  WorkerTest test;
  GPid       pid;
  gint64     start;
  g_autoptr (LimnEngineResult) result = NULL;

  worker_test_set_up (&test, NULL);
  result = worker_test_generate (&test);
  g_assert_no_error (test.error);
  pid = limn_engine_client_get_pid (test.client);
  kill (pid, SIGSTOP);
  start = g_get_monotonic_time ();
  worker_test_tear_down (&test);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (kill (pid, 0), ==, -1);
}

static void
assert_fails (const char *const *command,
              const char        *why)
{
  const LimnEngineClientOptions options = { .command = command, .patience_ms = 3000 };
  WorkerTest                    test;
  g_autoptr (LimnEngineResult) none = NULL;

  worker_test_set_up (&test, &options);
  g_clear_pointer (&test.request.model, g_free);
  none = worker_test_generate (&test);
  g_assert_null (none);
  g_test_message ("%s: %s", command[0], test.error->message);
  g_assert_error (test.error, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER);
  g_assert_nonnull (strstr (test.error->message, why));
  worker_test_tear_down (&test);
}

#if !defined(__SANITIZE_ADDRESS__)
/* @limit: RLIMIT_AS in KiB. Returns: (transfer full): why there is no picture, %NULL if there is one */
static char *
make_within (int limit)
{
  g_autofree char              *program = worker_test_program ();
  g_autofree char              *line = g_strdup_printf ("ulimit -v %d; exec '%s' --stdio", limit, program);
  const char *const             command[] = { "sh", "-c", line, NULL };
  const LimnEngineClientOptions options = { .command = command };
  WorkerTest                    test;
  g_autoptr (LimnEngineResult) result = NULL;
  char *why;

  worker_test_set_up (&test, &options);
  g_clear_pointer (&test.request.model, g_free);
  test.request.width = test.request.height = 512;
  test.request.steps = 2;
  result = worker_test_generate (&test);
  why = test.error != NULL ? g_strdup (test.error->message) : NULL;
  g_assert_true ((why == NULL) == (result != NULL));
  if (test.error != NULL)
    g_assert_true (test.error->domain == LIMN_APP_ERROR || test.error->domain == LIMN_ENGINE_ERROR);
  worker_test_tear_down (&test);
  return why;
}
#endif

/* Room for the program and more and more of the model: wherever it ends, the client hears why. */
static void
test_memory (void)
{
#if defined(__SANITIZE_ADDRESS__)
  g_test_skip ("AddressSanitizer needs all addresses there are");
#else
  for (int limit = 120000; limit <= 400000; limit += 35000)
    {
      g_autofree char *why = make_within (limit);

      g_test_message ("%d MB: %s", limit / 1000, why != NULL ? why : "a picture");
      g_assert_true (limit > 200000 || why != NULL);
    }
#endif
}

static void
test_no_worker (void)
{
  const char *const missing[] = { "/nowhere/limn-engine", "--stdio", NULL };
  const char *const ends[] = { "false", NULL };
  const char *const talks[] = { "sh", "-c", "echo nonsense; cat >/dev/null", NULL };
  const char *const noise[] = { "head", "-c", "300000", "/dev/urandom", NULL };
  const char *const echo[] = { "cat", NULL };

  assert_fails (missing, "could not be started");
  assert_fails (ends, "exit code 1");
  assert_fails (talks, "limn-engine");
  assert_fails (noise, "limn-engine");
  assert_fails (echo, "limn-engine");
}

static void
test_silent (void)
{
  const char *const             silent[] = { "sleep", "60", NULL };
  const LimnEngineClientOptions options = { .command = silent, .patience_ms = 100 };
  WorkerTest                    test;
  g_autoptr (LimnEngineResult) none = NULL;

  worker_test_set_up (&test, &options);
  none = worker_test_generate (&test);
  g_assert_error (test.error, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER);
  g_assert_nonnull (strstr (test.error->message, "did not answer"));
  worker_test_tear_down (&test);
}

static gboolean
cancel (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

/* Who does not want to wait for a worker that does not start does not have to. */
static void
test_silent_cancelled (void)
{
  const char *const             silent[] = { "sleep", "60", NULL };
  const LimnEngineClientOptions options = { .command = silent };
  gint64                        start = g_get_monotonic_time ();
  WorkerTest                    test;
  g_autoptr (LimnEngineResult) none = NULL;

  worker_test_set_up (&test, &options);
  g_timeout_add (200, cancel, test.cancellable);
  none = worker_test_generate (&test);
  g_assert_error (test.error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED);
  worker_test_tear_down (&test);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/worker/killed-once", test_killed_once);
  g_test_add_func ("/worker/goes-on", test_goes_on);
  g_test_add_func ("/worker/killed-always", test_killed_always);
  g_test_add_func ("/worker/killed-idle", test_killed_idle);
  g_test_add_func ("/worker/stopped", test_stopped);
  g_test_add_func ("/worker/stopped-a-while", test_stopped_a_while);
  g_test_add_func ("/worker/stopped-at-the-end", test_stopped_at_the_end);
  g_test_add_func ("/worker/memory", test_memory);
  g_test_add_func ("/worker/no-worker", test_no_worker);
  g_test_add_func ("/worker/silent", test_silent);
  g_test_add_func ("/worker/silent-cancelled", test_silent_cancelled);
  return g_test_run ();
}
