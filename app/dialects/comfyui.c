/* ComfyUI: a graph of nodes, read back from the one that samples.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/comfyui.h"

#include <string.h>

#include "app/dialects/dialect.h"
#include "app/dialects/fields.h"

/* A node that samples, its guider if it has one, and how much its noise decides. */
typedef struct
{
  JsonObject *graph, *node, *guider;
  double      rank;
  gint64      number;
} Sampler;

static double
number_of (JsonObject *graph,
           JsonObject *node,
           const char *name,
           double      otherwise)
{
  double value;

  return node != NULL && limn_fields_number (limn_comfy_value (graph, node, name), &value) ? value : otherwise;
}

static const char *
text_of (JsonObject *graph,
         JsonObject *node,
         const char *name)
{
  JsonNode *value = node != NULL ? limn_comfy_value (graph, node, name) : NULL;

  return value != NULL && json_node_get_value_type (value) == G_TYPE_STRING ? json_node_get_string (value) : NULL;
}

static JsonObject *
input_node (JsonObject *graph,
            JsonObject *node,
            const char *name)
{
  return node != NULL ? limn_comfy_follow (graph, node, name).node : NULL;
}

static gboolean
has_input (JsonObject *node,
           const char *name)
{
  return limn_comfy_input (node, name) != NULL;
}

/* By what goes in, not by name, since there are hundreds of such nodes. */
static gboolean
is_sampler (JsonObject *node)
{
  gboolean seeded = has_input (node, "seed") || has_input (node, "noise_seed") || has_input (node, "noise");
  gboolean guided = has_input (node, "guider") || has_input (node, "positive");
  gboolean latent = has_input (node, "latent_image") || has_input (node, "latent") || has_input (node, "optional_latent");

  return seeded && guided && (latent || has_input (node, "sampler_name"));
}

/* Of several, the one that made the picture starts from nothing but noise; others refine it. */
static double
rank_sampler (JsonObject *graph,
              JsonObject *node)
{
  JsonObject *sigmas = input_node (graph, node, "sigmas");
  const char *noise = text_of (graph, node, "add_noise");
  double      rank = number_of (graph, node, "denoise", number_of (graph, sigmas, "denoise", 1));

  if (g_strcmp0 (noise, "disable") == 0)
    rank -= 1;
  return rank - number_of (graph, node, "start_at_step", 0) / 10000;
}

static Sampler
find_sampler (JsonObject *graph)
{
  Sampler        best = { .graph = graph, .rank = -G_MAXDOUBLE };
  JsonObjectIter iter;
  const char    *id;
  JsonNode      *member;

  json_object_iter_init (&iter, graph);
  while (json_object_iter_next (&iter, &id, &member))
    {
      JsonObject *node = JSON_NODE_HOLDS_OBJECT (member) ? json_node_get_object (member) : NULL;
      double      rank = node != NULL && is_sampler (node) ? rank_sampler (graph, node) : -G_MAXDOUBLE;
      gint64      number = g_ascii_strtoll (id, NULL, 10);

      if (rank > best.rank || (rank > -G_MAXDOUBLE && rank == best.rank && number < best.number))
        best = (Sampler){ graph, node, input_node (graph, node, "guider"), rank, number };
    }

  return best;
}

static void
set_integer (JsonObject *graph,
             JsonObject *node,
             const char *name,
             gint64     *to)
{
  JsonNode *value = node != NULL ? limn_comfy_value (graph, node, name) : NULL;
  gint64    number = value != NULL && json_node_get_value_type (value) == G_TYPE_INT64 ? json_node_get_int (value)
                                                                                       : (gint64) number_of (graph, node, name, -1);

  if (number >= 0)
    *to = number;
}

