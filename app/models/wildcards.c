/* Wildcard files: lists of texts to choose from in prompts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/models/wildcards.h"

#include <glib/gstdio.h>

#include "app/models/folders.h"

/* A list of more was not written to choose from. */
#define MAX_BYTES (16 * 1024 * 1024)

struct _LimnWildcards
{
  GHashTable *files; /* name → lines; NULL: there is none */
};

LimnWildcards *
limn_wildcards_new (void)
{
  LimnWildcards *wildcards = g_new (LimnWildcards, 1);

  wildcards->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  return wildcards;
}

void
limn_wildcards_free (LimnWildcards *wildcards)
{
  g_hash_table_unref (wildcards->files);
  g_free (wildcards);
}

static char **
lines_of (const char *text)
{
  g_auto (GStrv) all = g_strsplit (text, "\n", -1);
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (gsize i = 0; all[i] != NULL; i++)
    {
      const char *line = g_strstrip (all[i]);

      if (*line != '\0' && *line != '#')
        g_strv_builder_add (lines, line);
    }
  return g_strv_builder_end (lines);
}

static char **
read_file (const char *name)
{
  g_autofree char *path = limn_folders_find_named (LIMN_PLACE_WILDCARDS, name, NULL), *text = NULL;
  g_auto (GStrv) lines = NULL;
  GStatBuf status;

  if (path == NULL || g_stat (path, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size > MAX_BYTES || !g_file_get_contents (path, &text, NULL, NULL) || !g_utf8_validate (text, -1, NULL))
    return NULL;
  lines = lines_of (text);
  return lines[0] != NULL ? g_steal_pointer (&lines) : NULL;
}

const char *const *
limn_wildcards_lines (const char *name,
                      gpointer    data)
{
  LimnWildcards *wildcards = data;
  gpointer       lines;

  if (!g_hash_table_lookup_extended (wildcards->files, name, NULL, &lines))
    {
      lines = read_file (name);
      g_hash_table_insert (wildcards->files, g_strdup (name), lines);
    }
  return lines;
}
