/* limn info: what is stored in a picture or in a model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include <string.h>

#include "app/metadata.h"
#include "app/model-place.h"
#include "app/side-model.h"

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

static void
append_text (GString    *text,
             const char *label,
             const char *value)
{
  if (value == NULL || *value == '\0')
    return;

  g_string_append_printf (text, "%s%-12s", text->len > 0 ? "\n" : "", label);
  for (const char *c = value; *c != '\0'; c++)
    if (*c == '\n')
      g_string_append_printf (text, "\n%-12s", "");
    else
      g_string_append_c (text, *c);
}

static void
append_integer (GString    *text,
                const char *label,
                gint64      value)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  if (value >= 0)
    append_text (text, label, number);
}

static void
append_real (GString    *text,
             const char *label,
             double      value)
{
  g_autofree char *number = g_strdup_printf ("%g", value);

  if (value >= 0)
    append_text (text, label, number);
}

static char *
describe_picture (const LimnMetadata *metadata)
{
  const LimnRequest *request = &metadata->request;
  GString           *text = g_string_new (NULL);
  g_autofree char   *size = g_strdup_printf ("%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT,
                                             request->width, request->height);

  append_text (text, "settings", metadata->dialect ? metadata->dialect : "none");
  append_text (text, "prompt", request->prompt);
  append_text (text, "without", request->negative);
  append_text (text, "size", size);
  append_integer (text, "seed", request->seed);
  append_integer (text, "steps", request->steps);
  append_text (text, "sampler", request->sampler);
  append_text (text, "schedule", request->schedule);
  append_real (text, "guidance", request->guidance);
  append_real (text, "distilled", metadata->distilled_guidance);
  append_text (text, "model", request->model);
  append_text (text, "model hash", request->model_hash);
  append_text (text, "image", request->picture);
  append_text (text, "mask", request->mask);
  append_real (text, "strength", request->strength);
  append_integer (text, "clip skip", request->clip_skip);
  if (metadata->dialect != NULL && request->prompt == NULL)
    append_text (text, "raw", metadata->raw);
  return g_string_free (text, FALSE);
}

static gboolean
show_picture (const char *path,
              gboolean    json,
              GError    **error)
{
  g_autoptr (LimnPicture) picture = limn_picture_file_read (path, LIMN_PICTURE_TEXTS, error);
  g_autoptr (LimnMetadata) metadata = picture ? limn_metadata_read (picture) : NULL;
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autofree char *text = NULL;

  if (metadata == NULL)
    return FALSE;

  if (json)
    {
      limn_json_writer_init (&writer, TRUE);
      limn_metadata_write (metadata, &writer);
      return limn_command_print (writer.text->str, error);
    }

  text = describe_picture (metadata);
  return limn_command_print (text, error);
}

/* "unet 859.5 M f16" → the types of all parts, each once: "f16" */
static char *
types_of (const LimnModelInfo *info)
{
  g_autoptr (GPtrArray) types = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; info->parts[i] != NULL; i++)
    {
      const char *type = strrchr (info->parts[i], ' ');

      if (type != NULL && !g_ptr_array_find_with_equal_func (types, type + 1, g_str_equal, NULL))
        g_ptr_array_add (types, g_strdup (type + 1));
    }

  g_ptr_array_add (types, NULL);
  return g_strjoinv (" ", (char **) types->pdata);
}

