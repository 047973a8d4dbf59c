/* Tests limn queue: what it prints, its exit codes, its errors, Ctrl+C, and libraries that cannot be written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/program-test.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "app/library/database.h"

#define ADD(path, func) g_test_add (path, ProgramPlace, NULL, set_up, func, program_tear_down)
#define SMALL "--size", "128x128", "--type", "f32"

static void
set_up (ProgramPlace *place,
        gconstpointer data)
{
  program_set_up (place, data);
  g_setenv ("LIMN_DATA_DIR", place->folder, TRUE);
}

static void
assert_out (const ProgramRan *ran,
            const char       *out)
{
  g_test_message ("%d: %s%s", ran->code, ran->out, ran->err);
  g_assert_cmpint (ran->code, ==, 0);
  g_assert_cmpstr (ran->err, ==, "");
  g_assert_cmpstr (ran->out, ==, out);
}

#define DO(place, out, ...)                                      \
  G_STMT_START                                                   \
  {                                                              \
    g_auto (ProgramRan) ran_ = PROGRAM_RUN (place, __VA_ARGS__); \
    assert_out (&ran_, out);                                     \
  }                                                              \
  G_STMT_END

#define FAILS(place, code, why, ...)                             \
  G_STMT_START                                                   \
  {                                                              \
    g_auto (ProgramRan) ran_ = PROGRAM_RUN (place, __VA_ARGS__); \
    program_assert_failed (&ran_, code, why);                    \
  }                                                              \
  G_STMT_END

/* "1 queued, 2 paused, " of `limn queue list --json` */
static char *
states (ProgramPlace *place)
{
  g_auto (ProgramRan) ran = PROGRAM_RUN (place, "queue", "list", "--json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  GString   *text = g_string_new (NULL);
  JsonArray *array;

  g_assert_true (json_parser_load_from_data (parser, ran.out, -1, NULL));
  array = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *job = json_array_get_object_element (array, i);

      g_assert_true (json_object_has_member (job, "seconds_left") && json_object_has_member (job, "error"));
      g_string_append_printf (text, "%d %s, ", (int) json_object_get_int_member (job, "id"), json_object_get_string_member (job, "state"));
    }
  return g_string_free (text, FALSE);
}

static void
assert_states (ProgramPlace *place,
               const char   *wanted)
{
  g_autofree char *got = states (place);

  g_assert_cmpstr (got, ==, wanted);
}

static void
test_changes (ProgramPlace *place,
              gconstpointer data)
{
  assert_states (place, "");
  DO (place, "jobs 1-4\n", "queue", "add", "an apple", "--vary", "seed=1-2", "--vary", "sampler=euler,ddim");
  DO (place, "job 5\n", "queue", "add", "a cat", "--priority", "2");
  assert_states (place, "5 queued, 1 queued, 2 queued, 3 queued, 4 queued, ");
  DO (place, "", "queue", "move", "4,3", "--first");
  DO (place, "", "queue", "move", "5", "--priority", "0");
  DO (place, "", "queue", "pause", "1-2");
  DO (place, "", "queue", "cancel", "3");
  assert_states (place, "4 queued, 1 paused, 2 paused, 5 queued, 3 cancelled, ");
  DO (place, "", "queue", "resume", "all");
  DO (place, "", "queue", "remove", "all");
  assert_states (place, "4 queued, 1 queued, 2 queued, 5 queued, ");
}

