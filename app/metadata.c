/* Settings in pictures: what is written, and what is read back in the dialects of other programs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/metadata.h"

#include <string.h>

#include "app/number.h"
#include "app/parameters.h"
#include "app/sampler-names.h"
#include "app/xmp.h"

#define KEY_LIMN "limn"
#define KEY_PARAMETERS "parameters"
#define KEY_XMP "XML:com.adobe.xmp"

static char *
request_json (const LimnRequest *request)
{
  g_auto (LimnJsonWriter) writer = { 0 };

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_request_write (request, &writer);
  limn_json_writer_close (&writer, '}');
  return g_strdup (writer.text->str);
}

GPtrArray *
limn_metadata_texts (const LimnRequest *request)
{
  GPtrArray       *texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
  g_autofree char *parameters = limn_parameters_format (request, "limn " LIMN_VERSION);
  g_autofree char *json = request_json (request);
  g_autofree char *xmp = limn_xmp_format (&(LimnXmp){
      .source = request->mask ? LIMN_XMP_COMPOSITE : LIMN_XMP_MADE,
      .description = request->prompt ? request->prompt : "",
      .system = request->model ? request->model : "",
      .tool = "Limn",
      .version = LIMN_VERSION,
  });

  g_ptr_array_add (texts, limn_picture_text_new (KEY_PARAMETERS, parameters, FALSE));
  g_ptr_array_add (texts, limn_picture_text_new (KEY_LIMN, json, TRUE));
  g_ptr_array_add (texts, limn_picture_text_new (KEY_XMP, xmp, TRUE));
  return texts;
}

void
limn_metadata_free (LimnMetadata *metadata)
{
  limn_request_clear (&metadata->request);
  g_ptr_array_unref (metadata->loras);
  g_free (metadata->raw);
  g_free (metadata);
}

/* "<lora:name:0.8>", or "<lora:name>" for 1 */
static void
find_loras (LimnMetadata *metadata)
{
  const char *at = metadata->request.prompt;

  while (at != NULL && (at = strstr (at, "<lora:")) != NULL)
    {
      const char      *name = at + strlen ("<lora:");
      const char      *end = name + strcspn (name, ">");
      g_autofree char *tag = g_strndup (name, end - name);
      g_auto (GStrv) parts = g_strsplit (tag, ":", -1);
      double weight = 1;

      if (*end == '\0' || parts[0] == NULL)
        return;

      if (parts[1] != NULL)
        limn_number_parse_real (parts[1], &weight);
      limn_lora_list_add (metadata->loras, parts[0], weight);
      at = end;
    }
}

static void
read_integer (const GPtrArray *parameters,
              const char      *key,
              gint64          *value)
{
  const char *text = limn_parameters_find (parameters, key);
  gint64      number;

  if (text != NULL && limn_number_parse_integer (text, &number) && number >= 0)
    *value = number;
}

static void
read_real (const GPtrArray *parameters,
           const char      *key,
           double          *value)
{
  const char *text = limn_parameters_find (parameters, key);
  double      number;

  if (text != NULL && limn_number_parse_real (text, &number) && number >= 0)
    *value = number;
}

static void
read_sampler (const GPtrArray *parameters,
              LimnRequest     *request)
{
  const char *text = limn_parameters_find (parameters, "Sampler");
  const char *type = limn_parameters_find (parameters, "Schedule type");
  const char *sampler = NULL, *schedule = NULL;

  if (text != NULL)
    limn_sampler_names_parse (text, &sampler, &schedule);
  if (type != NULL)
    schedule = limn_sampler_names_parse_schedule (type);

  request->sampler = g_strdup (sampler);
  request->schedule = g_strdup (schedule);
}

/* Where `Model` is empty, the diffusion network's file stands under another key. */
static const char *
find_model (const GPtrArray *parameters)
{
  static const char *const keys[] = { "Model", "Unet", "Diffusion model" };
  const char              *model = NULL;

  for (gsize i = 0; model == NULL && i < G_N_ELEMENTS (keys); i++)
    model = limn_parameters_find (parameters, keys[i]);

  return model;
}

static void
read_size (const GPtrArray *parameters,
           LimnRequest     *request)
{
  const char *size = limn_parameters_find (parameters, "Size");
  gint64      width, height;

  if (size == NULL || !limn_number_parse_size (size, &width, &height) || width <= 0 || height <= 0)
    return;

  request->width = width;
  request->height = height;
}

static const char *
dialect_of_version (const char *version)
{
  if (version != NULL && g_str_has_prefix (version, "stable-diffusion.cpp"))
    return "sdcpp";
  if (version != NULL && g_str_has_prefix (version, "limn "))
    return "limn";
  return "a1111";
}

