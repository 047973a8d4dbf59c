/* limn models: what there is on this machine, in whose folders, and whether it is sound.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include "app/model-facts.h"
#include "app/models/folders.h"

typedef struct
{
  gboolean json;
  char   **words;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Links lead to the same file from several folders. */
static void
add_infos (GPtrArray  *infos,
           GHashTable *known,
           const char *folder)
{
  g_autoptr (GPtrArray) found = limn_file_info_list (folder, NULL);

  while (found != NULL && found->len > 0)
    {
      LimnFileInfo *info = g_ptr_array_steal_index (found, 0);

      if (g_hash_table_add (known, g_strdup (info->path)))
        g_ptr_array_add (infos, info);
      else
        limn_file_info_free (info);
    }
}

static GPtrArray *
all_infos (void)
{
  GPtrArray *infos = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_file_info_free);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int kind = 0; kind < LIMN_PLACE_WILDCARDS; kind++)
    {
      g_auto (GStrv) folders = limn_folders_of (kind);

      for (gsize i = 0; folders[i] != NULL; i++)
        add_infos (infos, known, folders[i]);
    }
  return infos;
}

static gboolean
list (const Options *options,
      GError       **error)
{
  g_autoptr (GPtrArray) infos = all_infos ();
  g_autofree char *text = limn_model_facts_list (infos, "", options->json);
  g_auto (GStrv) roots = limn_folders_roots ();

  if (!limn_command_print (text, error))
    return FALSE;
  for (gsize i = 0; !options->json && roots[i] != NULL; i++)
    {
      g_autofree char *shown = g_filename_display_name (roots[i]), *line = g_strdup_printf ("in %s", shown);

      if (!limn_command_print (line, error))
        return FALSE;
    }
  return TRUE;
}

/* What is wrong with the files: their headers are read and their sizes compared; pickles are only named. */
static gboolean
verify (const Options *options,
        GError       **error)
{
  g_autoptr (GPtrArray) infos = all_infos ();
  guint broken = 0;

  for (guint i = 0; i < infos->len; i++)
    {
      const LimnFileInfo *info = infos->pdata[i];
      g_autofree char    *shown = g_filename_display_name (info->path);
      g_autofree char    *line = NULL;

      if (info->problem == NULL || g_str_equal (info->kind, "pickle"))
        continue;
      broken++;
      line = g_strdup_printf ("%s: %s", shown, info->problem);
      if (!limn_command_print (line, error))
        return FALSE;
    }
  if (broken == 0)
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "models: %u of %u files are damaged: get them again", broken, infos->len);
  return FALSE;
}

static gboolean
change_folders (const Options *options,
                gboolean (*change) (const char *folder,
                                    GError    **error),
                GError **error)
{
  for (gsize i = 2; options->words[i] != NULL; i++)
    if (!change (options->words[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
run (char   **arguments,
     GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "For programs", NULL },
    { NULL }
  };
  const char *what;

  if (!limn_command_parse (&limn_command_models, arguments, "list|verify|add FOLDER…|remove FOLDER… [OPTION…]",
                           "Models, LoRAs, embeddings and what else goes with them are read where they are: in Limn's own folders, those of ComfyUI, of\n"
                           "AUTOMATIC1111's program and of the Hugging Face hub where these usually lie, and in folders that were added.",
                           entries, &options.words, error)
      || !limn_command_check_words (&limn_command_models, options.words, 1, G_MAXUINT, "what to do: list, verify, add or remove", error))
    return FALSE;

  what = options.words[1];
  if (g_str_equal (what, "list") && options.words[2] == NULL)
    return list (&options, error);
  if (g_str_equal (what, "verify") && options.words[2] == NULL)
    return verify (&options, error);
  if (g_str_equal (what, "add") && options.words[2] != NULL)
    return change_folders (&options, limn_folders_add, error);
  if (g_str_equal (what, "remove") && options.words[2] != NULL)
    return change_folders (&options, limn_folders_remove, error);

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "models: %s: say list, verify, add FOLDER or remove FOLDER", what);
  return FALSE;
}

const LimnCommand limn_command_models = {
  .name = "models",
  .summary = "lists models and what goes with them, and the folders they lie in",
  .run = run,
};
