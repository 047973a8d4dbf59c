/* Numbers of pictures and jobs as they are typed: 3, 3,5, 3-9 or all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-ids.h"

#include <string.h>

#include "app/number.h"

#define MAX_RANGE 10000000

static void
add_id (GArray     *ids,
        GHashTable *seen,
        gint64      id)
{
  if (!g_hash_table_add (seen, g_memdup2 (&id, sizeof id)))
    return;

  g_array_append_val (ids, id);
}

/* "3" or "3-9" */
static gboolean
add_range (GArray     *ids,
           GHashTable *seen,
           const char *text)
{
  const char      *dash = strchr (text, '-');
  g_autofree char *first = dash ? g_strndup (text, dash - text) : g_strdup (text);
  gint64           from, to;

  if (!limn_number_parse_integer (first, &from) || !limn_number_parse_integer (dash ? dash + 1 : text, &to))
    return FALSE;
  if (from < 1 || to < from || to - from > MAX_RANGE)
    return FALSE;

  for (gint64 id = from; id <= to; id++)
    add_id (ids, seen, id);
  return TRUE;
}

static gboolean
add_word (GArray     *ids,
          GHashTable *seen,
          const char *word,
          const char *command,
          GError    **error)
{
  g_auto (GStrv) ranges = g_strsplit (word, ",", -1);

  for (int i = 0; ranges[i] != NULL; i++)
    if (!add_range (ids, seen, ranges[i]))
      {
        g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "%s: \"%s\" is no number: write one, 3,5 or 3-9, or all", command, word);
        return FALSE;
      }

  return TRUE;
}

GArray *
limn_command_ids (char *const *words,
                  const char  *command,
                  gboolean    *all,
                  GError     **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  *all = g_strv_contains ((const char *const *) words, "all");
  for (int i = 0; !*all && words[i] != NULL; i++)
    if (!add_word (ids, seen, words[i], command, error))
      return NULL;

  return g_steal_pointer (&ids);
}
