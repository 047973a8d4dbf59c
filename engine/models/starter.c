/* Family: the starter, the small model that comes with the program.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/family.h"

#include "engine/blocks/starter-enlarger.h"
#include "engine/blocks/starter-text.h"
#include "engine/blocks/starter-transformer.h"
#include "engine/blocks/starter-vae.h"

#define MAX_WIDTH 8192
#define MAX_LAYERS 128
#define MAX_ENLARGE 8
#define ENLARGER "enlarger"

typedef struct
{
  LimnStarterTextConfig        text;
  LimnStarterTransformerConfig transformer;
  int                          enlarge;
} Settings;

static gboolean
recognise (LimnModelFolder *folder)
{
  static const char *const names[] = { "ada.1.weight", "blocks.0.table",
                                       "blocks.0.attn2.norm_q.weight" };
  g_autoptr (LimnWeights) weights = limn_model_folder_weights (folder, "transformer", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (weights == NULL || limn_weights_find (weights, names[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
heads_fit (int      width,
           int      heads,
           GError **error)
{
  if (width % heads == 0)
    return TRUE;
  return limn_family_error (
      error, "config.json: hidden_size %d does not divide into %d heads; get the file again",
      width, heads);
}

/* A whole number that a config must have. */
typedef struct
{
  const char *name;
  int         least, most;
  int        *out;
} Setting;

static gboolean
read_settings (JsonObject    *config,
               const Setting *settings,
               GError       **error)
{
  for (int i = 0; settings[i].name != NULL; i++)
    if (!limn_config_int (config, settings[i].name, 0, settings[i].least, settings[i].most,
                          settings[i].out, error))
      return FALSE;
    else if (*settings[i].out < settings[i].least)
      return limn_family_error (error, "config.json: \"%s\" is missing; get the model again",
                                settings[i].name);
  return TRUE;
}

static gboolean
read_text (JsonObject            *config,
           LimnStarterTextConfig *text,
           GError               **error)
{
  const Setting settings[] = {
    { "hidden_size", 1, MAX_WIDTH, &text->width },
    { "num_hidden_layers", 1, MAX_LAYERS, &text->layers },
    { "num_attention_heads", 1, MAX_WIDTH, &text->heads },
    { "vocab_size", 1, 1 << 20, &text->vocabulary },
    { "max_length", 2, 4096, &text->positions },
    { NULL }
  };

  return read_settings (config, settings, error) && heads_fit (text->width, text->heads, error);
}

static gboolean
read_transformer (JsonObject                   *config,
                  LimnStarterTransformerConfig *transformer,
                  GError                      **error)
{
  const Setting settings[] = {
    { "hidden_size", 1, MAX_WIDTH, &transformer->width },
    { "num_layers", 1, MAX_LAYERS, &transformer->layers },
    { "num_attention_heads", 1, MAX_WIDTH, &transformer->heads },
    { "patch_size", 1, 16, &transformer->patch },
    { "in_channels", 1, LIMN_MAX_LATENT_CHANNELS, &transformer->channels },
    { "sample_size", 1, 256, &transformer->side },
    { NULL }
  };
  double epsilon;

  if (!read_settings (config, settings, error) || !limn_config_double (config, "norm_epsilon", 1e-5, 0, 1, &epsilon, error))
    return FALSE;
  transformer->epsilon = epsilon;
  return heads_fit (transformer->width, transformer->heads, error);
}

