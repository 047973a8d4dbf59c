/* Family: Stable Diffusion 1.x, with 4 channels or the 9 of inpainting models.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/family.h"

#include "engine/blocks/clip-text.h"
#include "engine/blocks/unet.h"
#include "engine/blocks/vae.h"

/* What the published models have where no tensor shows it. */
#define PUBLISHED_HEADS 8
#define PUBLISHED_GROUPS 32
#define PUBLISHED_SCALE 0.18215
#define CLIP_HEAD_WIDTH 64

#define MAX_HEADS 1024
#define MAX_GROUPS 4096

typedef struct
{
  LimnClipTextConfig text;
  LimnUnetConfig     unet;
  LimnVaeConfig      vae;
} Settings;

/* SD 2.x has linear layers where this has 1 × 1 convolutions; SDXL embeds more than the time. */
static gboolean
recognise (LimnModelFolder *folder)
{
  g_autoptr (LimnWeights) unet = NULL;
  const LimnWeight *projection;

  if (!limn_model_folder_has (folder, "unet"))
    return FALSE;
  unet = limn_model_folder_weights (folder, "unet", NULL);
  if (unet == NULL || limn_weights_find (unet, "add_embedding.linear_1.weight") != NULL)
    return FALSE;
  projection = limn_weights_find (unet, "down_blocks.0.attentions.0.proj_in.weight");
  return projection != NULL && projection->n_dims == 4 && limn_weights_dim (unet, "conv_in.weight", 3) > 0;
}

/* How many transformer blocks an attention has; 1 of which parts are missing still counts, so that the missing one is named. */
static int
depth_of (const LimnWeights *unet,
          const char        *block)
{
  g_autofree char *norm = g_strdup_printf ("%s.attentions.0.norm.weight", block);
  g_autofree char *inner = g_strdup_printf ("%s.attentions.0.transformer_blocks.%%d.norm1.weight", block);

  if (limn_weights_find (unet, norm) == NULL)
    return 0;
  return MAX (1, limn_weights_count_numbered (unet, inner, LIMN_UNET_MAX_DEPTH));
}

static void
measure_unet (const LimnWeights *weights,
              LimnUnetConfig    *unet)
{
  unet->in_channels = limn_weights_dim (weights, "conv_in.weight", 1);
  unet->out_channels = limn_weights_dim (weights, "conv_out.weight", 0);
  unet->width = limn_weights_dim (weights, "conv_in.weight", 0);
  unet->context = limn_weights_dim (
      weights, "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight", 1);
  unet->levels = limn_weights_count_numbered (weights, "down_blocks.%d.resnets.0.conv1.weight",
                                              LIMN_UNET_MAX_LEVELS);
  unet->layers = limn_weights_count_numbered (weights, "down_blocks.0.resnets.%d.conv1.weight",
                                              LIMN_UNET_MAX_LAYERS);
  unet->mid_depth = depth_of (weights, "mid_block");
  for (int level = 0; level < unet->levels; level++)
    {
      g_autofree char *down = g_strdup_printf ("down_blocks.%d", level);
      g_autofree char *up = g_strdup_printf ("up_blocks.%d", unet->levels - 1 - level);

      unet->down_depth[level] = depth_of (weights, down);
      unet->up_depth[level] = depth_of (weights, up);
    }
}

/* "attention_head_dim" is, in this family's files, the number of heads (not their width); one number, or one a level. */
static gboolean
read_heads (JsonObject     *config,
            LimnUnetConfig *unet,
            GError        **error)
{
  static const char *const names[] = { "num_attention_heads", "attention_head_dim" };
  int                      heads[LIMN_UNET_MAX_LEVELS], n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names) && config != NULL && n == 0; i++)
    if (!limn_config_int_array (config, names[i], 1, MAX_HEADS, heads, LIMN_UNET_MAX_LEVELS, &n,
                                error))
      return FALSE;
  if (n > 1 && n != unet->levels)
    return limn_family_error (
        error,
        "unet/config.json: attention_head_dim has %d numbers for %d levels; get the file again",
        n, unet->levels);

  for (int level = 0; level < unet->levels; level++)
    unet->heads[level] = n == 0 ? PUBLISHED_HEADS : heads[n == 1 ? 0 : level];
  return TRUE;
}