static void
read_parameters (LimnMetadata *metadata,
                 const char   *text)
{
  LimnRequest *request = &metadata->request;
  g_autoptr (GPtrArray) parameters = limn_parameters_parse (text, &request->prompt, &request->negative);

  metadata->dialect = dialect_of_version (limn_parameters_find (parameters, "Version"));
  metadata->raw = g_strdup (text);
  request->model = g_strdup (find_model (parameters));
  request->model_hash = g_strdup (limn_parameters_find (parameters, "Model hash"));
  read_integer (parameters, "Steps", &request->steps);
  read_integer (parameters, "Seed", &request->seed);
  read_integer (parameters, "Clip skip", &request->clip_skip);
  read_real (parameters, "CFG scale", &request->guidance);
  read_real (parameters, "Denoising strength", &request->strength);
  read_real (parameters, "Guidance", &metadata->distilled_guidance);
  read_real (parameters, "Distilled CFG Scale", &metadata->distilled_guidance);
  read_sampler (parameters, request);
  read_size (parameters, request);
}

/* Limn's own text is exact; if somebody damaged it, `parameters` may still be read. */
static gboolean
read_own (LimnMetadata *metadata,
          const char   *text,
          const char   *parameters)
{
  LimnRequest request;

  limn_request_init (&request);
  if (!limn_request_parse (&request, text, -1, KEY_LIMN, NULL))
    {
      limn_request_clear (&request);
      return FALSE;
    }

  metadata->request = request;
  metadata->dialect = "limn";
  metadata->raw = g_strdup (parameters ? parameters : text);
  return TRUE;
}

/* How other programs are known: the text under @key holds @mark. */
static const struct
{
  const char *dialect, *key, *mark;
} dialects[] = {
  { "swarmui", KEY_PARAMETERS, "\"sui_image_params\"" },
  { "comfyui", "prompt", "\"class_type\"" },
  { "comfyui", "workflow", "\"nodes\"" },
  { "invokeai", "invokeai_metadata", "{" },
  { "novelai", "Comment", "{" },
  { "drawthings", KEY_XMP, "Draw Things" },
  { "flux2c", "flux:seed", "" },
  { "flux2c", "flux:model", "" },
};

static gboolean
recognise (LimnMetadata    *metadata,
           const GPtrArray *texts)
{
  const char *scheme = limn_picture_texts_find (texts, "fooocus_scheme");
  const char *parameters = limn_picture_texts_find (texts, KEY_PARAMETERS);

  if (g_strcmp0 (scheme, "fooocus") == 0 && parameters != NULL)
    {
      metadata->dialect = "fooocus";
      metadata->raw = g_strdup (parameters);
    }

  for (gsize i = 0; metadata->dialect == NULL && i < G_N_ELEMENTS (dialects); i++)
    {
      const char *text = limn_picture_texts_find (texts, dialects[i].key);

      if (text == NULL || strstr (text, dialects[i].mark) == NULL)
        continue;
      metadata->dialect = dialects[i].dialect;
      metadata->raw = g_strdup (text);
    }

  return metadata->dialect != NULL;
}

LimnMetadata *
limn_metadata_read (const LimnPicture *picture)
{
  LimnMetadata *metadata = g_new0 (LimnMetadata, 1);
  const char   *own = limn_picture_texts_find (picture->texts, KEY_LIMN);
  const char   *parameters = limn_picture_texts_find (picture->texts, KEY_PARAMETERS);

  limn_request_init (&metadata->request);
  metadata->distilled_guidance = -1;
  metadata->loras = limn_lora_list_new ();

  if ((own == NULL || !read_own (metadata, own, parameters)) && !recognise (metadata, picture->texts) && parameters != NULL)
    read_parameters (metadata, parameters);
  if (metadata->request.loras == NULL)
    find_loras (metadata);

  if (metadata->request.width < 0 || metadata->request.height < 0)
    {
      metadata->request.width = picture->width;
      metadata->request.height = picture->height;
    }

  return metadata;
}

void
limn_metadata_write (const LimnMetadata *metadata,
                     LimnJsonWriter     *writer)
{
  limn_json_writer_open (writer, NULL, '{');
  limn_json_writer_string (writer, "dialect", metadata->dialect);
  limn_request_write (&metadata->request, writer);
  limn_lora_list_write (metadata->loras, writer);
  if (metadata->distilled_guidance >= 0)
    limn_json_writer_real (writer, "distilled_guidance", metadata->distilled_guidance);
  limn_json_writer_string (writer, "raw", metadata->raw);
  limn_json_writer_close (writer, '}');
}
