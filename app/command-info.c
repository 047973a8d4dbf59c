/* limn info: what is stored in a picture or in a model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include <string.h>

#include "app/metadata.h"
#include "app/model-place.h"
#include "app/model-facts.h"

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

/* What a model is used with if nothing is asked for; told of those that can be run. Where settings are missing that only its folder
 * has, everything else is told all the same, and that. */
static LimnModel *
open_model (LimnFileInfo *info,
            LimnEngine  **engine)
{
  static const LimnEngineOptions options = { .device = "cpu" }; /* facts are the same everywhere, and cards take long to start */
  g_autoptr (GError) error = NULL;
  LimnModel *model = NULL;

  if (!info->supported || (!g_str_equal (info->kind, "model") && !g_str_equal (info->kind, "controlnet")))
    return NULL;
  *engine = limn_engine_new (&options, &error);
  model = *engine ? limn_model_open (*engine, info->path, NULL, &error) : NULL;
  if (model == NULL)
    info->problem = g_strdup (error->message);
  return model;
}

static gboolean
is_known (const LimnFileInfo *info,
          GError            **error)
{
  g_autofree char *shown = g_filename_display_name (info->path);

  if (!g_str_equal (info->kind, "unknown"))
    return TRUE;
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE,
               "%s: no known kind of model, LoRA, autoencoder or upscaler has such tensors: name another file", shown);
  return FALSE;
}

static gboolean
show_model (const char *path,
            gboolean    json,
            GError    **error)
{
  g_autoptr (LimnFileInfo) info = limn_file_info_read (path, error);
  g_autoptr (LimnEngine) engine = NULL;
  g_autoptr (LimnModel) model = info ? open_model (info, &engine) : NULL;
  g_autofree char *text = NULL;

  if (info == NULL || !is_known (info, error))
    return FALSE;
  text = limn_model_facts_describe (info, model ? limn_model_info (model) : NULL, json);
  return limn_command_print (text, error);
}

static gboolean
show_list (const char *path,
           gboolean    json,
           GError    **error)
{
  g_autoptr (GPtrArray) infos = limn_file_info_list (path, error);
  g_autofree char *text = infos ? limn_model_facts_list (infos, path, json) : NULL;

  return text != NULL && limn_command_print (text, error);
}

static gboolean
show_models (const char *path,
             gboolean    json,
             GError    **error)
{
  g_autofree char *place = limn_model_place_find (path, error);

  if (place == NULL)
    return FALSE;
  if (g_file_test (place, G_FILE_TEST_IS_DIR) && !limn_file_info_is_model_folder (place))
    return show_list (place, json, error);
  return show_model (place, json, error);
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

  if (!limn_command_parse (&limn_command_info, arguments, "PICTURE|MODEL|FOLDER", NULL, entries,
                           &options.words, error)
      || !limn_command_check_words (&limn_command_info, options.words, 1, 1,
                                    "a picture or a model", error))
    return FALSE;

  if (limn_picture_file_recognise (options.words[1]) != NULL)
    return show_picture (options.words[1], options.json, error);

  return show_models (options.words[1], options.json, error);
}

const LimnCommand limn_command_info = {
  .name = "info",
  .summary = "Tell what is stored in a picture or a model",
  .run = run,
};