/* All in one node (KSampler), or a node each for noise, sampler and schedule. */
static void
read_steps (LimnRequest   *request,
            const Sampler *sampler)
{
  JsonObject *graph = sampler->graph, *node = sampler->node;
  JsonObject *noise = input_node (graph, node, "noise");
  JsonObject *chosen = input_node (graph, node, "sampler");
  JsonObject *sigmas = input_node (graph, node, "sigmas");
  const char *name = text_of (graph, chosen ? chosen : node, "sampler_name");
  const char *schedule = text_of (graph, sigmas ? sigmas : node, "scheduler");
  double      strength = number_of (graph, sigmas ? sigmas : node, "denoise", 1);

  set_integer (graph, noise, "noise_seed", &request->seed);
  set_integer (graph, node, "noise_seed", &request->seed);
  set_integer (graph, node, "seed", &request->seed);
  set_integer (graph, sigmas, "steps", &request->steps);
  set_integer (graph, node, "steps", &request->steps);
  if (schedule == NULL && sigmas != NULL && strcmp (limn_comfy_kind (sigmas), "KarrasScheduler") == 0)
    schedule = "karras";
  limn_fields_set_sampler (request, name, schedule);
  if (strength >= 0 && strength < 1)
    request->strength = strength;
}

static void
read_guidance (LimnMetadata  *metadata,
               const Sampler *sampler)
{
  JsonObject *graph = sampler->graph;
  JsonObject *node = sampler->guider ? sampler->guider : sampler->node;
  double      scale = number_of (graph, node, "cfg", -1);

  /* A guider without a scale does not guide. */
  if (scale < 0 && sampler->guider != NULL && !has_input (sampler->guider, "negative"))
    scale = 1;
  if (scale >= 0)
    metadata->request.guidance = scale;
}

/* A distilled model's guidance is on the way of the conditioning. */
static void
read_distilled (LimnMetadata *metadata,
                JsonObject   *graph,
                JsonObject   *node)
{
  for (int i = 0; i < LIMN_COMFY_MOST_STEPS && node != NULL && metadata->distilled_guidance < 0; i++)
    {
      JsonObject *before = input_node (graph, node, "conditioning");

      metadata->distilled_guidance = number_of (graph, node, "guidance", -1);
      node = before ? before : input_node (graph, node, "positive");
    }
}

/* CLIPSetLastLayer is between the encoder and its words; -2 is AUTOMATIC1111's 2. */
static void
read_clip_skip (LimnRequest *request,
                JsonObject  *graph,
                JsonObject  *node)
{
  for (int i = 0; i < LIMN_COMFY_MOST_STEPS && node != NULL; i++)
    {
      JsonObject *clip = input_node (graph, node, "clip");
      double      layer = number_of (graph, node, "stop_at_clip_layer", 0);

      if (layer < 0 && layer >= -100)
        {
          request->clip_skip = (gint64) -layer;
          return;
        }
      node = clip ? clip : input_node (graph, node, "conditioning");
    }
}

static void
read_prompts (LimnMetadata  *metadata,
              const Sampler *sampler)
{
  JsonObject   *graph = sampler->graph;
  JsonObject   *node = sampler->guider ? sampler->guider : sampler->node;
  LimnComfyLink positive = limn_comfy_follow (graph, node, has_input (node, "positive") ? "positive" : "conditioning");
  LimnComfyLink negative = limn_comfy_follow (graph, node, "negative");

  metadata->request.prompt = limn_comfy_text (graph, positive);
  metadata->request.negative = limn_comfy_text (graph, negative);
  if (metadata->request.negative != NULL && *metadata->request.negative == '\0')
    g_clear_pointer (&metadata->request.negative, g_free);
  read_distilled (metadata, graph, positive.node);
  read_clip_skip (&metadata->request, graph, positive.node);
}

/* Lists of LoRAs in one node: {"on": true, "lora": "…", "strength": 1} under any name */
static void
read_lora_list (LimnMetadata *metadata,
                JsonObject   *node)
{
  JsonObject    *inputs = limn_fields_object (node, "inputs");
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;

  if (inputs == NULL)
    return;
  json_object_iter_init (&iter, inputs);
  while (json_object_iter_next (&iter, &name, &member))
    {
      JsonObject *lora = JSON_NODE_HOLDS_OBJECT (member) ? json_node_get_object (member) : NULL;
      const char *file = limn_fields_text (lora, "lora");
      double      weight = 1;

      if (file == NULL || !json_object_get_boolean_member_with_default (lora, "on", TRUE))
        continue;
      limn_fields_number (json_object_get_member (lora, "strength"), &weight);
      limn_lora_list_add (metadata->loras, file, weight);
    }
}

