/* ComfyUI's editor stores its own form of a graph, where values have places in place of names.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/comfyui.h"

#include "app/dialects/fields.h"

#define MOST_WIDGETS 10
#define SWITCHED_OFF 2 /* modes of nodes: "never", "bypass" */
#define BYPASSED 4

/* What the values of a node's widgets mean, in the order they are stored. A seed is followed by what is to become of it. */
static const struct
{
  const char *kind, *names[MOST_WIDGETS];
} widgets[] = {
  { "KSampler", { "seed", "-", "steps", "cfg", "sampler_name", "scheduler", "denoise" } },
  { "KSamplerAdvanced", { "add_noise", "noise_seed", "-", "steps", "cfg", "sampler_name", "scheduler", "start_at_step", "end_at_step" } },
  { "SamplerCustom", { "add_noise", "noise_seed", "-", "cfg" } },
  { "RandomNoise", { "noise_seed" } },
  { "KSamplerSelect", { "sampler_name" } },
  { "BasicScheduler", { "scheduler", "steps", "denoise" } },
  { "CFGGuider", { "cfg" } },
  { "FluxGuidance", { "guidance" } },
  { "CheckpointLoaderSimple", { "ckpt_name" } },
  { "UNETLoader", { "unet_name" } },
  { "UnetLoaderGGUF", { "unet_name" } },
  { "LoraLoader", { "lora_name", "strength_model", "strength_clip" } },
  { "LoraLoaderModelOnly", { "lora_name", "strength_model" } },
  { "CLIPTextEncode", { "text" } },
  { "CLIPTextEncodeFlux", { "clip_l", "t5xxl", "guidance" } },
  { "CLIPTextEncodeSDXL", { "width", "height", "crop_w", "crop_h", "target_width", "target_height", "text_g", "text_l" } },
  { "CLIPSetLastLayer", { "stop_at_clip_layer" } },
  { "EmptyLatentImage", { "width", "height" } },
  { "EmptySD3LatentImage", { "width", "height" } },
  { "EmptyFlux2LatentImage", { "width", "height" } },
  { "PrimitiveNode", { "value" } },
  { "PrimitiveInt", { "value" } },
  { "PrimitiveFloat", { "value" } },
  { "PrimitiveString", { "value" } },
  { "PrimitiveStringMultiline", { "value" } },
};

static void
add_widgets (JsonObject *inputs,
             const char *kind,
             JsonArray  *values)
{
  for (gsize k = 0; values != NULL && k < G_N_ELEMENTS (widgets); k++)
    for (guint i = 0; g_str_equal (widgets[k].kind, kind) && i < MOST_WIDGETS && i < json_array_get_length (values); i++)
      {
        const char *name = widgets[k].names[i];

        if (name != NULL && *name != '-')
          json_object_set_member (inputs, name, json_node_copy (json_array_get_element (values, i)));
      }
}

/* Links are [number, from node, its output, to node, its input, type]. */
static JsonArray *
find_link (JsonArray *links,
           gint64     number)
{
  for (guint i = 0; i < json_array_get_length (links); i++)
    {
      JsonNode  *node = json_array_get_element (links, i);
      JsonArray *link = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
      double     value;

      if (link != NULL && json_array_get_length (link) >= 5 && limn_fields_number (json_array_get_element (link, 0), &value)
          && (gint64) value == number)
        return link;
    }

  return NULL;
}

static void
add_link (JsonObject *inputs,
          JsonArray  *links,
          JsonObject *socket)
{
  const char *name = limn_fields_text (socket, "name");
  gint64      number = -1;
  JsonArray  *link, *pair;

  limn_fields_set_integer (socket, "link", &number);
  link = name != NULL && number >= 0 ? find_link (links, number) : NULL;
  if (link == NULL)
    return;

  pair = json_array_new ();
  json_array_add_element (pair, json_node_copy (json_array_get_element (link, 1)));
  json_array_add_element (pair, json_node_copy (json_array_get_element (link, 2)));
  json_object_set_array_member (inputs, name, pair);
}

static JsonObject *
object_at (JsonArray *array,
           guint      i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
add_node (JsonObject *graph,
          JsonArray  *links,
          JsonObject *node)
{
  const char      *kind = limn_fields_text (node, "type");
  JsonArray       *sockets = limn_fields_array (node, "inputs");
  JsonObject      *result, *inputs;
  gint64           id = -1, mode = 0;
  g_autofree char *key = NULL;

  limn_fields_set_integer (node, "id", &id);
  limn_fields_set_integer (node, "mode", &mode);
  if (kind == NULL || id < 0 || mode == SWITCHED_OFF || mode == BYPASSED)
    return;

  inputs = json_object_new ();
  add_widgets (inputs, kind, limn_fields_array (node, "widgets_values"));
  for (guint i = 0; sockets != NULL && i < json_array_get_length (sockets); i++)
    add_link (inputs, links, object_at (sockets, i));

  result = json_object_new ();
  json_object_set_string_member (result, "class_type", kind);
  json_object_set_object_member (result, "inputs", inputs);
  key = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  json_object_set_object_member (graph, key, result);
}

JsonObject *
limn_comfy_from_workflow (JsonObject *workflow)
{
  JsonArray  *nodes = limn_fields_array (workflow, "nodes");
  JsonArray  *links = limn_fields_array (workflow, "links");
  JsonObject *graph;

  if (nodes == NULL || links == NULL)
    return NULL;

  graph = json_object_new ();
  for (guint i = 0; i < json_array_get_length (nodes); i++)
    add_node (graph, links, object_at (nodes, i));
  return graph;
}
