/* Drives the program itself: runs it in a folder of its own and keeps what it says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/program-test.h"

#include <string.h>
#include <sys/wait.h>

#include <glib/gstdio.h>

void
program_ran_clear (ProgramRan *ran)
{
  g_free (ran->out);
  g_free (ran->err);
}

void
program_remove_all (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        program_remove_all (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

void
program_set_up (ProgramPlace *place,
                gconstpointer data)
{
  place->folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
}

void
program_tear_down (ProgramPlace *place,
                   gconstpointer data)
{
  program_remove_all (place->folder);
  g_free (place->folder);
}

int
program_count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* @arguments after the program's name; FOLDER stands for the test's folder, which is also where it runs. */
char **
program_arguments (const ProgramPlace *place,
                   const char *const  *arguments)
{
  GPtrArray *list = g_ptr_array_new ();

  g_ptr_array_add (list, g_strdup (g_getenv ("LIMN_PROGRAM")));
  for (int i = 0; arguments[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (arguments[i], "FOLDER", -1);

      g_ptr_array_add (list, g_strjoinv (place->folder, parts));
    }
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (list, FALSE);
}

ProgramRan
program_run_with (const ProgramPlace  *place,
                  GSpawnChildSetupFunc prepare,
                  const char *const   *arguments)
{
  g_auto (GStrv) argv = program_arguments (place, arguments);
  g_autoptr (GError) error = NULL;
  ProgramRan ran = { 0 };
  int        status;

  g_spawn_sync (place->folder, argv, NULL, G_SPAWN_DEFAULT, prepare, NULL, &ran.out, &ran.err,
                &status, &error);
  g_assert_no_error (error);
  ran.code = WIFEXITED (status) ? WEXITSTATUS (status) : -WTERMSIG (status);
  return ran;
}

ProgramRan
program_run (const ProgramPlace *place,
             const char *const  *arguments)
{
  return program_run_with (place, NULL, arguments);
}

/* One line, from us, that holds @why; and no fact on standard output. */
void
program_assert_failed (const ProgramRan *ran,
                       int               code,
                       const char       *why)
{
  const char *end = strchr (ran->err, '\n');

  g_test_message ("%d: %s", ran->code, ran->err);
  g_assert_cmpint (ran->code, ==, code);
  g_assert_true (g_str_has_prefix (ran->err, "limn: "));
  g_assert_true (end != NULL && end[1] == '\0');
  g_assert_nonnull (strstr (ran->err, why));
  g_assert_cmpstr (ran->out, ==, "");
}

gboolean
program_have_starter (void)
{
  g_autofree char *index = g_build_filename (LIMN_STARTER_SOURCE_DIR, "model_index.json", NULL);

  if (g_file_test (index, G_FILE_TEST_EXISTS))
    return TRUE;

  g_test_skip ("the starter model is not in data/starter");
  return FALSE;
}
