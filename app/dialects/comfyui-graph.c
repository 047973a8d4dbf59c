/* ComfyUI's graphs: asking a node, following a link.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/comfyui.h"

#include <string.h>

#include "app/dialects/fields.h"

const char *
limn_comfy_kind (JsonObject *node)
{
  const char *kind = limn_fields_text (node, "class_type");

  return kind ? kind : "";
}

JsonNode *
limn_comfy_input (JsonObject *node,
                  const char *name)
{
  JsonObject *inputs = limn_fields_object (node, "inputs");

  return inputs != NULL ? json_object_get_member (inputs, name) : NULL;
}

/* ["4", 0]: the first output of node 4 */
LimnComfyLink
limn_comfy_follow (JsonObject *graph,
                   JsonObject *node,
                   const char *name)
{
  JsonNode        *input = limn_comfy_input (node, name);
  JsonArray       *pair = input != NULL && JSON_NODE_HOLDS_ARRAY (input) ? json_node_get_array (input) : NULL;
  JsonNode        *from = pair != NULL && json_array_get_length (pair) == 2 ? json_array_get_element (pair, 0) : NULL;
  g_autofree char *id = NULL;
  double           slot = 0, number;

  if (from == NULL || !JSON_NODE_HOLDS_VALUE (from))
    return (LimnComfyLink){ 0 };
  if (json_node_get_value_type (from) == G_TYPE_STRING)
    id = json_node_dup_string (from);
  else if (limn_fields_number (from, &number))
    id = g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) number);

  limn_fields_number (json_array_get_element (pair, 1), &slot);
  return (LimnComfyLink){ id ? limn_fields_object (graph, id) : NULL, (gint64) slot };
}

static gboolean
is_value (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node);
}

/* What nodes call the one thing that they hold. */
static const char *const value_names[] = { "value", "seed", "noise_seed", "int", "float", "number", "string", "text", "Number", "Value" };

static JsonNode *
held_value (JsonObject *node,
            const char *name)
{
  JsonNode *value = limn_comfy_input (node, name);

  for (gsize i = 0; !is_value (value) && i < G_N_ELEMENTS (value_names); i++)
    value = limn_comfy_input (node, value_names[i]);

  return is_value (value) ? value : NULL;
}

/* The input of a holding node that is itself a link. */
static LimnComfyLink
held_link (JsonObject *graph,
           JsonObject *node,
           const char *name)
{
  LimnComfyLink link = limn_comfy_follow (graph, node, name);

  for (gsize i = 0; link.node == NULL && i < G_N_ELEMENTS (value_names); i++)
    link = limn_comfy_follow (graph, node, value_names[i]);

  return link;
}

JsonNode *
limn_comfy_value (JsonObject *graph,
                  JsonObject *node,
                  const char *name)
{
  JsonNode     *value = limn_comfy_input (node, name);
  LimnComfyLink link = limn_comfy_follow (graph, node, name);

  if (is_value (value))
    return value;

  for (int i = 0; i < LIMN_COMFY_MOST_STEPS && link.node != NULL; i++)
    {
      value = held_value (link.node, name);
      if (value != NULL)
        return value;
      link = held_link (graph, link.node, name);
    }

  return NULL;
}

static const char *
text_of (JsonNode *node)
{
  return is_value (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

/* Inputs that are words for an encoder or pieces of text, most telling first. */
static const char *const text_names[] = { "text", "text_g", "t5xxl", "prompt", "populated_text", "string", "value", "text_positive",
                                          "string_a", "text1", "text_a", "clip_l" };

/* Inputs by which conditioning came into a node that changes it. */
static const char *const way_names[] = { "conditioning", "conditioning_1", "conditioning_to", "conditioning1", "cond1", "base_conditioning" };

static const char *
text_in (JsonObject *node)
{
  const char *text = NULL;

  for (gsize i = 0; (text == NULL || *text == '\0') && i < G_N_ELEMENTS (text_names); i++)
    {
      const char *found = text_of (limn_comfy_input (node, text_names[i]));

      text = found ? found : text;
    }
  return text;
}

/* Nodes that change both prompts give them back in that order. */
static LimnComfyLink
step_back (JsonObject   *graph,
           LimnComfyLink at)
{
  LimnComfyLink link = limn_comfy_follow (graph, at.node, at.slot == 1 ? "negative" : "positive");

  for (gsize i = 0; link.node == NULL && i < G_N_ELEMENTS (way_names); i++)
    link = limn_comfy_follow (graph, at.node, way_names[i]);
  for (gsize i = 0; link.node == NULL && i < G_N_ELEMENTS (text_names); i++)
    link = limn_comfy_follow (graph, at.node, text_names[i]);

  return link;
}

/* Loaders that hold both prompts themselves */
static const char *
text_by_slot (LimnComfyLink at)
{
  return text_of (limn_comfy_input (at.node, at.slot == 1 || at.slot == 2 ? "negative" : "positive"));
}

/* StringConcatenate and its like */
static char *
join_pieces (JsonObject *graph,
             JsonObject *node)
{
  const char *a = text_of (limn_comfy_value (graph, node, "string_a"));
  const char *b = text_of (limn_comfy_value (graph, node, "string_b"));
  const char *between = text_of (limn_comfy_input (node, "delimiter"));

  return a != NULL && b != NULL ? g_strconcat (a, between ? between : "", b, NULL) : NULL;
}

char *
limn_comfy_text (JsonObject   *graph,
                 LimnComfyLink link)
{
  for (int i = 0; i < LIMN_COMFY_MOST_STEPS && link.node != NULL; i++)
    {
      g_autofree char *joined = join_pieces (graph, link.node);
      const char      *text = text_in (link.node);

      if (strstr (limn_comfy_kind (link.node), "ZeroOut") != NULL)
        return NULL;
      if (joined != NULL)
        return g_steal_pointer (&joined);
      if (text == NULL)
        text = text_by_slot (link);
      if (text != NULL)
        return g_strdup (text);
      link = step_back (graph, link);
    }

  return NULL;
}