/* One number a channel; @otherwise where there is no such list. */
static gboolean
read_numbers (JsonObject *config,
              const char *name,
              double      otherwise,
              double     *numbers,
              int         n,
              GError    **error)
{
  JsonNode  *node = json_object_get_member (config, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gboolean   ok = node == NULL || (array != NULL && json_array_get_length (array) == (guint) n);

  for (int i = 0; i < n; i++)
    numbers[i] = otherwise;
  for (int i = 0; ok && array != NULL && i < n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      ok = JSON_NODE_HOLDS_VALUE (element) && ABS (json_node_get_double (element)) < 1e6;
      numbers[i] = ok ? json_node_get_double (element) : otherwise;
    }
  return ok || limn_family_error (error, "vae/config.json: %s is no list of %d numbers; get the file again", name, n);
}

/* "latent_colours": a list of red, green and blue for each channel and one for the constant; older files have none. */
static gboolean
read_colours (JsonObject *config,
              LimnFacts  *facts,
              GError    **error)
{
  JsonNode  *node = json_object_get_member (config, "latent_colours");
  JsonArray *rows = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint      n = facts->latent_channels + 1;
  gboolean   ok = rows != NULL && json_array_get_length (rows) == n;

  facts->has_colours = ok;
  for (guint i = 0; ok && i < 3 * n; i++)
    {
      JsonNode  *row = json_array_get_element (rows, i / 3);
      JsonArray *colours = JSON_NODE_HOLDS_ARRAY (row) ? json_node_get_array (row) : NULL;
      JsonNode  *number = colours != NULL && json_array_get_length (colours) == 3 ? json_array_get_element (colours, i % 3) : NULL;

      ok = number != NULL && JSON_NODE_HOLDS_VALUE (number);
      facts->colours[i / 3][i % 3] = ok ? (float) json_node_get_double (number) : 0;
    }
  return node == NULL || ok || limn_family_error (error, "vae/config.json: latent_colours is no list of %u colours; get the file again", n);
}

/* Latents are normalised to mean 0 and deviation 1 a channel. */
static gboolean
read_vae (JsonObject *config,
          LimnFacts  *facts,
          GError    **error)
{
  double deviation[LIMN_MAX_LATENT_CHANNELS];

  if (!read_numbers (config, "latents_mean", 0, facts->shift, facts->latent_channels, error))
    return FALSE;
  if (!read_numbers (config, "latents_std", 1, deviation, facts->latent_channels, error))
    return FALSE;

  for (int i = 0; i < facts->latent_channels; i++)
    {
      if (deviation[i] < 1e-6)
        return limn_family_error (error,
                                  "vae/config.json: latents_std holds %g, which nothing can be "
                                  "divided by; get the file again",
                                  deviation[i]);
      facts->scale[i] = 1 / deviation[i];
    }
  return read_colours (config, facts, error) && limn_config_int (config, "downscale", 8, 1, 64, &facts->latent_factor, error);
}

static gboolean
read_scheduler (JsonObject *config,
                LimnFacts  *facts,
                GError    **error)
{
  if (!limn_config_int (config, "steps", 20, 1, 1000, &facts->steps, error))
    return FALSE;
  if (!limn_config_double (config, "guidance", 4, 0, 100, &facts->guidance, error))
    return FALSE;
  return limn_config_double (config, "guidance_from_t_below", 2, 0, 2, &facts->guidance_below,
                             error);
}

/* The published settings are no guess: without them the family cannot be used, so they are asked for. */
static gboolean
read_all (const LimnModelFiles *files,
          Settings             *settings,
          LimnFacts            *facts,
          GError              **error)
{
  LimnModelFolder *configs = files->configs != NULL ? files->configs : files->weights;
  JsonObject      *text = limn_model_folder_config (configs, "text_encoder", error);
  JsonObject      *transformer = text != NULL ? limn_model_folder_config (configs, "transformer", error) : NULL;
  JsonObject      *vae = transformer != NULL ? limn_model_folder_config (configs, "vae", error) : NULL;
  JsonObject      *scheduler = vae != NULL ? limn_model_folder_config (configs, "scheduler", error) : NULL;

  if (scheduler == NULL || !read_text (text, &settings->text, error) || !read_transformer (transformer, &settings->transformer, error))
    return FALSE;

  facts->latent_channels = settings->transformer.channels;
  return read_vae (vae, facts, error) && read_scheduler (scheduler, facts, error);
}

static gboolean
check (const LimnWeights *vae,
       const Settings    *settings,
       const LimnFacts   *facts,
       GError           **error)
{
  int halvings = limn_starter_vae_halvings (vae);

  if (halvings > 6 || 1 << halvings != facts->latent_factor)
    return limn_family_error (error,
                              "vae/config.json: downscale is %d, but the encoder halves %d "
                              "times; get the model again",
                              facts->latent_factor, halvings);
  if (settings->transformer.side % settings->transformer.patch != 0)
    return limn_family_error (error, "transformer/config.json: sample_size does not divide "
                                     "into patches; get the model again");
  if (settings->text.width != settings->transformer.width)
    return limn_family_error (
        error, "config.json: the text is %d wide, the transformer %d; get the model again",
        settings->text.width, settings->transformer.width);
  return TRUE;
}

/* The first starter had no enlarger. */
static gboolean
read_enlarger (const LimnModelFiles *files,
               int                  *enlarge,
               GError              **error)
{
  LimnModelFolder *configs = files->configs != NULL ? files->configs : files->weights;
  g_autoptr (LimnWeights) weights = NULL;
  JsonObject   *config;
  const Setting settings[] = { { "scale", 1, MAX_ENLARGE, enlarge }, { NULL } };

  *enlarge = 1;
  if (!limn_model_folder_has (files->weights, ENLARGER))
    return TRUE;
  config = limn_model_folder_config (configs, ENLARGER, error);
  weights = config != NULL ? limn_model_folder_weights (files->weights, ENLARGER, error) : NULL;
  if (weights == NULL || !read_settings (config, settings, error))
    return FALSE;
  if (limn_starter_enlarger_scale (weights) == *enlarge)
    return TRUE;
  return limn_family_error (error,
                            "enlarger/config.json: scale is %d, but the weights make pictures %d "
                            "times as large; get the model again",
                            *enlarge, limn_starter_enlarger_scale (weights));
}

static gpointer
configure (const LimnModelFiles *files,
           LimnFacts            *facts,
           GError              **error)
{
  g_autofree Settings *settings = g_new0 (Settings, 1);
  g_autoptr (LimnWeights) vae = NULL;

  if (!read_all (files, settings, facts, error))
    return NULL;

  vae = limn_model_folder_weights (files->weights, "vae", error);
  if (vae == NULL || !check (vae, settings, facts, error) || !read_enlarger (files, &facts->enlarge, error))
    return NULL;

  settings->enlarge = facts->enlarge;
  facts->native = facts->size_step = settings->transformer.side * facts->latent_factor;
  facts->width = facts->height = facts->max_size = facts->native * facts->enlarge;
  facts->generator_channels = facts->latent_channels;
  facts->noise_patch = settings->transformer.patch;
  facts->text_encoders = 1;
  facts->zero_padded[0] = TRUE;
  facts->text_tokens = settings->text.positions;
  facts->vocabulary = settings->text.vocabulary;
  facts->prediction = LIMN_PREDICTION_FLOW;
  facts->sampler = "flow";
  facts->schedule = "sgm_uniform";
  return g_steal_pointer (&settings);
}

static void
build_text (const LimnPartCall *call)
{
  const Settings *settings = call->settings;
  LimnGraph      *graph = call->scope->graph;
  LimnTensor     *tokens = limn_graph_input (
          graph, "tokens", (LimnShape){ call->n, 1, settings->text.positions, 1 }, LIMN_I32);
  LimnTensor *lengths = limn_graph_input (graph, "lengths", (LimnShape){ call->n, 1, 1, 1 }, LIMN_I32);

  limn_graph_output (graph, "embedding",
                     limn_starter_text (call->scope, &settings->text, tokens, lengths));
}

static void
build_generator (const LimnPartCall *call)
{
  const Settings *settings = call->settings;
  LimnGraph      *graph = call->scope->graph;
  LimnType        type = limn_graph_type (graph);
  LimnShape       latent = { call->n, call->height, call->width, settings->transformer.channels };
  LimnTensor     *x = limn_graph_input (graph, "latent", latent, type);
  LimnTensor     *time = limn_graph_input (graph, "time", (LimnShape){ 1, 1, 1, 1 }, LIMN_F32);
  LimnShape       context = { call->n, 1, settings->text.positions, settings->text.width };
  LimnTensor     *text = limn_graph_input (graph, "text", context, type);
  LimnTensor     *lengths = limn_graph_input (graph, "lengths", (LimnShape){ call->n, 1, 1, 1 }, LIMN_I32);

  limn_graph_output (
      graph, "prediction",
      limn_starter_transformer (call->scope, &settings->transformer, x, time, text, lengths));
}

static void
build_decoder (const LimnPartCall *call)
{
  const Settings *settings = call->settings;
  LimnGraph      *graph = call->scope->graph;
  LimnShape       shape = { call->n, call->height, call->width, settings->transformer.channels };
  LimnTensor     *latent = limn_graph_input (graph, "latent", shape, limn_graph_type (graph));

  limn_graph_output (graph, "picture", limn_starter_vae_decode (call->scope, latent));
}

static void
build_encoder (const LimnPartCall *call)
{
  LimnGraph  *graph = call->scope->graph;
  LimnTensor *picture = limn_graph_input (graph, "picture", (LimnShape){ call->n, call->height, call->width, 3 },
                                          limn_graph_type (graph));

  limn_graph_output (graph, "mean", limn_starter_vae_encode (call->scope, picture));
}

static void
build_enlarger (const LimnPartCall *call)
{
  const Settings *settings = call->settings;
  LimnGraph      *graph = call->scope->graph;
  LimnShape       shape = { call->n, call->height, call->width, 3 };
  LimnTensor     *picture = limn_graph_input (graph, "picture", shape, limn_graph_type (graph));

  limn_graph_output (graph, "picture", limn_starter_enlarger (call->scope, picture, settings->enlarge));
}

static const char *const classes[] = { "LimnStarterPipeline", NULL };

const LimnFamily limn_family_starter = {
  .id = "starter",
  .licence = "GPL-3.0-or-later",
  .label = "Limn starter",
  .part_names = {
      [LIMN_PART_TEXT] = "text_encoder",
      [LIMN_PART_GENERATOR] = "transformer",
      [LIMN_PART_DECODER] = "vae",
      [LIMN_PART_ENCODER] = "vae",
      [LIMN_PART_ENLARGER] = ENLARGER,
  },
  .classes = classes,
  .recognise = recognise,
  .configure = configure,
  .build = {
      [LIMN_PART_TEXT] = build_text,
      [LIMN_PART_GENERATOR] = build_generator,
      [LIMN_PART_DECODER] = build_decoder,
      [LIMN_PART_ENCODER] = build_encoder,
      [LIMN_PART_ENLARGER] = build_enlarger,
  },
};
