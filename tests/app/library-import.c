/* Tests bringing files and folders into the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/library-test.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "app/library/import.h"

#define ADD(path, func) g_test_add (path, LibraryPlace, NULL, library_set_up, func, library_tear_down)

typedef struct
{
  int added, known, failed;
} Counts;

static void
count (const LimnImportNote *note,
       gpointer              data)
{
  Counts *counts = data;

  counts->added += note->id != 0 && !note->known;
  counts->known += note->known;
  counts->failed += note->error != NULL;
  g_assert_true ((note->id == 0) == (note->error != NULL));
}

static Counts
import (LibraryPlace *place,
        const char   *path,
        GCancellable *cancellable)
{
  Counts      counts = { 0 };
  LimnImport  options = { .threads = 3, .tag = "brought", .album = "from disk", .cancellable = cancellable, .func = count, .data = &counts };
  const char *paths[] = { path, NULL };
  g_autoptr (GError) error = NULL;

  limn_library_import (place->library, paths, &options, &error);
  if (cancellable == NULL)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return counts;
}

static void
write_file (const char *folder,
            const char *name,
            GBytes     *bytes)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_mkdir_with_parents (parent, 0700);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL));
}

static void
test_folder (LibraryPlace *place,
             gconstpointer data)
{
  g_autofree char *folder = g_build_filename (place->folder, "pictures", NULL);
  g_autofree char *loop = g_build_filename (folder, "deep", "loop", NULL);
  g_autofree char *tagged = NULL;
  g_autoptr (GBytes) text = g_bytes_new_static ("a letter", 8);
  Counts first, second;

  for (int i = 1; i <= 150; i++)
    {
      g_autofree char *name = g_strdup_printf (i % 3 ? "%03d.png" : "deep/er/%03d.png", i);
      g_autoptr (GBytes) png = library_make_png (MAX (i, 3), 8, 8, "on disk"); /* 1, 2 and 3 are the same */

      write_file (folder, name, png);
      if (i == 9)
        {
          g_autoptr (GBytes) cut = g_bytes_new_from_bytes (png, 0, g_bytes_get_size (png) - 30);

          write_file (folder, "cut.png", cut);
        }
    }
  write_file (folder, "letter.txt", text);
  write_file (folder, ".hidden.png", text);
  g_assert_cmpint (symlink (folder, loop), ==, 0);

  first = import (place, folder, NULL);
  g_assert_cmpint (first.added, ==, 148);
  g_assert_cmpint (first.known, ==, 2);
  g_assert_cmpint (first.failed, ==, 1);
  second = import (place, folder, NULL);
  g_assert_cmpint (second.added, ==, 0);
  g_assert_cmpint (second.known, ==, 150);
  g_assert_cmpint (library_check (place->library), ==, 148);
  tagged = library_find (place->library, "tag:brought album:\"from disk\" seed:77", "created");
  g_assert_cmpstr (tagged, !=, "");
}

static void
test_named_file (LibraryPlace *place,
                 gconstpointer data)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("a letter", 8);
  g_autofree char *letter = g_build_filename (place->folder, "letter.txt", NULL);
  g_autofree char *missing = g_build_filename (place->folder, "missing.png", NULL);

  write_file (place->folder, "letter.txt", text);
  g_assert_cmpint (import (place, letter, NULL).failed, ==, 1);
  g_assert_cmpint (import (place, missing, NULL).failed, ==, 1);
}

static void
test_cancelled (LibraryPlace *place,
                gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) png = library_make_png (1, 8, 8, "p");

  write_file (place->folder, "a.png", png);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (import (place, place->folder, cancellable).added, ==, 0);
}

/* The pictures of other programs, where they are at hand. */
static void
test_others (LibraryPlace *place,
             gconstpointer data)
{
  const char      *shared = g_getenv ("LIMN_SHARED");
  g_autofree char *folder = g_build_filename (shared ? shared : LIMN_SHARED_DIR, "pictures", NULL);
  g_autofree char *found = NULL;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("the shared pictures are not here");
      return;
    }

  g_assert_cmpint (import (place, folder, NULL).added, >=, 6);
  found = library_find (place->library, "name:sdcpp-sd15 cat seed:42 steps:4", "created");
  g_assert_cmpstr (found, !=, "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/library/import/folder", test_folder);
  ADD ("/library/import/named-file", test_named_file);
  ADD ("/library/import/cancelled", test_cancelled);
  ADD ("/library/import/others", test_others);
  return g_test_run ();
}
