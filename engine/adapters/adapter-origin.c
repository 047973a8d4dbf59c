/* Adapters: which kind of model a file seems to be made for, to say so where it does not fit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters/adapter.h"

#define SD1 "Stable Diffusion 1.x"
#define SD2 "Stable Diffusion 2.x"
#define SD3 "Stable Diffusion 3"
#define SDXL "Stable Diffusion XL"
#define FLUX "FLUX"

typedef struct
{
  const char *sign, *origin;
} Sign;

/* In what the trainer noted. */
static const Sign noted[] = {
  { "sdxl", SDXL },
  { "stable-diffusion-xl", SDXL },
  { "sd_v1", SD1 },
  { "stable-diffusion-v1", SD1 },
  { "sd_v2", SD2 },
  { "stable-diffusion-v2", SD2 },
  { "sd3", SD3 },
  { "stable-diffusion-3", SD3 },
  { "flux", FLUX },
};

/* In names of layers. */
static const Sign named[] = {
  { "single_transformer_blocks", FLUX },
  { "double_blocks", FLUX },
  { "single_blocks", FLUX },
  { "joint_blocks", SD3 },
  { "lora_te2_", SDXL },
  { "text_encoder_2.", SDXL },
  { "attentions_0_transformer_blocks_1_", SDXL },
  { "attentions.0.transformer_blocks.1.", SDXL },
};

static const char *
find_sign (const Sign *signs,
           gsize       n,
           const char *text)
{
  for (gsize i = 0; text != NULL && i < n; i++)
    if (strstr (text, signs[i].sign) != NULL)
      return signs[i].origin;
  return NULL;
}

/* What a layer that reads the text takes: as wide as the text encoders are. */
static const char *
origin_of_width (const LimnAdapterLayer *layer)
{
  static const struct
  {
    gint64      width;
    const char *origin;
  } widths[] = { { 768, SD1 }, { 1024, SD2 }, { 2048, SDXL } };
  const LimnWeight *down = layer->tensors[LIMN_ADAPTER_DOWN];

  if (down == NULL || down->n_dims < 2 || (!g_str_has_suffix (layer->name, "attn2_to_k") && !g_str_has_suffix (layer->name, "attn2.to_k")))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    if (down->dims[1] == widths[i].width)
      return widths[i].origin;
  return NULL;
}

const char *
limn_adapter_origin (const LimnAdapterFile *file)
{
  static const char *const keys[] = { "ss_base_model_version", "modelspec.architecture" };
  const char              *origin = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (keys) && origin == NULL; i++)
    origin = find_sign (noted, G_N_ELEMENTS (noted), limn_weights_metadata (file->weights, keys[i]));
  for (guint i = 0; i < file->layers->len && origin == NULL; i++)
    {
      const LimnAdapterLayer *layer = file->layers->pdata[i];

      origin = origin_of_width (layer);
      if (origin == NULL)
        origin = find_sign (named, G_N_ELEMENTS (named), layer->name);
    }
  return origin;
}
