/* limn styles: named styles listed, brought in, removed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include "app/styles.h"

typedef struct
{
  gboolean json;
  char    *import, *remove;
  char   **words;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->import);
  g_free (options->remove);
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
write_style (LimnJsonWriter  *writer,
             const LimnStyle *style)
{
  limn_json_writer_open (writer, NULL, '{');
  limn_json_writer_string (writer, "name", style->name);
  limn_json_writer_string (writer, "prompt", style->prompt);
  limn_json_writer_string (writer, "negative_prompt", style->negative);
  limn_json_writer_boolean (writer, "own", style->own);
  limn_json_writer_close (writer, '}');
}

static void
list (gboolean json)
{
  g_autoptr (GPtrArray) styles = limn_styles_list ();
  g_auto (LimnJsonWriter) writer = { 0 };

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '[');
  for (guint i = 0; i < styles->len; i++)
    {
      const LimnStyle *style = styles->pdata[i];

      if (json)
        write_style (&writer, style);
      else
        g_print ("%s\t%s\n", style->name, style->prompt);
    }
  limn_json_writer_close (&writer, ']');
  if (json)
    g_print ("%s\n", writer.text->str);
}

static gboolean
run (char   **arguments,
     GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print an array", NULL },
    { "import", 0, 0, G_OPTION_ARG_FILENAME, &options.import, "Take the styles of a file of Fooocus (JSON) or of AUTOMATIC1111's program (CSV)", "FILE" },
    { "remove", 0, 0, G_OPTION_ARG_STRING, &options.remove, "Forget one of yours", "NAME" },
    G_OPTION_ENTRY_NULL
  };
  guint count = 0;

  if (!limn_command_parse (&limn_command_styles, arguments, "[OPTION…]", "Lists all styles, brings some in, or removes one.", entries, &options.words, error)
      || !limn_command_check_words (&limn_command_styles, options.words, 0, 0, "nothing more", error))
    return FALSE;

  if (options.import != NULL && !limn_styles_import (options.import, &count, error))
    return FALSE;
  if (options.remove != NULL && !limn_styles_remove (options.remove, error))
    return FALSE;
  if (options.import != NULL)
    g_print ("%u styles\n", count);
  if (options.import == NULL && options.remove == NULL)
    list (options.json);
  return TRUE;
}

const LimnCommand limn_command_styles = {
  .name = "styles",
  .summary = "Named styles: words that are put around a prompt",
  .run = run,
};