static gboolean
read_unet (const LimnModelFiles *files,
           LimnUnetConfig       *unet,
           GError              **error)
{
  g_autoptr (LimnWeights) weights = limn_model_folder_weights (files->weights, "unet", error);
  JsonObject *config;
  double      epsilon = 1e-5;

  if (weights == NULL || !limn_model_files_config (files, "unet", &config, error))
    return FALSE;

  measure_unet (weights, unet);
  unet->groups = PUBLISHED_GROUPS;
  if (!read_heads (config, unet, error))
    return FALSE;
  if (config != NULL && !limn_config_int (config, "norm_num_groups", PUBLISHED_GROUPS, 1, MAX_GROUPS, &unet->groups, error))
    return FALSE;
  if (config != NULL && !limn_config_double (config, "norm_eps", 1e-5, 0, 1, &epsilon, error))
    return FALSE;

  unet->epsilon = epsilon;
  return TRUE;
}

static gboolean
read_activation (JsonObject     *config,
                 LimnActivation *activation,
                 GError        **error)
{
  static const struct
  {
    const char    *name;
    LimnActivation activation;
  } known[] = {
    { "quick_gelu", LIMN_ACTIVATION_QUICK_GELU },
    { "gelu", LIMN_ACTIVATION_GELU },
    { "gelu_new", LIMN_ACTIVATION_GELU_TANH },
  };
  const char *name = known[0].name;

  if (config != NULL && !limn_config_string (config, "hidden_act", known[0].name, &name, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_strcmp0 (name, known[i].name) == 0)
      {
        *activation = known[i].activation;
        return TRUE;
      }
  return limn_family_error (
      error,
      "text_encoder/config.json: no activation \"%s\" is known; CLIP has quick_gelu or gelu",
      name);
}

static gboolean
read_text (const LimnModelFiles *files,
           LimnClipTextConfig   *text,
           GError              **error)
{
  g_autoptr (LimnWeights) weights = NULL;
  JsonObject *config;
  double      epsilon = 1e-5;

  if (!limn_model_folder_has (files->weights, "text_encoder"))
    return TRUE;
  weights = limn_model_folder_weights (files->weights, "text_encoder", error);
  if (weights == NULL || !limn_model_files_config (files, "text_encoder", &config, error))
    return FALSE;

  text->vocabulary = limn_weights_dim (weights, "text_model.embeddings.token_embedding.weight", 0);
  text->width = limn_weights_dim (weights, "text_model.embeddings.token_embedding.weight", 1);
  text->positions = limn_weights_dim (weights, "text_model.embeddings.position_embedding.weight", 0);
  text->layers = limn_weights_count_numbered (
      weights, "text_model.encoder.layers.%d.layer_norm1.weight", 128);
  text->heads = MAX (1, text->width / CLIP_HEAD_WIDTH);
  if (config != NULL && !limn_config_int (config, "num_attention_heads", text->heads, 1, MAX_HEADS, &text->heads, error))
    return FALSE;
  if (config != NULL && !limn_config_double (config, "layer_norm_eps", 1e-5, 0, 1, &epsilon, error))
    return FALSE;

  text->epsilon = epsilon;
  return read_activation (config, &text->activation, error);
}

static gboolean
read_vae_settings (JsonObject    *config,
                   LimnVaeConfig *vae,
                   double        *scale,
                   GError       **error)
{
  const struct
  {
    const char *name;
    gboolean   *out;
  } flags[] = {
    { "use_quant_conv", &vae->quant_conv },
    { "use_post_quant_conv", &vae->post_quant_conv },
    { "mid_block_add_attention", &vae->mid_attention },
  };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (!limn_config_bool (config, flags[i].name, TRUE, flags[i].out, error))
      return FALSE;
  return limn_config_int (config, "norm_num_groups", PUBLISHED_GROUPS, 1, MAX_GROUPS,
                          &vae->groups, error)
         && limn_config_double (config, "scaling_factor", PUBLISHED_SCALE, 1e-6, 1e6, scale,
                                error);
}

static gboolean
read_vae (const LimnModelFiles *files,
          LimnVaeConfig        *vae,
          double               *scale,
          GError              **error)
{
  g_autoptr (LimnWeights) weights = NULL;
  JsonObject *config;

  *scale = PUBLISHED_SCALE;
  vae->levels = 4;
  vae->latent_channels = 4;
  if (!limn_model_folder_has (files->weights, "vae"))
    return TRUE;
  weights = limn_model_folder_weights (files->weights, "vae", error);
  if (weights == NULL || !limn_model_files_config (files, "vae", &config, error))
    return FALSE;

  vae->levels = limn_weights_count_numbered (
      weights, "decoder.up_blocks.%d.resnets.0.conv1.weight", LIMN_VAE_MAX_LEVELS);
  vae->layers = limn_weights_count_numbered (weights, "decoder.up_blocks.0.resnets.%d.conv1.weight", 16) - 1;
  vae->latent_channels = limn_weights_dim (weights, "decoder.conv_in.weight", 1);
  vae->groups = PUBLISHED_GROUPS;
  vae->quant_conv = vae->post_quant_conv = vae->mid_attention = TRUE;
  return config == NULL || read_vae_settings (config, vae, scale, error);
}

static gboolean
read_prediction (const LimnModelFiles *files,
                 LimnPrediction       *prediction,
                 GError              **error)
{
  JsonObject *config;
  const char *name = "epsilon";

  if (!limn_model_files_config (files, "scheduler", &config, error))
    return FALSE;
  if (config != NULL && !limn_config_string (config, "prediction_type", name, &name, error))
    return FALSE;

  *prediction = g_str_equal (name, "v_prediction") ? LIMN_PREDICTION_V : LIMN_PREDICTION_NOISE;
  if (*prediction == LIMN_PREDICTION_V || g_str_equal (name, "epsilon"))
    return TRUE;
  return limn_family_error (error,
                            "scheduler_config.json: no prediction_type \"%s\" is known; it may "
                            "be epsilon or v_prediction",
                            name);
}

/* Numbers that were measured: where one is zero, what it would have been measured by is missing. */
static gboolean
check (const char     *path,
       const Settings *settings,
       GError        **error)
{
  const LimnUnetConfig *unet = &settings->unet;
  const LimnVaeConfig  *vae = &settings->vae;
  int                   channels = unet->out_channels, width = settings->text.width;

  if (unet->levels == 0 || unet->layers == 0 || channels == 0 || unet->context == 0)
    return limn_family_error (error, "%s: blocks of the U-Net are missing; get the file again",
                              path);
  if (vae->levels == 0 || vae->layers < 0)
    return limn_family_error (
        error, "%s: blocks of the autoencoder are missing; get the file again", path);
  if (channels != vae->latent_channels || channels > LIMN_MAX_LATENT_CHANNELS)
    return limn_family_error (error,
                              "%s: its U-Net makes %d channels, its autoencoder takes %d; the "
                              "parts are of different models",
                              path, channels, vae->latent_channels);
  if (unet->in_channels != channels && unet->in_channels != 2 * channels + 1)
    return limn_family_error (
        error,
        "%s: its U-Net takes %d channels; only %d and the %d of inpainting models are known",
        path, unet->in_channels, channels, 2 * channels + 1);
  if (width != 0 && width != unet->context)
    return limn_family_error (error,
                              "%s: its text encoder is %d wide, its U-Net takes %d; the parts "
                              "are of different models",
                              path, width, unet->context);
  return TRUE;
}

static gpointer
configure (const LimnModelFiles *files,
           LimnFacts            *facts,
           GError              **error)
{
  g_autofree Settings *settings = g_new0 (Settings, 1);
  double               scale;

  settings->text.positions = 77;
  if (!read_unet (files, &settings->unet, error) || !read_text (files, &settings->text, error))
    return NULL;
  if (!read_vae (files, &settings->vae, &scale, error) || !read_prediction (files, &facts->prediction, error))
    return NULL;
  if (!check (limn_model_folder_path (files->weights), settings, error))
    return NULL;

  facts->width = facts->height = 512;
  facts->latent_factor = facts->size_step = 1 << (settings->vae.levels - 1);
  facts->max_size = 2048;
  facts->steps = 25;
  facts->guidance = 7.5;
  facts->sampler = "dpmpp_2m";
  facts->schedule = "karras";
  facts->text_tokens = settings->text.positions;
  facts->vocabulary = settings->text.vocabulary;
  facts->latent_channels = settings->vae.latent_channels;
  facts->generator_channels = settings->unet.in_channels;
  facts->posterior = facts->pooled_text = TRUE;
  for (int i = 0; i < LIMN_MAX_LATENT_CHANNELS; i++)
    facts->scale[i] = scale;
  return g_steal_pointer (&settings);
}

static void
build_text (const LimnPartCall *call)
{
  const Settings *settings = call->settings;
  LimnGraph      *graph = call->scope->graph;
  LimnScope       scope = limn_scope_child (call->scope, "text_model");
  LimnTensor     *tokens = limn_graph_input (
          graph, "tokens", (LimnShape){ call->n, 1, settings->text.positions, 1 }, LIMN_I32);
  LimnTensor *last;

  limn_graph_output (graph, "embedding",
                     limn_clip_text (&scope, &settings->text, tokens, call->clip_skip, &last));
  limn_graph_output (graph, "last", last);
}

static void
build_generator (const LimnPartCall *call)
{
  const Settings *settings = call->settings;
  LimnGraph      *graph = call->scope->graph;
  LimnType        type = limn_graph_type (graph);
  LimnShape       latent = { call->n, call->height, call->width, settings->unet.in_channels };
  LimnTensor     *x = limn_graph_input (graph, "latent", latent, type);
  LimnTensor     *time = limn_graph_input (graph, "time", (LimnShape){ 1, 1, 1, 1 }, LIMN_F32);
  LimnShape       context = { call->n, 1, settings->text.positions, settings->unet.context };
  LimnTensor     *text = limn_graph_input (graph, "text", context, type);

  limn_graph_output (graph, "prediction", limn_unet (call->scope, &settings->unet, x, time, text));
}

static void
build_decoder (const LimnPartCall *call)
{
  const Settings *settings = call->settings;
  LimnGraph      *graph = call->scope->graph;
  LimnShape       shape = { call->n, call->height, call->width, settings->vae.latent_channels };
  LimnTensor     *latent = limn_graph_input (graph, "latent", shape, limn_graph_type (graph));

  limn_graph_output (graph, "picture", limn_vae_decode (call->scope, &settings->vae, latent));
}

static void
build_encoder (const LimnPartCall *call)
{
  const Settings *settings = call->settings;
  LimnGraph      *graph = call->scope->graph;
  int             channels = settings->vae.latent_channels;
  LimnTensor     *picture = limn_graph_input (graph, "picture", (LimnShape){ call->n, call->height, call->width, 3 },
                                              limn_graph_type (graph));
  LimnTensor     *moments = limn_vae_encode (call->scope, &settings->vae, picture);

  limn_graph_output (graph, "mean", limn_slice (graph, moments, 0, channels));
  limn_graph_output (graph, "log-variance", limn_slice (graph, moments, channels, channels));
}

static const char *const classes[] = {
  "StableDiffusionPipeline",
  "StableDiffusionImg2ImgPipeline",
  "StableDiffusionInpaintPipeline",
  "StableDiffusionInpaintPipelineLegacy",
  NULL
};

const LimnFamily limn_family_sd15 = {
  .id = "sd15",
  .label = "Stable Diffusion 1.5",
  .part_names = { "text_encoder", "unet", "vae", "vae", NULL },
  .classes = classes,
  .tokenizer = "clip",
  .recognise = recognise,
  .configure = configure,
  .build = { build_text, build_generator, build_decoder, build_encoder },
};
