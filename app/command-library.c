/* limn library: finds its part, and reads which pictures are meant.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-library.h"

#include <stdio.h>
#include <string.h>

#include "app/command-ids.h"

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

GArray *
limn_command_library_ids (LimnLibrary *library,
                          char *const *words,
                          GError     **error)
{
  gboolean all;
  g_autoptr (GArray) ids = limn_command_ids (words, "library", &all, error);

  return ids != NULL && all ? limn_library_search (library, "", LIMN_ORDER_NEWEST, error) : g_steal_pointer (&ids);
}
