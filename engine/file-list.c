/* What the files of a folder of loose models are, each read by its header alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/file-info-private.h"

#include <string.h>

#include "engine/weights/weights-private.h"

/* Programs that keep models have a folder a kind, and people folders in these. */
#define MAX_DEPTH 6
#define MAX_FILES 100000

static const char *const endings[] = { ".safetensors", ".gguf" };
static const char *const pickles[] = { ".ckpt", ".pt", ".pth", ".pkl", ".bin" };

static gboolean
ends_with_one (const char        *name,
               const char *const *list,
               gsize              n)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_has_suffix (name, list[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_pickle (const char *path)
{
  g_autoptr (LimnSource) source = limn_source_open (path, NULL);

  return source != NULL && limn_looks_pickled (source);
}

static void
find_files (GPtrArray  *paths,
            const char *folder,
            int         depth)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && paths->len < MAX_FILES && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      gboolean         weights = ends_with_one (name, endings, G_N_ELEMENTS (endings));

      if (name[0] == '.')
        continue;
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          if (limn_file_info_is_model_folder (path) && limn_file_size (path) > 0) /* not settings alone */
            g_ptr_array_add (paths, g_steal_pointer (&path));
          else if (depth > 0)
            find_files (paths, path, depth - 1);
        }
      else if (weights || (ends_with_one (name, pickles, G_N_ELEMENTS (pickles)) && is_pickle (path)))
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
}

static int
compare_paths (const void *a,
               const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* A file of one's own is told about at once; many of them are shared out, since the disk answers several questions as fast as one. */
static void
read_one (gpointer place,
          gpointer data)
{
  LimnFileInfo **info = place;
  const char    *path = (*info)->path;
  g_autoptr (GError) error = NULL;
  LimnFileInfo *read = limn_file_info_read (path, &error);

  if (read == NULL)
    read = limn_file_info_of_problem (path, is_pickle (path), error);
  limn_file_info_free (*info);
  *info = read;
}

static void
read_all (GPtrArray *infos)
{
  GThreadPool *pool = g_thread_pool_new (read_one, NULL, (int) MIN (g_get_num_processors (), 8), FALSE, NULL);

  for (guint i = 0; i < infos->len; i++)
    g_thread_pool_push (pool, &infos->pdata[i], NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
}

GPtrArray *
limn_file_info_list (const char *folder,
                     GError    **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  GPtrArray       *infos = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_file_info_free);
  g_autofree char *shown = limn_printable (folder);
  g_autoptr (GError) unread = g_error_new_literal (LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE, "not read yet");

  find_files (paths, folder, MAX_DEPTH);
  if (paths->len == 0)
    {
      g_ptr_array_unref (infos);
      limn_file_error (error, shown, "has no models in it: no .safetensors or .gguf file, and no model's folder");
      return NULL;
    }
  g_ptr_array_sort (paths, compare_paths);
  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add (infos, limn_file_info_of_problem (g_ptr_array_index (paths, i), FALSE, unread));
  read_all (infos);
  return infos;
}
