/* SwarmUI: JSON with its own parameters' names.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/dialect.h"

#include <math.h>

#include "app/dialects/fields.h"

/* Two lists of the same length; weights stand in strings. */
static void
read_loras (LimnMetadata *metadata,
            JsonObject   *params)
{
  JsonArray *names = limn_fields_array (params, "loras");
  JsonArray *weights = limn_fields_array (params, "loraweights");

  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    {
      JsonNode *name = json_array_get_element (names, i);
      double    weight = 1;

      if (weights != NULL && i < json_array_get_length (weights))
        limn_fields_number (json_array_get_element (weights, i), &weight);
      if (JSON_NODE_HOLDS_VALUE (name) && json_node_get_value_type (name) == G_TYPE_STRING)
        limn_lora_list_add (metadata->loras, json_node_get_string (name), weight);
    }
}

/* It counts layers from the last one backwards: -2 is AUTOMATIC1111's 2. */
static void
read_clip_skip (LimnRequest *request,
                JsonObject  *params)
{
  double layer;

  if (limn_fields_number (json_object_get_member (params, "clipstopatlayer"), &layer) && layer < 0 && layer >= -100)
    request->clip_skip = (gint64) -layer;
}

static void
read_params (LimnMetadata *metadata,
             JsonObject   *params)
{
  LimnRequest *request = &metadata->request;
  const char  *sampler = limn_fields_text (params, "sampler");
  const char  *schedule = limn_fields_text (params, "scheduler");

  limn_fields_set_text (params, "prompt", &request->prompt);
  limn_fields_set_text (params, "negativeprompt", &request->negative);
  limn_fields_set_text (params, "model", &request->model);
  limn_fields_set_integer (params, "seed", &request->seed);
  limn_fields_set_integer (params, "steps", &request->steps);
  limn_fields_set_integer (params, "width", &request->width);
  limn_fields_set_integer (params, "height", &request->height);
  limn_fields_set_real (params, "cfgscale", &request->guidance);
  limn_fields_set_real (params, "fluxguidancescale", &metadata->distilled_guidance);
  if (json_object_has_member (params, "initimage") || json_object_has_member (params, "initimagecreativity"))
    limn_fields_set_real (params, "initimagecreativity", &request->strength);
  limn_fields_set_sampler (request, sampler ? sampler : limn_fields_text (params, "comfyuisampler"),
                           schedule ? schedule : limn_fields_text (params, "comfyuischeduler"));
  read_clip_skip (request, params);
  read_loras (metadata, params);
}

static gboolean
read_texts (LimnMetadata    *metadata,
            const GPtrArray *texts)
{
  const char *text = limn_picture_texts_find (texts, "parameters");
  g_autoptr (JsonObject) object = limn_fields_parse (text);
  JsonObject *params = limn_fields_object (object, "sui_image_params");

  if (params == NULL)
    return FALSE;

  metadata->raw = g_strdup (text);
  read_params (metadata, params);
  return TRUE;
}

const LimnDialect limn_dialect_swarmui = { .name = "swarmui", .read = read_texts };
