/* Workers that end leave nothing behind, however they and their clients end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/app/worker-test.h"

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

  g_test_add_func ("/worker/cycles", test_cycles);
  g_test_add_func ("/worker/leftover", test_leftover);
  return g_test_run ();
}
