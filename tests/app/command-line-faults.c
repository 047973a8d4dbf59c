/* The command line where things go wrong: a full disk, a read-only folder, a signal. Nothing is left half-written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "app/picture-file.h"
#include "tests/app/program-test.h"

#define NOBODY 65534

static void
limit_files (gpointer data)
{
  struct rlimit limit = { 1000, 1000 };

  setrlimit (RLIMIT_FSIZE, &limit);
}

static void
test_full_disk (ProgramPlace *place,
                gconstpointer data)
{
  static const char *const arguments[] = { "generate", "a tree", "-o", "a.png",
                                           "--steps", "2", NULL };

  if (!program_have_starter ())
    return;

  {
    g_auto (ProgramRan) ran = program_run_with (place, limit_files, arguments);

    program_assert_failed (&ran, 1, "a.png");
    g_assert_cmpint (program_count_files (place->folder), ==, 0);
  }
}

static void
become_nobody (gpointer data)
{
  if (geteuid () == 0 && (setgid (NOBODY) != 0 || setuid (NOBODY) != 0))
    _exit (99);
}

static void
test_read_only_folder (ProgramPlace *place,
                       gconstpointer data)
{
  static const char *const version[] = { "--version", NULL };
  static const char *const arguments[] = { "generate", "a tree", "-o", "a.png",
                                           "--steps", "2", NULL };

  g_chmod (place->folder, 0555);
  {
    g_auto (GStrv) argv = program_arguments (place, version);
    int status = 0;

    if (!g_spawn_sync (place->folder, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, become_nobody,
                       NULL, NULL, NULL, &status, NULL)
        || status != 0)
      {
        g_test_skip ("only root can run the program here, and root may write anywhere");
        return;
      }
  }
  {
    g_auto (ProgramRan) ran = program_run_with (place, become_nobody, arguments);

    program_assert_failed (&ran, 1, "change its permissions");
    g_assert_nonnull (strstr (ran.err, place->folder));
    g_assert_cmpint (program_count_files (place->folder), ==, 0);
  }
}

/* Waits for the first step, sends a signal, and gives the exit code. */
static int
interrupt (const ProgramPlace *place,
           int                 number)
{
  static const char *const arguments[] = { "generate", "a tree", "-o", "a.png", "--steps",
                                           "1000", "--progress", "json", NULL };
  g_auto (GStrv) argv = program_arguments (place, arguments);
  g_autoptr (GError) error = NULL;
  g_autofree char *heard = g_malloc0 (1 << 20);
  gsize            size = 0;
  GPid             child;
  int              err, status;

  g_spawn_async_with_pipes (place->folder, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                            &child, NULL, NULL, &err, &error);
  g_assert_no_error (error);
  while (strstr (heard, "\"sample\"") == NULL)
    {
      ssize_t n = read (err, heard + size, (1 << 20) - 1 - size);

      g_assert_cmpint (n, >, 0);
      size += n;
    }

  g_assert_cmpint (kill (child, number), ==, 0);
  while (read (err, heard, 1 << 20) > 0)
    ;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  close (err);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_interrupt (ProgramPlace *place,
                gconstpointer data)
{
  static const int signals[] = { SIGINT, SIGTERM };

  if (!program_have_starter ())
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      gint64 start = g_get_monotonic_time ();

      g_assert_cmpint (interrupt (place, signals[i]), ==, 130);
      g_assert_cmpint (program_count_files (place->folder), ==, 0);
      g_test_message ("ended after %.2f s", (g_get_monotonic_time () - start) / 1e6);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-line-faults/full-disk", ProgramPlace, NULL, program_set_up,
              test_full_disk, program_tear_down);
  g_test_add ("/command-line-faults/read-only-folder", ProgramPlace, NULL, program_set_up,
              test_read_only_folder, program_tear_down);
  g_test_add ("/command-line-faults/interrupt", ProgramPlace, NULL, program_set_up,
              test_interrupt, program_tear_down);
  return g_test_run ();
}
