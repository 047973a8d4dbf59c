/* limn settings: what holds for every picture unless something else is said.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include "app/settings.h"

typedef struct
{
  gboolean json, reset;
  char   **words;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Texts as they are, everything else as GVariant has it. */
static char *
print_value (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);

  return g_variant_print (value, FALSE);
}

static void write_value (LimnJsonWriter *writer,
                         const char     *key,
                         GVariant       *value);

static void
write_list (LimnJsonWriter *writer,
            const char     *key,
            GVariant       *list)
{
  limn_json_writer_open (writer, key, '[');
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) value = g_variant_get_child_value (list, i);

      write_value (writer, NULL, value);
    }
  limn_json_writer_close (writer, ']');
}

static void
write_value (LimnJsonWriter *writer,
             const char     *key,
             GVariant       *value)
{
  if (g_variant_is_container (value))
    {
      write_list (writer, key, value);
      return;
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    limn_json_writer_boolean (writer, key, g_variant_get_boolean (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    limn_json_writer_integer (writer, key, g_variant_get_int32 (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    limn_json_writer_real (writer, key, g_variant_get_double (value));
  else
    limn_json_writer_string (writer, key, g_variant_get_string (value, NULL));
}

static gboolean
list (GSettings *settings,
      gboolean   json,
      GError   **error)
{
  g_auto (GStrv) keys = limn_settings_keys (settings);
  g_auto (LimnJsonWriter) writer = { 0 };

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '{');
  for (int i = 0; keys[i] != NULL; i++)
    {
      g_autoptr (GVariant) value = g_settings_get_value (settings, keys[i]);
      g_autofree char *text = print_value (value);
      g_autofree char *line = g_strdup_printf ("%-22s %s", keys[i], text);

      write_value (&writer, keys[i], value);
      if (!json && !limn_command_print (line, error))
        return FALSE;
    }
  limn_json_writer_close (&writer, '}');
  return !json || limn_command_print (writer.text->str, error);
}

static gboolean
show (GSettings  *settings,
      const char *key,
      GError    **error)
{
  g_autoptr (GVariant) value = g_settings_get_value (settings, key);
  g_autofree char *text = print_value (value);

  return limn_command_print (text, error);
}

/* A word that is no text of GVariant's is one without its quotes. */
static GVariant *
parse (GSettings  *settings,
       const char *key,
       const char *word)
{
  g_autoptr (GVariant) now = g_settings_get_value (settings, key);

  if (g_variant_is_of_type (now, G_VARIANT_TYPE_STRING))
    return g_variant_new_string (word);
  return g_variant_parse (g_variant_get_type (now), word, NULL, NULL, NULL);
}

static gboolean
set (GSettings  *settings,
     const char *key,
     const char *word,
     GError    **error)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsSchemaKey) facts = NULL;
  g_autoptr (GVariant) value = parse (settings, key, word);
  gboolean ok;

  if (value != NULL)
    g_variant_ref_sink (value);
  g_object_get (settings, "settings-schema", &schema, NULL);
  facts = g_settings_schema_get_key (schema, key);
  ok = value != NULL && g_utf8_validate (word, -1, NULL) && g_settings_schema_key_range_check (facts, value);
  if (ok && g_settings_set_value (settings, key, value))
    {
      g_settings_sync ();
      return TRUE;
    }

  g_set_error (error, LIMN_APP_ERROR, ok ? LIMN_APP_ERROR_FILE : LIMN_APP_ERROR_USAGE, "settings: %s \"%s\": %s: %s", key, word,
               ok ? "cannot be kept" : "is no value for it", g_settings_schema_key_get_description (facts));
  return FALSE;
}

static gboolean
check_key (GSettings  *settings,
           const char *key,
           GError    **error)
{
  g_auto (GStrv) keys = limn_settings_keys (settings);
  g_autofree char *known = g_strjoinv (", ", keys);

  if (g_strv_contains ((const char *const *) keys, key))
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "settings: \"%s\" is none: take one of %s", key, known);
  return FALSE;
}

static gboolean
run (char   **arguments,
     GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print an object", NULL },
    { "reset", 0, 0, G_OPTION_ARG_NONE, &options.reset, "Go back to what Limn came with", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GSettings) settings = NULL;
  char **words;

  if (!limn_command_parse (&limn_command_settings, arguments, "[KEY [VALUE]] [--reset]", "Lists all, tells one, or changes one.", entries, &options.words, error)
      || !limn_command_check_words (&limn_command_settings, options.words, options.reset ? 1 : 0, options.reset ? 1 : 2, "a key", error))
    return FALSE;

  words = options.words + 1;
  settings = limn_settings_new ();
  if (settings == NULL)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "settings: their schema is not installed: install Limn again");
      return FALSE;
    }
  if (words[0] == NULL)
    return list (settings, options.json, error);
  if (!check_key (settings, words[0], error))
    return FALSE;
  if (!options.reset)
    return words[1] == NULL ? show (settings, words[0], error) : set (settings, words[0], words[1], error);

  g_settings_reset (settings, words[0]);
  g_settings_sync ();
  return TRUE;
}

const LimnCommand limn_command_settings = {
  .name = "settings",
  .summary = "What holds for every picture unless something else is said",
  .run = run,
};
