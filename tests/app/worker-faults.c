/* A worker that is killed, stopped, starved, or talks nonsense: the client reports it and goes on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/engine-link.h"
#include "engine/wire/connection.h"
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

static LimnEngineLink *
open_link (void)
{
  g_autofree char            *starter = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", NULL);
  const char *const           read[] = { starter, NULL };
  const LimnEngineLinkOptions options = { .read = read, .patience_ms = 30000 };
  g_autoptr (GError) error = NULL;
  LimnEngineLink *link = limn_engine_link_new (&options, &error);
  g_autoptr (GVariant) answer = NULL;

  g_assert_no_error (error);
  answer = limn_engine_link_call (link, "Open", g_variant_new_parsed ("(%s, {'device': <'cpu'>})", starter), NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return link;
}

/* @picture: (transfer floating): what stands for one. Returns: whether it was refused, and the worker is still there */
static gboolean
is_refused (LimnEngineLink *link,
            GVariant       *inputs,
            GUnixFDList    *descriptors)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) lost = NULL;
  GVariant *request = g_variant_new_parsed ("{'prompt': <'a pear'>, 'steps': <int64 2>}");
  GVariant *arguments = g_variant_new ("(t@a{sv}@a{sv}@a{sv})", (guint64) 1, request, inputs, g_variant_new_parsed ("@a{sv} {}"));
  g_autoptr (GVariant) answer = limn_engine_link_call (link, "Generate", arguments, NULL, descriptors, NULL, &error);
  g_autoptr (GVariant) pong = limn_engine_link_call (link, "Ping", NULL, NULL, NULL, NULL, &lost);

  g_assert_no_error (lost);
  if (error != NULL)
    g_test_message ("%s", error->message);
  return answer == NULL && error->domain != LIMN_APP_ERROR;
}

static void
test_no_picture (void)
{
  static const char *const inputs[] = {
    "{'picture': <'a text'>}",
    "{'picture': <(1, 8, 8, 3, <(uint64 768, handle 0)>)>}", /* a pipe */
    "{'picture': <(1, 8, 8, 3, <(uint64 768, handle 1)>)>}", /* a file */
    "{'picture': <(1, 8, 8, 3, <(uint64 768, handle 7)>)>}", /* none there */
    "{'picture': <(1, 8, 8, 3, <(uint64 768, handle -1)>)>}",
    "{'picture': <(1, 8, 8, 3, <(uint64 7, uint64 9)>)>}", /* never sent */
    "{'picture': <(1, 2147483647, 2147483647, 3, <(uint64 768, handle 0)>)>}",
    "{'picture': <(-1, 8, 8, 3, <(uint64 768, handle 0)>)>}",
    "{'picture': <(1, 8, 8, 3, <(uint64 18446744073709551615, handle 0)>)>}",
    "{'resume': <(uint64 16, handle 0)>}",
  };
  g_autoptr (LimnEngineLink) link = open_link ();
  g_autoptr (GUnixFDList) descriptors = g_unix_fd_list_new ();
  g_autofree char *path = NULL;
  int              ends[2], file = g_file_open_tmp ("limn-XXXXXX", &path, NULL);

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (write (file, "no picture", 10), ==, 10);
  g_unix_fd_list_append (descriptors, ends[0], NULL);
  g_unix_fd_list_append (descriptors, file, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++)
    g_assert_true (is_refused (link, g_variant_new_parsed (inputs[i]), descriptors));
  g_assert_false (is_refused (link, g_variant_new_parsed ("@a{sv} {}"), NULL));
  close (ends[0]);
  close (ends[1]);
  close (file);
  unlink (path);
}

static void
test_no_request (void)
{
  static const char *const requests[] = {
    "{'prompt': <int64 7>}",
    "{'steps': <'many'>}",
    "{'steps': <int64 99999999999>}",
    "{'guidance': <'x'>}",
    "{'nonsense': <true>}",
    "{'loras': <'x'>}",
    "{'loras': <[<'x'>]>}",
    "{'loras': <[<{'weight': <1.0>}>]>}",
    "{'loras': <[<{'name': <'/nowhere'>}>]>}",
  };
  g_autoptr (LimnEngineLink) link = open_link ();

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GError) error = NULL;
      GVariant *nothing = g_variant_new_parsed ("@a{sv} {}");
      GVariant *arguments = g_variant_new ("(t@a{sv}@a{sv}@a{sv})", (guint64) i, g_variant_new_parsed (requests[i]), nothing, g_variant_new_parsed ("@a{sv} {}"));
      g_autoptr (GVariant) answer = limn_engine_link_call (link, "Generate", arguments, NULL, NULL, NULL, &error);

      g_assert_null (answer);
      g_assert_true (error->domain == LIMN_ENGINE_ERROR);
      g_test_message ("%s", error->message);
    }
}