static void
write_model (const LimnModelInfo *info,
             LimnJsonWriter      *writer)
{
  g_autofree char *name = limn_model_place_name (info->path);
  g_autofree char *types = types_of (info);

  limn_json_writer_open (writer, NULL, '{');
  limn_json_writer_string (writer, "name", name);
  limn_json_writer_string (writer, "path", info->path);
  limn_json_writer_string (writer, "family", info->family);
  limn_json_writer_string (writer, "label", info->label);
  limn_json_writer_strings (writer, "parts", (const char *const *) info->parts);
  limn_json_writer_integer (writer, "parameters", info->parameters);
  limn_json_writer_string (writer, "type", types);
  limn_json_writer_integer (writer, "bytes", limn_model_place_size (info->path));
  limn_json_writer_integer (writer, "width", info->width);
  limn_json_writer_integer (writer, "height", info->height);
  limn_json_writer_integer (writer, "size_step", info->size_step);
  limn_json_writer_integer (writer, "max_size", info->max_size);
  if (info->native > 0)
    limn_json_writer_integer (writer, "native_size", info->native);
  limn_json_writer_integer (writer, "steps", info->steps);
  limn_json_writer_real (writer, "guidance", info->guidance);
  limn_json_writer_string (writer, "sampler", info->sampler);
  limn_json_writer_string (writer, "schedule", info->schedule);
  limn_json_writer_string (writer, "licence", info->licence);
  limn_json_writer_close (writer, '}');
}

static char *
describe_model (const LimnModelInfo *info)
{
  GString         *text = g_string_new (NULL);
  g_autofree char *name = limn_model_place_name (info->path);
  g_autofree char *family = g_strdup_printf ("%s (%s)", info->family, info->label);
  g_autofree char *parts = g_strjoinv ("\n", info->parts);
  g_autofree char *parameters = g_strdup_printf ("%.1f M", info->parameters / 1e6);
  g_autofree char *types = types_of (info);
  g_autofree char *bytes = g_format_size (limn_model_place_size (info->path));
  g_autofree char *size = g_strdup_printf ("%dx%d, %s in steps of %d up to %d", info->width, info->height,
                                           info->native > 0 ? "squares" : "sides", info->size_step, info->max_size);
  g_autofree char *defaults = g_strdup_printf ("%d steps, guidance %g, sampler %s, schedule %s", info->steps,
                                               info->guidance, info->sampler, info->schedule ? info->schedule : "none");

  append_text (text, "model", name);
  append_text (text, "family", family);
  append_text (text, "parts", parts);
  append_text (text, "parameters", parameters);
  append_text (text, "type", types);
  append_text (text, "on disk", bytes);
  append_text (text, "size", size);
  append_text (text, "defaults", defaults);
  append_text (text, "licence", info->licence ? info->licence : "not stated in the model's files");
  return g_string_free (text, FALSE);
}

static gboolean
show_model (const char *path,
            gboolean    json,
            GError    **error)
{
  g_autofree char *place = limn_model_place_find (path, error);
  g_autoptr (LimnEngine) engine = place ? limn_engine_new (NULL, error) : NULL;
  g_autoptr (LimnModel) model = engine ? limn_model_open (engine, place, NULL, error) : NULL;
  g_auto (LimnJsonWriter) writer = { 0 };
  g_autofree char *text = NULL;

  if (model == NULL)
    {
      text = engine ? limn_side_model_describe (engine, place, json) : NULL;
      if (text == NULL)
        return FALSE;
      g_clear_error (error);
      return limn_command_print (text, error);
    }

  if (json)
    {
      limn_json_writer_init (&writer, TRUE);
      write_model (limn_model_info (model), &writer);
      return limn_command_print (writer.text->str, error);
    }

  text = describe_model (limn_model_info (model));
  return limn_command_print (text, error);
}

static gboolean
run (char   **arguments,
     GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one object; a picture's can be given to generate --request", NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!limn_command_parse (&limn_command_info, arguments, "PICTURE|MODEL", NULL, entries,
                           &options.words, error)
      || !limn_command_check_words (&limn_command_info, options.words, 1, 1,
                                    "a picture or a model", error))
    return FALSE;

  if (limn_picture_file_recognise (options.words[1]) != NULL)
    return show_picture (options.words[1], options.json, error);

  return show_model (options.words[1], options.json, error);
}

const LimnCommand limn_command_info = {
  .name = "info",
  .summary = "Tell what is stored in a picture or a model",
  .run = run,
};
