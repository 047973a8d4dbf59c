/* A library in a folder of its own, and pictures to put into it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/library-test.h"

#include <glib/gstdio.h>

#include "app/library/care.h"
#include "app/library/search.h"
#include "app/metadata.h"

void
library_set_up (LibraryPlace *place,
                gconstpointer data)
{
  place->folder = g_dir_make_tmp ("limn-library-XXXXXX", NULL);
  place->path = g_build_filename (place->folder, "library.limn", NULL);
  library_reopen (place);
}

/* What is under way in other threads still has it. */
void
library_close (LibraryPlace *place)
{
  gpointer left = place->library;

  if (left == NULL)
    return;

  g_object_add_weak_pointer (left, &left);
  g_clear_object (&place->library);
  for (int i = 0; left != NULL && i < 10000; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (left != NULL ? 1000 : 0);
    }
  g_assert_null (left);
}

void
library_reopen (LibraryPlace *place)
{
  g_autoptr (GError) error = NULL;

  library_close (place);
  place->library = limn_library_open (place->path, &error);
  g_assert_no_error (error);
}

static void
remove_all (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_all (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

void
library_tear_down (LibraryPlace *place,
                   gconstpointer data)
{
  library_close (place);
  remove_all (place->folder);
  g_free (place->folder);
  g_free (place->path);
}

GBytes *
library_make_png (int         number,
                  int         width,
                  int         height,
                  const char *prompt)
{
  g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, height, width, 3 });
  g_auto (LimnRequest) request = { 0 };
  g_autoptr (GPtrArray) texts = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (number);

  for (gsize i = 0; i < (gsize) width * height * 3; i++)
    pixels->data[i] = g_rand_double (random);
  limn_request_init (&request);
  request.prompt = g_strdup (prompt);
  request.seed = number;
  texts = limn_metadata_texts (&request);
  return limn_picture_encode_png (pixels, prompt ? texts : NULL, NULL);
}

gint64
library_add (LimnLibrary *library,
             int          number,
             const char  *prompt)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = library_make_png (number, 8, 8, prompt);
  g_autoptr (LimnIncoming) incoming = limn_incoming_new (png, NULL, &error);
  LimnAdded added;

  g_assert_no_error (error);
  incoming->created = (gint64) number * G_USEC_PER_SEC;
  limn_library_add (library, &incoming, 1, &added, &error);
  g_assert_no_error (error);
  return added.id;
}

void
library_edit (LimnLibrary *library,
              LimnEditKind kind,
              int          value,
              const char  *text,
              gint64       id)
{
  g_autoptr (GError) error = NULL;
  LimnEdit edit = { kind, value, text };

  limn_library_edit (library, &edit, &id, 1, &error);
  g_assert_no_error (error);
}

static void
say (const char *line,
     gpointer    data)
{
  g_test_message ("%s", line);
  ++*(int *) data;
}

gint64
library_check (LimnLibrary *library)
{
  g_autoptr (GError) error = NULL;
  gint64 checked = 0;
  int    wrong = 0;

  limn_library_check (library, say, &wrong, &checked, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (wrong, ==, 0);
  return checked;
}

char *
library_find (LimnLibrary *library,
              const char  *query,
              const char  *order)
{
  LimnOrder by;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = NULL;
  GString *text = g_string_new (NULL);

  g_assert_true (limn_order_parse (order, &by));
  ids = limn_library_search (library, query, by, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "", g_array_index (ids, gint64, i));
  return g_string_free (text, FALSE);
}
