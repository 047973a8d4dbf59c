/* The files in folders, one after the other, sorted by name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/file-walk.h"

#include <string.h>

#define MAX_DEPTH 64

typedef struct
{
  char    *path;
  gboolean named;
  int      depth;
} Entry;

struct _LimnFileWalk
{
  GQueue entries;
};

static void
entry_free (Entry *entry)
{
  g_free (entry->path);
  g_free (entry);
}

LimnFileWalk *
limn_file_walk_new (const char *const *paths)
{
  LimnFileWalk *walk = g_new0 (LimnFileWalk, 1);

  for (gsize i = 0; paths[i] != NULL; i++)
    {
      Entry *entry = g_new (Entry, 1);

      *entry = (Entry){ g_strdup (paths[i]), TRUE, 0 };
      g_queue_push_tail (&walk->entries, entry);
    }

  return walk;
}

void
limn_file_walk_free (LimnFileWalk *walk)
{
  g_queue_clear_full (&walk->entries, (GDestroyNotify) entry_free);
  g_free (walk);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Puts what is in a folder in front, so that order is that of a reader of the tree. */
static void
open_folder (LimnFileWalk *walk,
             const Entry  *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder->path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (*name != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  for (guint i = names->len; i > 0; i--)
    {
      Entry *entry = g_new (Entry, 1);

      *entry = (Entry){ g_build_filename (folder->path, names->pdata[i - 1], NULL), FALSE, folder->depth + 1 };
      g_queue_push_head (&walk->entries, entry);
    }
}

static gboolean
is_folder (const Entry *entry)
{
  return g_file_test (entry->path, G_FILE_TEST_IS_DIR)
         && (entry->named || !g_file_test (entry->path, G_FILE_TEST_IS_SYMLINK)) && entry->depth < MAX_DEPTH;
}

char *
limn_file_walk_next (LimnFileWalk *walk,
                     gboolean     *named)
{
  Entry *entry;

  while ((entry = g_queue_pop_head (&walk->entries)) != NULL)
    {
      char *path = NULL;

      if (is_folder (entry))
        open_folder (walk, entry);
      else
        path = g_steal_pointer (&entry->path);
      *named = entry->named;
      entry_free (entry);
      if (path != NULL)
        return path;
    }

  return NULL;
}
