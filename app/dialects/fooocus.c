/* Fooocus: its own scheme, which is JSON, or AUTOMATIC1111's with keys of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/dialect.h"

#include <stdio.h>
#include <string.h>

#include "app/dialects/fields.h"
#include "app/number.h"
#include "app/parameters.h"

/* "(1152, 896)" */
static void
read_resolution (LimnRequest *request,
                 const char  *text)
{
  int width, height;

  if (text == NULL || sscanf (text, "(%d, %d)", &width, &height) != 2 || width <= 0 || height <= 0)
    return;
  request->width = width;
  request->height = height;
}

/* [["name", 0.5, "hash"], …] */
static void
read_json_loras (LimnMetadata *metadata,
                 JsonArray    *list)
{
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode  *node = json_array_get_element (list, i);
      JsonArray *lora = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
      JsonNode  *name = lora != NULL && json_array_get_length (lora) >= 2 ? json_array_get_element (lora, 0) : NULL;
      double     weight = 1;

      if (name == NULL || !JSON_NODE_HOLDS_VALUE (name) || json_node_get_value_type (name) != G_TYPE_STRING)
        continue;
      limn_fields_number (json_array_get_element (lora, 1), &weight);
      limn_lora_list_add (metadata->loras, json_node_get_string (name), weight);
    }
}

/* Older versions: "lora_combined_1": "name : 0.5" */
static void
read_combined_loras (LimnMetadata *metadata,
                     JsonObject   *object)
{
  for (int i = 1; i <= 9; i++)
    {
      g_autofree char *key = g_strdup_printf ("lora_combined_%d", i);
      const char      *text = limn_fields_text (object, key);
      const char      *colon = text ? g_strrstr (text, " : ") : NULL;
      g_autofree char *name = colon ? g_strndup (text, colon - text) : NULL;
      double           weight = 1;

      if (name == NULL || g_str_equal (name, "None"))
        continue;
      limn_number_parse_real (colon + 3, &weight);
      limn_lora_list_add (metadata->loras, name, weight);
    }
}

static void
read_json (LimnMetadata *metadata,
           JsonObject   *object)
{
  LimnRequest *request = &metadata->request;
  JsonArray   *loras = limn_fields_array (object, "loras");

  limn_fields_set_text (object, "prompt", &request->prompt);
  limn_fields_set_text (object, "negative_prompt", &request->negative);
  limn_fields_set_text (object, "base_model", &request->model);
  limn_fields_set_text (object, "base_model_hash", &request->model_hash);
  limn_fields_set_integer (object, "seed", &request->seed);
  limn_fields_set_integer (object, "steps", &request->steps);
  limn_fields_set_integer (object, "clip_skip", &request->clip_skip);
  limn_fields_set_real (object, "guidance_scale", &request->guidance);
  limn_fields_set_sampler (request, limn_fields_text (object, "sampler"), limn_fields_text (object, "scheduler"));
  read_resolution (request, limn_fields_text (object, "resolution"));
  read_json_loras (metadata, loras);
  if (loras == NULL)
    read_combined_loras (metadata, object);
}

/* "name: 0.5, other: 1" */
static void
read_weights (LimnMetadata *metadata,
              const char   *text)
{
  g_auto (GStrv) loras = g_strsplit (text ? text : "", ", ", -1);

  for (gsize i = 0; loras[i] != NULL; i++)
    {
      char  *colon = g_strrstr (loras[i], ": ");
      double weight = 1;

      if (colon == NULL)
        continue;
      *colon = '\0';
      limn_number_parse_real (colon + 2, &weight);
      limn_lora_list_add (metadata->loras, loras[i], weight);
    }
}

static void
take (char      **to,
      const char *text)
{
  if (text == NULL)
    return;
  g_free (*to);
  *to = g_strdup (text);
}

/* What the artist wrote is the raw prompt; the other one has the words of styles and of its expansion in it. */
static void
read_parameters (LimnMetadata *metadata,
                 const char   *text)
{
  g_autoptr (GPtrArray) parameters = limn_dialect_read_parameters (metadata, text);

  take (&metadata->request.prompt, limn_parameters_find (parameters, "Raw prompt"));
  take (&metadata->request.negative, limn_parameters_find (parameters, "Raw negative prompt"));
  limn_fields_set_sampler (&metadata->request, NULL, limn_parameters_find (parameters, "Scheduler"));
  read_weights (metadata, limn_parameters_find (parameters, "Lora weights"));
}

static gboolean
read_texts (LimnMetadata    *metadata,
            const GPtrArray *texts)
{
  const char *scheme = limn_picture_texts_find (texts, "fooocus_scheme");
  const char *text = limn_picture_texts_find (texts, "parameters");
  g_autoptr (JsonObject) object = limn_fields_parse (text);
  gboolean json = object != NULL && (scheme != NULL || limn_fields_text (object, "metadata_scheme") != NULL);

  if (text == NULL || !(json || scheme != NULL || strstr (text, "Version: Fooocus") != NULL))
    return FALSE;

  if (json)
    {
      metadata->raw = g_strdup (text);
      read_json (metadata, object);
    }
  else
    read_parameters (metadata, text);
  return TRUE;
}

const LimnDialect limn_dialect_fooocus = { .name = "fooocus", .read = read_texts };