static void
test_wrong (ProgramPlace *place,
            gconstpointer data)
{
  FAILS (place, 2, "limn queue --help", "queue");
  FAILS (place, 2, "limn queue --help", "queue", "stir");
  FAILS (place, 2, "prompt is missing", "queue", "add");
  FAILS (place, 2, "--vary", "queue", "add", "x", "--vary", "sampler");
  FAILS (place, 2, "--count", "queue", "add", "x", "--count", "few");
  FAILS (place, 1, "out of range", "queue", "add", "x", "--count", "0");
  FAILS (place, 1, "10000", "queue", "add", "x", "--vary", "seed=1-9999", "--count", "2");
  FAILS (place, 1, "nowhere", "queue", "add", "x", "--model", "nowhere");
  FAILS (place, 1, "job 7: there is none", "queue", "cancel", "7");
  FAILS (place, 2, "--first", "queue", "move", "1");
  FAILS (place, 2, "no number", "queue", "pause", "x");
  FAILS (place, 2, "--keep", "queue", "run", "--keep", "long");
  DO (place, "job 1\n", "queue", "add", "x");
  FAILS (place, 1, "only what is over", "queue", "remove", "1");
  assert_states (place, "1 queued, ");
}

static void
test_run (ProgramPlace *place,
          gconstpointer data)
{
  if (!program_have_starter ())
    return;
  DO (place, "", "queue", "run");
  DO (place, "jobs 1-2\n", "queue", "add", "an apple", SMALL, "--steps", "2", "--seed", "7", "--count", "2");
  DO (place, "job 1: picture 1, seed 7\njob 2: picture 2, seed 8\n", "queue", "run");
  assert_states (place, "2 done, 1 done, ");
  DO (place, "2 pictures looked at\n", "library", "check");
  FAILS (place, 1, "picture is in the library", "queue", "cancel", "1");
}

/* What fails says so; the others are made, and the command tells by its exit code. */
static void
test_failure (ProgramPlace *place,
              gconstpointer data)
{
  g_autofree char *picture = g_build_filename (place->folder, "in.png", NULL);
  g_auto (ProgramRan) ran = { 0 };

  if (!program_have_starter ())
    return;
  g_assert_true (g_file_set_contents (picture, "no picture", -1, NULL));
  DO (place, "job 1\n", "queue", "add", "an apple", SMALL, "--steps", "2", "--image", "in.png", "--strength", "0.5");
  DO (place, "job 2\n", "queue", "add", "an apple", SMALL, "--steps", "2", "--seed", "3");
  ran = PROGRAM_RUN (place, "queue", "run");
  g_assert_cmpint (ran.code, ==, 1);
  g_assert_cmpstr (ran.out, ==, "job 2: picture 1, seed 3\n");
  g_assert_nonnull (strstr (ran.err, "limn: job 1: "));
  g_assert_nonnull (strstr (ran.err, "in.png"));
  g_assert_nonnull (strstr (ran.err, "1 of 2 jobs failed"));
  assert_states (place, "2 done, 1 failed, ");
}

static int
kept_step (ProgramPlace *place)
{
  g_auto (ProgramRan) ran = PROGRAM_RUN (place, "queue", "list", "--json");
  g_autoptr (JsonParser) parser = json_parser_new ();

  g_assert_true (json_parser_load_from_data (parser, ran.out, -1, NULL));
  return (int) json_object_get_int_member (json_array_get_object_element (json_node_get_array (json_parser_get_root (parser)), 0), "kept_step");
}

/* Ctrl+C keeps the step, and the picture that comes of it is the one that would have been made at once. */
static void
test_interrupt (ProgramPlace *place,
                gconstpointer data)
{
  const char *const words[] = { "queue", "run", "--keep", "0.05", NULL };
  g_auto (GStrv) argv = program_arguments (place, words);
  g_auto (ProgramRan) whole = { 0 };
  GPid pid;
  int  status;

  if (!program_have_starter ())
    return;
  DO (place, "job 1\n", "queue", "add", "an apple", "--size", "256x256", "--type", "f32", "--steps", "60", "--seed", "7");
  g_assert_true (g_spawn_async (place->folder, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &pid, NULL));
  for (int i = 0; i < 2000 && kept_step (place) == 0; i++)
    g_usleep (10000);
  kill (pid, SIGINT);
  waitpid (pid, &status, 0);
  g_assert_cmpint (WEXITSTATUS (status), ==, 128 + SIGINT);
  assert_states (place, "1 queued, ");
  g_assert_cmpint (kept_step (place), >, 0);

  DO (place, "job 1: picture 1, seed 7\n", "queue", "run");
  DO (place, "job 2\n", "queue", "add", "an apple", "--size", "256x256", "--type", "f32", "--steps", "60", "--seed", "7");
  DO (place, "job 2: picture 1, seed 7\n", "queue", "run");
}

