/* Latent diffusion models with a U-Net: measuring a text encoder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/unet-model.h"

#define CLIP_HEAD_WIDTH 64
#define CLIP_TOKENS 77
#define MAX_HEADS 1024
#define MAX_LAYERS 128

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
  const char *name = NULL;

  if (!limn_config_string (config, "hidden_act", NULL, &name, error))
    return FALSE;
  if (name == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_strcmp0 (name, known[i].name) == 0)
      {
        *activation = known[i].activation;
        return TRUE;
      }
  return limn_family_error (
      error,
      "text encoder's config.json: no activation \"%s\" is known; CLIP has quick_gelu or gelu",
      name);
}

static void
measure (const LimnWeights  *weights,
         LimnClipTextConfig *text)
{
  text->vocabulary = limn_weights_dim (weights, "text_model.embeddings.token_embedding.weight", 0);
  text->width = limn_weights_dim (weights, "text_model.embeddings.token_embedding.weight", 1);
  text->positions = limn_weights_dim (weights, "text_model.embeddings.position_embedding.weight", 0);
  text->layers = limn_weights_count_numbered (
      weights, "text_model.encoder.layers.%d.layer_norm1.weight", MAX_LAYERS);
  text->heads = MAX (1, text->width / CLIP_HEAD_WIDTH);
}

/* Some files have blocks behind those that are used; settings say how many there are without them. */
static gboolean
read_settings (JsonObject         *config,
               LimnClipTextConfig *text,
               GError            **error)
{
  double epsilon = text->epsilon;
  int    layers = text->layers;

  if (!limn_config_int (config, "num_attention_heads", text->heads, 1, MAX_HEADS, &text->heads, error)
      || !limn_config_double (config, "layer_norm_eps", epsilon, 0, 1, &epsilon, error)
      || !limn_config_int (config, "num_hidden_layers", layers, 1, MAX_LAYERS, &layers, error))
    return FALSE;
  text->epsilon = epsilon;
  text->layers = MIN (layers, text->layers);
  return read_activation (config, &text->activation, error);
}

gboolean
limn_unet_model_read_text (const LimnModelFiles  *files,
                           const LimnUnetEncoder *published,
                           LimnClipTextConfig    *text,
                           GError               **error)
{
  g_autoptr (LimnWeights) weights = NULL;
  JsonObject *config;

  text->positions = CLIP_TOKENS;
  if (!limn_model_folder_has (files->weights, published->part))
    return TRUE;
  weights = limn_model_folder_weights (files->weights, published->part, error);
  if (weights == NULL || !limn_model_files_config (files, published->part, &config, error))
    return FALSE;

  measure (weights, text);
  text->activation = published->activation;
  text->epsilon = 1e-5f;
  text->skip = published->skip;
  text->normed = published->normed;
  text->projected = published->projected && limn_weights_find (weights, "text_projection.weight") != NULL;
  if (config != NULL)
    return read_settings (config, text, error);
  if (text->layers > published->spare)
    text->layers -= published->spare;
  return TRUE;
}
