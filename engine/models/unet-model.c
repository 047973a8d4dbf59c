/* Latent diffusion models with a U-Net: measuring the generator and the autoencoder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/unet-model.h"

#define PUBLISHED_GROUPS 32
#define MAX_HEADS 1024
#define MAX_GROUPS 4096
#define MAX_CONDITION_WIDTH 4096
#define PUBLISHED_CONDITION_WIDTH 256

LimnUnetKind
limn_unet_kind (LimnModelFolder *folder,
                const char      *part,
                LimnWeights    **unet)
{
  g_autoptr (LimnWeights) weights = NULL;
  LimnUnetKind kind = LIMN_UNET_UNKNOWN;

  if (limn_model_folder_has (folder, part))
    weights = limn_model_folder_weights (folder, part, NULL);
  if (weights == NULL || limn_weights_dim (weights, "conv_in.weight", 3) == 0)
    return LIMN_UNET_UNKNOWN;
  for (int level = 0; kind == LIMN_UNET_UNKNOWN && level < LIMN_UNET_MAX_LEVELS; level++)
    {
      g_autofree char  *name = g_strdup_printf ("down_blocks.%d.attentions.0.proj_in.weight", level);
      const LimnWeight *projection = limn_weights_find (weights, name);

      if (projection != NULL)
        kind = projection->n_dims == 4 ? LIMN_UNET_CONV_PROJECTIONS : LIMN_UNET_LINEAR_PROJECTIONS;
    }
  if (kind != LIMN_UNET_UNKNOWN && limn_weights_find (weights, "add_embedding.linear_1.weight") != NULL)
    kind = LIMN_UNET_CONDITIONED;
  if (unet != NULL)
    *unet = g_steal_pointer (&weights);
  return kind;
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

/* Width of the text: that of the first cross-attention there is. */
static int
measure_context (const LimnWeights *weights,
                 int                levels)
{
  for (int level = 0; level < levels; level++)
    {
      g_autofree char *name = g_strdup_printf (
          "down_blocks.%d.attentions.0.transformer_blocks.0.attn2.to_k.weight", level);
      int context = limn_weights_dim (weights, name, 1);

      if (context > 0)
        return context;
    }
  return 0;
}

static void
measure_unet (const LimnWeights *weights,
              LimnUnetConfig    *unet)
{
  unet->in_channels = limn_weights_dim (weights, "conv_in.weight", 1);
  unet->out_channels = limn_weights_dim (weights, "conv_out.weight", 0);
  unet->width = limn_weights_dim (weights, "conv_in.weight", 0);
  unet->levels = limn_weights_count_numbered (weights, "down_blocks.%d.resnets.0.conv1.weight",
                                              LIMN_UNET_MAX_LEVELS);
  unet->layers = limn_weights_count_numbered (weights, "down_blocks.0.resnets.%d.conv1.weight",
                                              LIMN_UNET_MAX_LAYERS);
  unet->context = measure_context (weights, unet->levels);
  unet->added = limn_weights_dim (weights, "add_embedding.linear_1.weight", 1);
  unet->mid_depth = depth_of (weights, "mid_block");
  for (int level = 0; level < unet->levels; level++)
    {
      g_autofree char *down = g_strdup_printf ("down_blocks.%d", level);
      g_autofree char *up = g_strdup_printf ("up_blocks.%d", unet->levels - 1 - level);

      unet->down_depth[level] = depth_of (weights, down);
      unet->up_depth[level] = depth_of (weights, up);
    }
}

static int
published_heads (const LimnUnetFamily *family,
                 const LimnWeights    *weights,
                 int                   level)
{
  g_autofree char *name = g_strdup_printf ("down_blocks.%d.resnets.0.conv1.weight", level);

  if (family->heads > 0)
    return family->heads;
  return MAX (1, limn_weights_dim (weights, name, 0) / family->head_width);
}

/* "attention_head_dim" is, in these files, the number of heads (not their width); one number, or one a level. */
static gboolean
read_heads (const LimnUnetFamily *family,
            const LimnWeights    *weights,
            JsonObject           *config,
            LimnUnetConfig       *unet,
            GError              **error)
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
    unet->heads[level] = n == 0 ? published_heads (family, weights, level) : heads[n == 1 ? 0 : level];
  return TRUE;
}

