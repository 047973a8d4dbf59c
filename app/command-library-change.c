/* limn library tag, rate, trash, restore: what is done to pictures.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-library.h"

#include "app/number.h"

typedef struct
{
  gboolean remove, empty;
  char   **words;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Does @edit to the pictures that @words name. */
static gboolean
edit_pictures (const LimnEdit *edit,
               char *const    *words,
               GError        **error)
{
  g_autoptr (LimnLibrary) library = limn_library_open (NULL, error);
  g_autoptr (GArray) ids = library ? limn_command_library_ids (library, words, error) : NULL;

  return ids != NULL && limn_library_edit (library, edit, (const gint64 *) ids->data, ids->len, error);
}

static gboolean
run_tag (char   **arguments,
         GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "remove", 0, 0, G_OPTION_ARG_NONE, &options.remove, "Take the tags away", NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!limn_command_parse (&limn_command_library_tag, arguments, "PICTURES TAG…", NULL, entries, &options.words, error)
      || !limn_command_check_words (&limn_command_library_tag, options.words, 2, 100, "a picture or a tag", error))
    return FALSE;

  for (int i = 2; options.words[i] != NULL; i++)
    {
      LimnEdit    edit = { options.remove ? LIMN_EDIT_UNTAG : LIMN_EDIT_TAG, 0, options.words[i] };
      char *const pictures[] = { options.words[1], NULL };

      if (!edit_pictures (&edit, pictures, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
run_rate (char   **arguments,
          GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  gint64             rating;

  if (!limn_command_parse (&limn_command_library_rate, arguments, "PICTURES RATING", "A rating is 1 to 5; 0 takes it away.", entries,
                           &options.words, error)
      || !limn_command_check_words (&limn_command_library_rate, options.words, 2, 2, "a picture or a rating", error))
    return FALSE;

  if (!limn_number_parse_integer (options.words[2], &rating) || rating < 0 || rating > 5)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "library rate: \"%s\" is no rating: take 0 to 5", options.words[2]);
      return FALSE;
    }

  return edit_pictures (&(LimnEdit){ LIMN_EDIT_RATE, rating, NULL }, (char *const[]){ options.words[1], NULL }, error);
}

static gboolean
empty_trash (GError **error)
{
  g_autoptr (LimnLibrary) library = limn_library_open (NULL, error);

  return library != NULL && limn_library_empty_trash (library, NULL, error);
}

static gboolean
run_trash (char   **arguments,
           GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "empty", 0, 0, G_OPTION_ARG_NONE, &options.empty, "Delete for good what is in the trash", NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!limn_command_parse (&limn_command_library_trash, arguments, "PICTURES… | --empty", NULL, entries, &options.words, error)
      || !limn_command_check_words (&limn_command_library_trash, options.words, options.empty ? 0 : 1, options.empty ? 0 : 10000,
                                    "a picture's number", error))
    return FALSE;

  if (options.empty)
    return empty_trash (error);
  return edit_pictures (&(LimnEdit){ LIMN_EDIT_TRASH, 0, NULL }, options.words + 1, error);
}

static gboolean
run_restore (char   **arguments,
             GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };

  if (!limn_command_parse (&limn_command_library_restore, arguments, "PICTURES…", NULL, entries, &options.words, error)
      || !limn_command_check_words (&limn_command_library_restore, options.words, 1, 10000, "a picture's number", error))
    return FALSE;

  return edit_pictures (&(LimnEdit){ LIMN_EDIT_RESTORE, 0, NULL }, options.words + 1, error);
}

const LimnCommand limn_command_library_tag = {
  .name = "library tag",
  .summary = "Give pictures tags",
  .run = run_tag,
};

const LimnCommand limn_command_library_rate = {
  .name = "library rate",
  .summary = "Give pictures 1 to 5 stars",
  .run = run_rate,
};

const LimnCommand limn_command_library_trash = {
  .name = "library trash",
  .summary = "Put pictures into the trash, or empty it",
  .run = run_trash,
};

const LimnCommand limn_command_library_restore = {
  .name = "library restore",
  .summary = "Take pictures out of the trash",
  .run = run_restore,
};
