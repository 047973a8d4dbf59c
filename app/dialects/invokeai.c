/* InvokeAI: `invokeai_metadata` of today, `sd-metadata` of before version 3.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/dialect.h"

#include <string.h>

#include "app/dialects/fields.h"

/* Names have changed over the years: "model": {"model_name": …}, {"name": …}, or a text. */
static void
read_name (JsonObject *object,
           const char *key,
           char      **to)
{
  JsonObject *model = limn_fields_object (object, key);

  limn_fields_set_text (object, key, to);
  limn_fields_set_text (model, "model_name", to);
  limn_fields_set_text (model, "name", to);
}

/* "dpmpp_2m_k" is DPM++ 2M with Karras' schedule, and "k_euler_a", of long ago, simply Euler a. */
static void
read_scheduler (LimnRequest *request,
                const char  *text)
{
  g_autofree char *name = g_strdup (text ? text : "");
  gboolean         karras = g_str_has_suffix (name, "_k");

  if (karras)
    name[strlen (name) - 2] = '\0';
  limn_fields_set_sampler (request, g_str_has_prefix (name, "k_") ? name + 2 : name, karras ? "karras" : NULL);
}

static void
read_loras (LimnMetadata *metadata,
            JsonArray    *list)
{
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode        *node = json_array_get_element (list, i);
      JsonObject      *lora = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *name = NULL;
      double           weight = 1;

      read_name (lora, "lora", &name);
      read_name (lora, "model", &name);
      limn_fields_set_real (lora, "weight", &weight);
      if (name != NULL)
        limn_lora_list_add (metadata->loras, name, weight);
    }
}

/* It counts the layers that are left out, where AUTOMATIC1111 counts from the last one on, which is its 1. */
static void
read_clip_skip (LimnRequest *request,
                JsonObject  *object)
{
  gint64 skipped = 0;

  limn_fields_set_integer (object, "clip_skip", &skipped);
  if (skipped > 0)
    request->clip_skip = skipped + 1;
}

static void
read_today (LimnMetadata *metadata,
            JsonObject   *object)
{
  LimnRequest *request = &metadata->request;

  limn_fields_set_text (object, "positive_prompt", &request->prompt);
  limn_fields_set_text (object, "negative_prompt", &request->negative);
  limn_fields_set_integer (object, "seed", &request->seed);
  limn_fields_set_integer (object, "steps", &request->steps);
  limn_fields_set_integer (object, "width", &request->width);
  limn_fields_set_integer (object, "height", &request->height);
  limn_fields_set_real (object, "cfg_scale", &request->guidance);
  limn_fields_set_real (object, "guidance", &metadata->distilled_guidance);
  limn_fields_set_real (object, "strength", &request->strength);
  read_name (object, "model", &request->model);
  read_scheduler (request, limn_fields_text (object, "scheduler"));
  read_clip_skip (request, object);
  read_loras (metadata, limn_fields_array (object, "loras"));
}

/* "prompt": [{"prompt": "…", "weight": 1}], or a text */
static void
read_old_prompt (LimnRequest *request,
                 JsonObject  *image)
{
  JsonArray *list = limn_fields_array (image, "prompt");
  JsonNode  *first = list != NULL && json_array_get_length (list) > 0 ? json_array_get_element (list, 0) : NULL;

  limn_fields_set_text (image, "prompt", &request->prompt);
  if (first != NULL && JSON_NODE_HOLDS_OBJECT (first))
    limn_fields_set_text (json_node_get_object (first), "prompt", &request->prompt);
}

static void
read_old (LimnMetadata *metadata,
          JsonObject   *object)
{
  LimnRequest *request = &metadata->request;
  JsonObject  *image = limn_fields_object (object, "image");

  read_old_prompt (request, image);
  limn_fields_set_text (object, "model_weights", &request->model);
  limn_fields_set_integer (image, "seed", &request->seed);
  limn_fields_set_integer (image, "steps", &request->steps);
  limn_fields_set_integer (image, "width", &request->width);
  limn_fields_set_integer (image, "height", &request->height);
  limn_fields_set_real (image, "cfg_scale", &request->guidance);
  limn_fields_set_real (image, "strength", &request->strength);
  read_scheduler (request, limn_fields_text (image, "sampler"));
}

static gboolean
read_texts (LimnMetadata    *metadata,
            const GPtrArray *texts)
{
  const char *today = limn_picture_texts_find (texts, "invokeai_metadata");
  const char *before = limn_picture_texts_find (texts, "sd-metadata");
  g_autoptr (JsonObject) object = limn_fields_parse (today ? today : before);

  if (object == NULL || (today == NULL && limn_fields_object (object, "image") == NULL))
    return FALSE;

  metadata->raw = g_strdup (today ? today : before);
  if (today != NULL)
    read_today (metadata, object);
  else
    read_old (metadata, object);
  return TRUE;
}

const LimnDialect limn_dialect_invokeai = { .name = "invokeai", .read = read_texts };
