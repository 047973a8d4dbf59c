/* limn library: finds its part, and reads which pictures are meant.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-library.h"

#include <stdio.h>
#include <string.h>

#include "app/number.h"

#define MAX_RANGE 10000000

static const LimnCommand *const parts[] = {
  &limn_command_library_list,
  &limn_command_library_search,
  &limn_command_library_show,
  &limn_command_library_tag,
  &limn_command_library_rate,
  &limn_command_library_import,
  &limn_command_library_export,
  &limn_command_library_trash,
  &limn_command_library_restore,
  &limn_command_library_check,
  &limn_command_library_backup,
  &limn_command_library_stats,
};

/* The word after "library ". */
static const char *
part_name (const LimnCommand *part)
{
  return strchr (part->name, ' ') + 1;
}

static void
print_help (void)
{
  fputs ("Usage:\n  limn library COMMAND …\n\nCommands:\n", stdout);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    fprintf (stdout, "  %-8s %s\n", part_name (parts[i]), parts[i]->summary);
  fputs ("\nPictures are named by their numbers: 3, 3,5, 3-9 or all.\nTry: limn library search 'apple rating:>=3'\n", stdout);
}

static gboolean
run (char   **arguments,
     GError **error)
{
  const char *name = arguments[1];

  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (parts); i++)
    if (g_str_equal (part_name (parts[i]), name))
      return parts[i]->run (arguments + 1, error);

  if (name != NULL && (g_str_equal (name, "--help") || g_str_equal (name, "-h")))
    {
      print_help ();
      return TRUE;
    }

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "library: %s%s%s: see limn library --help", name ? "\"" : "",
               name ? name : "a command is missing", name ? "\" is no command" : "");
  return FALSE;
}

const LimnCommand limn_command_library = {
  .name = "library",
  .summary = "Find, mark, import and export pictures of the library",
  .run = run,
};

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
add_word (LimnLibrary *library,
          GArray      *ids,
          GHashTable  *seen,
          const char  *word,
          GError     **error)
{
  g_autoptr (GArray) all = g_str_equal (word, "all") ? limn_library_search (library, "", LIMN_ORDER_NEWEST, error) : NULL;
  g_auto (GStrv) ranges = g_strsplit (word, ",", -1);

  if (g_str_equal (word, "all"))
    {
      for (guint i = 0; all != NULL && i < all->len; i++)
        add_id (ids, seen, g_array_index (all, gint64, i));
      return all != NULL;
    }

  for (int i = 0; ranges[i] != NULL; i++)
    if (!add_range (ids, seen, ranges[i]))
      {
        g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "library: \"%s\" is no picture: write a number, 3,5 or 3-9", word);
        return FALSE;
      }

  return TRUE;
}

GArray *
limn_command_library_ids (LimnLibrary *library,
                          char *const *words,
                          GError     **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (int i = 0; words[i] != NULL; i++)
    if (!add_word (library, ids, seen, words[i], error))
      return NULL;

  return g_steal_pointer (&ids);
}