/* Back along the model: LoRAs on the way, and at its end the file. */
static void
read_model (LimnMetadata  *metadata,
            const Sampler *sampler)
{
  static const char *const files[] = { "ckpt_name", "unet_name", "model_name", "base_ckpt_name", "gguf_name" };
  JsonObject              *graph = sampler->graph;
  JsonObject              *from = sampler->guider != NULL ? sampler->guider : sampler->node;
  JsonObject              *node = input_node (graph, from, "model");

  for (int i = 0; i < LIMN_COMFY_MOST_STEPS && node != NULL; i++)
    {
      const char *lora = text_of (graph, node, "lora_name");
      const char *file = NULL;

      if (lora != NULL)
        limn_lora_list_add (metadata->loras, lora, number_of (graph, node, "strength_model", 1));
      read_lora_list (metadata, node);
      for (gsize k = 0; file == NULL && k < G_N_ELEMENTS (files); k++)
        file = has_input (node, files[k]) ? text_of (graph, node, files[k]) : NULL;
      if (file != NULL)
        {
          metadata->request.model = g_strdup (file);
          return;
        }
      node = input_node (graph, node, "model");
    }
}

/* Back along the latent to where a size stands. */
static void
read_size (LimnRequest   *request,
           const Sampler *sampler)
{
  static const char *const ways[] = { "samples", "latent", "latent_image", "pixels", "image" };
  JsonObject              *graph = sampler->graph;
  JsonObject              *node = input_node (graph, sampler->node, has_input (sampler->node, "latent_image") ? "latent_image" : "latent");

  for (int i = 0; i < LIMN_COMFY_MOST_STEPS && node != NULL; i++)
    {
      double      width = number_of (graph, node, "width", 0), height = number_of (graph, node, "height", 0);
      JsonObject *before = NULL;

      if (width >= 1 && height >= 1 && width <= 65535 && height <= 65535)
        {
          request->width = (gint64) width;
          request->height = (gint64) height;
          return;
        }
      for (gsize k = 0; before == NULL && k < G_N_ELEMENTS (ways); k++)
        before = input_node (graph, node, ways[k]);
      node = before;
    }
}

static gboolean
is_graph (JsonObject *object)
{
  JsonObjectIter iter;
  const char    *id;
  JsonNode      *member;

  if (object == NULL)
    return FALSE;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &id, &member))
    if (JSON_NODE_HOLDS_OBJECT (member) && limn_fields_text (json_node_get_object (member), "class_type") != NULL)
      return TRUE;

  return FALSE;
}

/* `prompt` is what ran; `workflow` what was drawn. */
static gboolean
read_texts (LimnMetadata    *metadata,
            const GPtrArray *texts)
{
  const char *prompt = limn_picture_texts_find (texts, "prompt");
  const char *workflow = limn_picture_texts_find (texts, "workflow");
  g_autoptr (JsonObject) ran = limn_fields_parse (prompt);
  g_autoptr (JsonObject) drawn = is_graph (ran) ? NULL : limn_fields_parse (workflow);
  g_autoptr (JsonObject) graph = is_graph (ran) ? json_object_ref (ran) : drawn ? limn_comfy_from_workflow (drawn)
                                                                                : NULL;
  Sampler sampler;

  if (graph == NULL)
    return FALSE;

  metadata->raw = g_strdup (is_graph (ran) ? prompt : workflow);
  sampler = find_sampler (graph);
  if (sampler.node == NULL)
    return TRUE;

  read_steps (&metadata->request, &sampler);
  read_guidance (metadata, &sampler);
  read_prompts (metadata, &sampler);
  read_model (metadata, &sampler);
  read_size (&metadata->request, &sampler);
  return TRUE;
}

const LimnDialect limn_dialect_comfyui = { .name = "comfyui", .read = read_texts };
