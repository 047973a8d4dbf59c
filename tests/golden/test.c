/* Runs the golden tool on the reference folders, a test each; skipped where they are not there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <glib/gstdio.h>

static const char *const folders[] = { "goldens/sd15", "goldens/samplers", "goldens/random",
                                       "goldens/tokenizers", "starter" };

static char *
shared_folder (const char *name)
{
  const char *shared = g_getenv ("LIMN_SHARED"), *data = g_getenv ("LIMN_TEST_DATA");

  if (shared != NULL)
    return g_build_filename (shared, name, NULL);
  return g_build_filename (data != NULL ? data : ".", "..", "..", "shared", name, NULL);
}

static void
test_folder (gconstpointer data)
{
  g_autofree char *folder = shared_folder (data);
  const char      *argv[] = { g_getenv ("LIMN_GOLDEN"), folder, NULL };
  g_autofree char *out = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("reference numbers are not there; set LIMN_SHARED");
      return;
    }
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status,
                &error);
  g_assert_no_error (error);
  if (status != 0)
    g_test_message ("%s", out);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (out, " ok\n"));
  g_assert_null (strstr (out, " BAD\n"));
}

/* A folder that has nothing to compare must not pass. */
static void
test_nothing (void)
{
  g_autofree char *folder = g_dir_make_tmp ("limn-golden-XXXXXX", NULL);
  const char      *argv[] = { g_getenv ("LIMN_GOLDEN"), folder, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_false (g_spawn_check_wait_status (status, NULL));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/golden/nothing", test_nothing);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_strdup_printf ("/golden/%s", folders[i]);

      g_test_add_data_func (path, folders[i], test_folder);
    }
  return g_test_run ();
}
