/* Files are written whole or not at all, and reading ends.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/safe-file.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

typedef struct
{
  char *folder, *path;
} Place;

static void
set_up (Place        *place,
        gconstpointer data)
{
  place->folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
  place->path = g_build_filename (place->folder, "a", NULL);
}

static void
tear_down (Place        *place,
           gconstpointer data)
{
  g_unlink (place->path);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0); /* no temporary file was left */
  g_free (place->folder);
  g_free (place->path);
}

static void
assert_holds (const char *path,
              const char *text)
{
  g_autofree char *found = NULL;

  g_assert_true (g_file_get_contents (path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
}

/* One line, of the app's domain, that names the path. */
static void
assert_refused (const char *path,
                gsize       size,
                const char *why)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (size), size);
  g_autoptr (GError) error = NULL;

  g_assert_false (limn_safe_file_write (path, bytes, TRUE, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, why));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_replace (Place        *place,
              gconstpointer data)
{
  g_autoptr (GBytes) one = g_bytes_new_static ("one", 3);
  g_autoptr (GBytes) two = g_bytes_new_static ("two", 3);
  g_autoptr (GError) error = NULL;

  g_assert_true (limn_safe_file_write (place->path, one, FALSE, NULL));
  assert_holds (place->path, "one");
  g_assert_false (limn_safe_file_write (place->path, two, FALSE, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  assert_holds (place->path, "one");
  g_assert_true (limn_safe_file_write (place->path, two, TRUE, NULL));
  assert_holds (place->path, "two");
}

static void
test_permissions (Place        *place,
                  gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  mode_t      mask = umask (027);
  struct stat status;

  g_assert_true (limn_safe_file_write (place->path, bytes, TRUE, NULL));
  umask (mask);
  g_assert_cmpint (stat (place->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0640);
}

static void
test_link (Place        *place,
           gconstpointer data)
{
  g_autofree char *link = g_build_filename (place->folder, "link", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("new", 3);

  g_assert_true (g_file_set_contents (place->path, "old", -1, NULL));
  g_assert_cmpint (symlink ("a", link), ==, 0);
  g_assert_true (limn_safe_file_write (link, bytes, TRUE, NULL));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  assert_holds (place->path, "new");
  g_unlink (link);
}

static void
test_bad_places (Place        *place,
                 gconstpointer data)
{
  g_autofree char *missing = g_build_filename (place->folder, "no", "a", NULL);
  g_autofree char *below = g_build_filename (place->path, "b", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("kept", 4);

  assert_refused (missing, 1, "there is no such folder");
  assert_refused (place->folder, 1, "irectory");

  g_assert_true (limn_safe_file_write (place->path, bytes, TRUE, NULL));
  assert_refused (below, 1, "irectory");
  assert_holds (place->path, "kept");
}

static void
test_full_device (void)
{
  struct stat status;

  assert_refused ("/dev/full", 1, "the disk is full");
  g_assert_cmpint (stat ("/dev/full", &status), ==, 0);
  g_assert_true (S_ISCHR (status.st_mode)); /* it was not replaced */
}

static void
test_file_limit (Place        *place,
                 gconstpointer data)
{
  struct rlimit before, small;

  g_assert_true (g_file_set_contents (place->path, "old", -1, NULL));
  getrlimit (RLIMIT_FSIZE, &before);
  small = before;
  small.rlim_cur = 1000;
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &small);
  assert_refused (place->path, 100000, "larger than allowed");
  setrlimit (RLIMIT_FSIZE, &before);
  assert_holds (place->path, "old");
}

static void
test_read_only (Place        *place,
                gconstpointer data)
{
  if (geteuid () == 0)
    {
      g_test_skip ("root may write anywhere");
      return;
    }

  g_chmod (place->folder, 0500);
  assert_refused (place->path, 1, "change its permissions");
  g_chmod (place->folder, 0700);
}

static void
test_read (Place        *place,
           gconstpointer data)
{
  g_autoptr (GBytes) bytes = NULL;

  g_assert_true (g_file_set_contents (place->path, "12345", -1, NULL));
  bytes = limn_safe_file_read (place->path, 5, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "12345", 5);
  g_assert_null (limn_safe_file_read (place->path, 4, NULL));
}

/* None of these ever ends, or begins. */
static void
test_read_endless (Place        *place,
                   gconstpointer data)
{
  const char *const paths[] = { "/dev/zero", place->path, place->folder, "/nowhere/at/all" };

  g_assert_cmpint (mkfifo (place->path, 0600), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_safe_file_read (paths[i], 1000, &error));
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/safe-file/replace", Place, NULL, set_up, test_replace, tear_down);
  g_test_add ("/safe-file/permissions", Place, NULL, set_up, test_permissions, tear_down);
  g_test_add ("/safe-file/link", Place, NULL, set_up, test_link, tear_down);
  g_test_add ("/safe-file/bad-places", Place, NULL, set_up, test_bad_places, tear_down);
  g_test_add_func ("/safe-file/full-device", test_full_device);
  g_test_add ("/safe-file/file-limit", Place, NULL, set_up, test_file_limit, tear_down);
  g_test_add ("/safe-file/read-only", Place, NULL, set_up, test_read_only, tear_down);
  g_test_add ("/safe-file/read", Place, NULL, set_up, test_read, tear_down);
  g_test_add ("/safe-file/read-endless", Place, NULL, set_up, test_read_endless, tear_down);
  return g_test_run ();
}