static char *
library_path (ProgramPlace *place)
{
  return g_build_filename (place->folder, "library.limn", NULL);
}

/* A newer Limn's library is left as it is. */
static void
test_newer (ProgramPlace *place,
            gconstpointer data)
{
  g_autofree char *path = library_path (place);
  LimnDatabase    *database;

  DO (place, "job 1\n", "queue", "add", "x");
  database = limn_database_open (path, LIMN_DATABASE_WRITE, NULL);
  g_assert_true (limn_database_script (database, "PRAGMA user_version = 1000", NULL));
  limn_database_close (database);
  FAILS (place, 1, "newer", "queue", "add", "x");
  FAILS (place, 1, "newer", "queue", "run");
}

/* One that was cut is named, with what saves it; the file is kept. */
static void
test_cut (ProgramPlace *place,
          gconstpointer data)
{
  g_autofree char *path = library_path (place);
  GStatBuf         before, after;

  DO (place, "jobs 1-400\n", "queue", "add", "x", "--count", "400");
  g_stat (path, &before);
  g_assert_cmpint (truncate (path, before.st_size / 2), ==, 0);
  FAILS (place, 1, "salvage", "queue", "add", "x");
  FAILS (place, 1, "salvage", "queue", "run");
  g_stat (path, &after);
  g_assert_cmpint (after.st_size, ==, before.st_size / 2);
}

static void
test_read_only (ProgramPlace *place,
                gconstpointer data)
{
  g_autofree char *path = library_path (place);

  if (geteuid () == 0)
    {
      g_test_skip ("root writes everything");
      return;
    }
  DO (place, "job 1\n", "queue", "add", "x");
  g_chmod (path, 0400);
  g_chmod (place->folder, 0500);
  FAILS (place, 1, "cannot be written", "queue", "add", "x");
  FAILS (place, 1, "", "queue", "run");
  assert_states (place, "1 queued, ");
  g_chmod (place->folder, 0700);
}

/* Files cannot grow beyond what the library has. */
static void
limit_files (gpointer data)
{
  const struct rlimit limit = { 300 * 1024, 300 * 1024 };

  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
}

/* The queue stops and says so; its jobs wait for room. */
static void
test_full (ProgramPlace *place,
           gconstpointer data)
{
  const char *const words[] = { "queue", "run", NULL };
  g_auto (ProgramRan) ran = { 0 };

  if (!program_have_starter ())
    return;
  DO (place, "jobs 1-8\n", "queue", "add", "x", "--size", "256x256", "--type", "f32", "--steps", "1", "--seed", "1", "--count", "8");
  ran = program_run_with (place, limit_files, words);
  g_test_message ("%s%s", ran.out, ran.err);
  g_assert_cmpint (ran.code, ==, 1);
  g_assert_nonnull (strstr (ran.err, "limn: "));
  {
    g_auto (ProgramRan) rest = PROGRAM_RUN (place, "queue", "run");

    g_assert_cmpint (rest.code, ==, 0);
  }
  assert_states (place, "8 done, 7 done, 6 done, 5 done, 4 done, 3 done, 2 done, 1 done, ");
  DO (place, "8 pictures looked at\n", "library", "check");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/command-queue/changes", test_changes);
  ADD ("/command-queue/wrong", test_wrong);
  ADD ("/command-queue/run", test_run);
  ADD ("/command-queue/failure", test_failure);
  ADD ("/command-queue/interrupt", test_interrupt);
  ADD ("/command-queue/newer", test_newer);
  ADD ("/command-queue/cut", test_cut);
  ADD ("/command-queue/read-only", test_read_only);
  ADD ("/command-queue/full", test_full);
  return g_test_run ();
}
