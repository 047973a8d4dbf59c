/* What of the user's files a worker has to read for a request: its sandbox lets it see nothing else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-files.h"

#include <stdlib.h>
#include <string.h>

#include "app/data-place.h"

/* Of a model's folder. Those of the Hugging Face hub's cache are links to files elsewhere. */
#define MAX_DEPTH 3

/* Words of the artist are no paths, whatever they look like. */
static const char *const words[] = { "prompt", "negative_prompt", "sampler", "schedule", "type", "model_hash", "image", "mask", "expand", NULL };

static void
add (GPtrArray  *list,
     const char *path)
{
  g_autofree char *real = realpath (path, NULL); /* of what exists; malloc() is GLib's, too */

  if (real != NULL && !g_ptr_array_find_with_equal_func (list, real, g_str_equal, NULL))
    g_ptr_array_add (list, g_strdup (real));
}

static gboolean
is_within (const char *path,
           const char *folder)
{
  gsize length = strlen (folder);

  return strncmp (path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/' || (length > 0 && folder[length - 1] == '/'));
}

/* Whole folders are read where that does not open the library or all of the user's files. */
static gboolean
may_open (const char *folder)
{
  g_autofree char *data = limn_data_place (NULL);
  g_autofree char *library = realpath (data, NULL);
  g_autofree char *home = realpath (g_get_home_dir (), NULL);

  return !is_within (library != NULL ? library : data, folder) && (home == NULL || !is_within (home, folder));
}

static void
add_links (GPtrArray  *list,
           const char *folder,
           int         depth)
{
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        add (list, path);
      else if (depth < MAX_DEPTH && g_file_test (path, G_FILE_TEST_IS_DIR))
        add_links (list, path, depth + 1);
    }
}

/* Beside a file there may be configs and tokenizers. */
static void
add_model (GPtrArray  *list,
           const char *path)
{
  g_autofree char *real = realpath (path, NULL);
  g_autofree char *folder = real != NULL ? g_path_get_dirname (real) : NULL;

  add (list, path);
  if (real != NULL && g_file_test (real, G_FILE_TEST_IS_DIR))
    add_links (list, real, 1);
  else if (folder != NULL && may_open (folder))
    add (list, folder);
}

static void
add_named (GPtrArray *list,
           GVariant  *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      add (list, g_variant_get_string (value, NULL));
      return;
    }
  if (!g_variant_is_container (value))
    return;
  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (value, i);

      add_named (list, child);
    }
}

static char **
take_list (GPtrArray *list)
{
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (list, FALSE);
}

char **
limn_engine_files_of (const char *model,
                      GVariant   *request)
{
  static const char *const kept[] = { "tokenizers", "models" };
  GPtrArray               *list = g_ptr_array_new ();
  GVariantIter             iter;
  const char              *key;
  GVariant                *value;

  add_model (list, model);
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *path = g_build_filename (g_get_user_data_dir (), "limn", kept[i], NULL);

      add (list, path);
      add_links (list, path, 1);
    }
  g_variant_iter_init (&iter, request);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      if (!g_strv_contains (words, key))
        add_named (list, value);
      g_variant_unref (value);
    }
  return take_list (list);
}

static gboolean
is_given (const char        *path,
          const char *const *given)
{
  for (; given != NULL && *given != NULL; given++)
    if (is_within (path, *given))
      return TRUE;
  return FALSE;
}

gboolean
limn_engine_files_within (const char *const *needed,
                          const char *const *given)
{
  for (; *needed != NULL; needed++)
    if (!is_given (*needed, given))
      return FALSE;
  return TRUE;
}

char **
limn_engine_files_join (const char *const *one,
                        const char *const *other)
{
  GPtrArray *list = g_ptr_array_new ();

  for (; one != NULL && *one != NULL; one++)
    add (list, *one);
  for (; other != NULL && *other != NULL; other++)
    add (list, *other);
  return take_list (list);
}