gboolean
limn_unet_model_read_unet (const LimnModelFiles *files,
                           const LimnUnetFamily *family,
                           const char           *part,
                           const char           *settings,
                           LimnUnetConfig       *unet,
                           GError              **error)
{
  g_autoptr (LimnWeights) weights = limn_model_folder_weights (files->weights, part, error);
  JsonObject *config;
  double      epsilon = 1e-5;

  if (weights == NULL || !limn_model_files_config (files, settings, &config, error))
    return FALSE;

  measure_unet (weights, unet);
  unet->groups = PUBLISHED_GROUPS;
  unet->condition_width = PUBLISHED_CONDITION_WIDTH;
  unet->conditions = family->conditions;
  if (!read_heads (family, weights, config, unet, error))
    return FALSE;
  if (config != NULL && !limn_config_int (config, "norm_num_groups", PUBLISHED_GROUPS, 1, MAX_GROUPS, &unet->groups, error))
    return FALSE;
  if (config != NULL && !limn_config_double (config, "norm_eps", 1e-5, 0, 1, &epsilon, error))
    return FALSE;
  if (config != NULL && unet->conditions > 0 && !limn_config_int (config, "addition_time_embed_dim", PUBLISHED_CONDITION_WIDTH, 1, MAX_CONDITION_WIDTH, &unet->condition_width, error))
    return FALSE;

  unet->epsilon = epsilon;
  return TRUE;
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
         && limn_config_double (config, "scaling_factor", *scale, 1e-6, 1e6, scale,
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

  vae->levels = 4;
  vae->latent_channels = 4;
  if (!limn_model_files_config (files, "vae", &config, error))
    return FALSE;
  vae->groups = PUBLISHED_GROUPS;
  vae->quant_conv = vae->post_quant_conv = vae->mid_attention = TRUE;
  if (config != NULL && !read_vae_settings (config, vae, scale, error))
    return FALSE;
  if (!limn_model_folder_has (files->weights, "vae"))
    return TRUE;
  weights = limn_model_folder_weights (files->weights, "vae", error);
  if (weights == NULL)
    return FALSE;

  vae->levels = limn_weights_count_numbered (
      weights, "decoder.up_blocks.%d.resnets.0.conv1.weight", LIMN_VAE_MAX_LEVELS);
  vae->layers = limn_weights_count_numbered (weights, "decoder.up_blocks.0.resnets.%d.conv1.weight", 16) - 1;
  vae->latent_channels = limn_weights_dim (weights, "decoder.conv_in.weight", 1);
  return TRUE;
}

static gboolean
check_texts (const char          *path,
             const LimnUnetModel *model,
             GError             **error)
{
  const LimnClipTextConfig *text = model->text;
  int                       width = text[0].width + text[1].width;

  if (text[0].width == 0 || width == model->unet.context)
    return TRUE;
  return limn_family_error (error,
                            "%s: its text encoders are %d wide, its U-Net takes %d; the parts "
                            "are of different models",
                            path, width, model->unet.context);
}

/* Numbers that were measured: where one is zero, what it would have been measured by is missing. */
static gboolean
check (const char          *path,
       const LimnUnetModel *model,
       GError             **error)
{
  const LimnUnetConfig *unet = &model->unet;
  const LimnVaeConfig  *vae = &model->vae;
  int                   channels = unet->out_channels;

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
  if (unet->added > 0 && unet->added <= unet->conditions * unet->condition_width)
    return limn_family_error (error, "%s: its U-Net is told %d numbers beside the text, too few; get the file again",
                              path, unet->added);
  return check_texts (path, model, error);
}

static void
fill_facts (const LimnUnetFamily *family,
            const LimnUnetModel  *model,
            double                scale,
            LimnFacts            *facts)
{
  facts->latent_factor = facts->size_step = 1 << (model->vae.levels - 1);
  facts->max_size = 4096;
  facts->steps = family->steps;
  facts->guidance = family->guidance;
  facts->sampler = "dpmpp_2m";
  facts->schedule = "karras";
  facts->latent_channels = model->vae.latent_channels;
  facts->generator_channels = model->unet.in_channels;
  facts->posterior = facts->pooled_text = TRUE;
  facts->conditions = family->conditions;
  facts->pooled_width = model->unet.added - model->unet.conditions * model->unet.condition_width;
  for (int i = 0; family->encoders[i].part != NULL; i++)
    {
      facts->text_encoders = i + 1;
      facts->zero_padded[i] = family->encoders[i].zero_padded;
    }
  facts->text_tokens = model->text[0].positions;
  facts->weighted_prompts = TRUE;
  facts->vocabulary = model->text[0].vocabulary;
  for (int i = 0; i < LIMN_MAX_LATENT_CHANNELS; i++)
    facts->scale[i] = scale;
  facts->has_colours = facts->latent_channels == LIMN_UNET_LATENT_CHANNELS;
  memcpy (facts->colours, family->colours, sizeof family->colours);
}

gpointer
limn_unet_model_configure (const LimnModelFiles *files,
                           const LimnUnetFamily *family,
                           LimnFacts            *facts,
                           GError              **error)
{
  g_autofree LimnUnetModel *model = g_new0 (LimnUnetModel, 1);
  double                    scale = family->scale;

  if (!limn_unet_model_read_unet (files, family, "unet", "unet", &model->unet, error))
    return NULL;
  for (int i = 0; family->encoders[i].part != NULL; i++)
    if (!limn_unet_model_read_text (files, &family->encoders[i], &model->text[i], error))
      return NULL;
  if (!read_vae (files, &model->vae, &scale, error) || !check (limn_model_folder_path (files->weights), model, error))
    return NULL;

  facts->width = facts->height = family->size;
  fill_facts (family, model, scale, facts);
  return limn_unet_model_read_process (files, facts, error) ? g_steal_pointer (&model) : NULL;
}
