/* Tests settings, the log, and crash reports.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/settings.h"

#include <string.h>

#include "app/crash-report.h"
#include "app/log.h"
#include "tests/app/program-test.h"

#define ADD(path, func) g_test_add (path, ProgramPlace, NULL, program_set_up, func, program_tear_down)

static void
assert_out (const ProgramRan *ran,
            const char       *out)
{
  g_test_message ("%d: %s%s", ran->code, ran->out, ran->err);
  g_assert_cmpint (ran->code, ==, 0);
  g_assert_cmpstr (ran->out, ==, out);
}

/* What is set is there in the next process, and goes again. */
static void
test_kept (ProgramPlace *place,
           gconstpointer data)
{
  g_setenv ("XDG_CONFIG_HOME", place->folder, TRUE);
  {
    g_auto (ProgramRan) before = PROGRAM_RUN (place, "settings", "threads");
    g_auto (ProgramRan) set = PROGRAM_RUN (place, "settings", "threads", "3");
    g_auto (ProgramRan) text = PROGRAM_RUN (place, "settings", "share", "credit");
    g_auto (ProgramRan) after = PROGRAM_RUN (place, "settings", "threads");
    g_auto (ProgramRan) all = PROGRAM_RUN (place, "settings", "--json");
    g_auto (ProgramRan) reset = PROGRAM_RUN (place, "settings", "threads", "--reset");
    g_auto (ProgramRan) again = PROGRAM_RUN (place, "settings", "threads");

    assert_out (&before, "0\n");
    assert_out (&set, "");
    assert_out (&text, "");
    assert_out (&after, "3\n");
    g_assert_nonnull (strstr (all.out, "\"share\": \"credit\""));
    g_assert_nonnull (strstr (all.out, "\"threads\": 3"));
    g_assert_nonnull (strstr (all.out, "\"window-size\": ["));
    assert_out (&reset, "");
    assert_out (&again, "0\n");
  }
}

static void
test_wrong (ProgramPlace *place,
            gconstpointer data)
{
  static const struct
  {
    const char *key, *value, *why;
  } cases[] = {
    { "colour", NULL, "is none" },
    { "threads", "5000", "no value" },
    { "threads", "many", "no value" },
    { "share", "all", "no value" },
    { "keep-seconds", "1e9", "no value" },
  };

  g_setenv ("XDG_CONFIG_HOME", place->folder, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (ProgramRan) ran = PROGRAM_RUN (place, "settings", cases[i].key, cases[i].value);

      program_assert_failed (&ran, 2, cases[i].why);
    }
}

/* Settings are used: a device that does not exist is an error, and the environment wins. */
static void
test_used (ProgramPlace *place,
           gconstpointer data)
{
  g_auto (ProgramRan) set = { 0 }, wrong = { 0 }, right = { 0 };

  if (!program_have_starter ())
    return;
  g_setenv ("XDG_CONFIG_HOME", place->folder, TRUE);
  set = PROGRAM_RUN (place, "settings", "type", "f16");
  wrong = PROGRAM_RUN (place, "generate", "x", "-o", "x.png", "--size", "128x128", "--steps", "1");
  g_test_message ("%s", wrong.err);
  g_assert_cmpint (set.code, ==, 0);
  g_assert_cmpint (wrong.code, ==, 1);
  g_assert_nonnull (strstr (wrong.err, "f16"));
  right = PROGRAM_RUN (place, "generate", "x", "-o", "x.png", "--size", "128x128", "--steps", "1", "--type", "f32");
  g_assert_cmpint (right.code, ==, 0);
}

/* A report tells what ran, and nothing that the artist wrote unless that is allowed. */
static void
test_report (ProgramPlace *place,
             gconstpointer data)
{
  g_auto (LimnRequest) request = { 0 };
  const LimnEnginePlan plan = { (char *) "cpu", (char *) "bf16", NULL, 2 };
  const LimnCrash      crash = { "limn-engine was killed", "cpu", "sample", 3, 20, &request, &plan };
  g_autofree char     *quiet = NULL, *open = NULL;

  limn_request_init (&request);
  request.prompt = g_strdup ("my secret");
  request.negative = g_strdup ("another secret");
  request.picture = g_strdup ("/pictures/secret.png");
  request.model = g_strdup ("/models/sd15.safetensors");
  request.seed = 42;
  quiet = limn_crash_report_text (&crash, FALSE);
  open = limn_crash_report_text (&crash, TRUE);
  g_test_message ("%s", quiet);
  g_assert_null (strstr (quiet, "secret"));
  g_assert_null (strstr (quiet, "/models"));
  g_assert_nonnull (strstr (quiet, "step 3 of 20"));
  g_assert_nonnull (strstr (quiet, "\"seed\": 42"));
  g_assert_nonnull (strstr (quiet, "sd15"));
  g_assert_nonnull (strstr (open, "my secret"));
  g_assert_null (strstr (open, "secret.png"));
}

/* What is too quiet is left out; a log that is too long gives way. */
static void
test_log (ProgramPlace *place,
          gconstpointer data)
{
  g_autofree char *folder = NULL, *path = NULL, *older = NULL, *text = NULL, *much = g_strnfill (1100000, 'x');

  if (!g_test_subprocess ())
    {
      g_setenv ("XDG_STATE_HOME", place->folder, TRUE);
      g_setenv ("LIMN_LOG", "info", TRUE);
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      return;
    }
  folder = limn_log_folder ();
  path = g_build_filename (folder, "limn.log", NULL);
  older = g_strconcat (path, ".1", NULL);
  limn_log_init (NULL);
  g_info ("one\nline");
  g_debug ("too quiet");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "info: one line\n"));
  g_assert_null (strstr (text, "quiet"));
  g_assert_true (g_file_set_contents (path, much, -1, NULL));
  g_info ("next");
  g_assert_true (g_file_test (older, G_FILE_TEST_EXISTS));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/settings/kept", test_kept);
  ADD ("/settings/wrong", test_wrong);
  ADD ("/settings/used", test_used);
  ADD ("/settings/report", test_report);
  ADD ("/settings/log", test_log);
  return g_test_run ();
}