/* Bytes that are no D-Bus end a worker, without a crash. */
static void
test_garbage_to_worker (void)
{
  g_autofree char  *program = worker_test_program ();
  const char *const arguments[] = { program, "--socket=3", NULL };
  const char        nonsense[] = "\0AUTH NONSENSE\r\nBEGIN\r\nand so on, and so on, and so on, and so on";
  const int         there = 3;
  int               ends[2], status;
  GPid              pid;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  g_spawn_async_with_pipes_and_fds (NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, -1, -1, -1, &ends[1],
                                    &there, 1, &pid, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  close (ends[1]);
  g_assert_cmpint (send (ends[0], nonsense, sizeof nonsense, MSG_NOSIGNAL), >, 0);
  shutdown (ends[0], SHUT_WR);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
  close (ends[0]);
}

static int
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  int n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static int
count_threads (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/task", 0, NULL);
  int n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

/* Bytes */
static gint64
own_memory (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  fields = g_strsplit (text, " ", 0);
  return g_ascii_strtoll (fields[1], NULL, 10) * sysconf (_SC_PAGESIZE);
}

static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

/* Started, spoken to, ended. */
static void
cycle (void)
{
  WorkerTest test;
  g_autoptr (GAsyncResult) done = NULL;
  LimnEngineEstimate found = { 0 };

  worker_test_set_up (&test, NULL);
  limn_engine_client_estimate_async (test.client, &test.request, NULL, on_done, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (limn_engine_client_estimate_finish (test.client, done, &found, NULL));
  g_assert_cmpint (limn_engine_client_get_pid (test.client), >, 0);
  worker_test_tear_down (&test);
}

/* LIMN_TEST_CYCLES=1000 for more. */
static void
test_cycles (void)
{
  const char *said = g_getenv ("LIMN_TEST_CYCLES");
  int         n = said != NULL ? atoi (said) : 15, descriptors, threads;
  gint64      memory, grown;

  for (int i = 0; i < 5; i++)
    cycle ();
  while (g_main_context_iteration (NULL, FALSE))
    ;
  descriptors = count_descriptors ();
  threads = count_threads ();
  memory = own_memory ();
  for (int i = 0; i < n; i++)
    cycle ();
  while (g_main_context_iteration (NULL, FALSE))
    ;
  grown = own_memory () - memory;
  g_test_message ("%d cycles: %d descriptors, %d threads, %" G_GINT64_FORMAT " KiB more", n, count_descriptors (), count_threads (), grown / 1024);
  g_assert_cmpint (count_descriptors (), ==, descriptors);
  g_assert_cmpint (count_threads (), <=, threads + 1); /* of GLib's pool */
  g_assert_cmpint (grown, <, 8 << 20);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
}

/* Returns: the process that has @parent, 0 if there is none */
static GPid
child_of (GPid parent)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/task", parent);
  g_autoptr (GDir) tasks = g_dir_open (path, 0, NULL);
  const char *task;

  while (tasks != NULL && (task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, task, "children", NULL);
      g_autofree char *text = NULL;

      if (g_file_get_contents (file, &text, NULL, NULL) && *text != '\0')
        return (GPid) g_ascii_strtoll (text, NULL, 10);
    }
  return 0;
}

static gboolean
is_gone (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;

  return !g_file_get_contents (path, &text, NULL, NULL) || strstr (text, ") Z ") != NULL;
}

/* @stop: the worker is stopped, so that it cannot see that the connection closes */
static void
check_leftover (int      number,
                gboolean stop)
{
  g_autofree char  *path = g_build_filename (g_get_tmp_dir (), "limn-never.png", NULL);
  const char *const arguments[] = { g_getenv ("LIMN_PROGRAM"), "generate", "a red apple", "-o", path, "--steps", "1000", NULL };
  GPid              pid, worker = 0;
  int               status;

  g_assert_true (g_spawn_async (NULL, (char **) arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &pid, NULL));
  for (int i = 0; i < 500 && worker == 0; i++)
    {
      g_usleep (20000);
      worker = child_of (pid);
    }
  g_assert_cmpint (worker, >, 0);
  g_usleep (300000);
  if (stop)
    kill (worker, SIGSTOP);
  kill (pid, number);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  if (number == SIGINT)
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 130);
  for (int i = 0; i < 500 && !is_gone (worker); i++)
    g_usleep (10000);
  g_assert_true (is_gone (worker));
}

static void
test_leftover (void)
{
  check_leftover (SIGINT, FALSE);
  check_leftover (SIGKILL, FALSE);
  check_leftover (SIGKILL, TRUE);
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
  g_test_add_func ("/worker/no-picture", test_no_picture);
  g_test_add_func ("/worker/no-request", test_no_request);
  g_test_add_func ("/worker/garbage", test_garbage_to_worker);
  g_test_add_func ("/worker/cycles", test_cycles);
  g_test_add_func ("/worker/leftover", test_leftover);
  return g_test_run ();
}
