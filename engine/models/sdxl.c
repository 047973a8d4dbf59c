/* Family: Stable Diffusion XL, with 4 channels or the 9 of inpainting models, and what was distilled from it (Turbo, Lightning).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/unet-model.h"

static const LimnUnetFamily published = {
  .encoders = {
      { .part = "text_encoder", .activation = LIMN_ACTIVATION_QUICK_GELU, .skip = 2 },
      { .part = "text_encoder_2", .activation = LIMN_ACTIVATION_GELU, .skip = 2, .projected = TRUE, .zero_padded = TRUE },
  },
  .head_width = 64,
  .scale = 0.13025,
  .size = 1024,
  .steps = 25,
  .guidance = 6,
  .colours = LIMN_SDXL_COLOURS,
  .conditions = 6, /* height and width of the original, top and left of the crop, height and width wanted */
};

/* The refiner has OpenCLIP bigG alone, the base model CLIP L beside it; this wide where the encoder is not at hand. */
#define REFINER_CONTEXT 1280

static int
width_of_second (LimnModelFolder *folder)
{
  g_autoptr (LimnWeights) encoder = NULL;

  if (limn_model_folder_has (folder, "text_encoder_2"))
    encoder = limn_model_folder_weights (folder, "text_encoder_2", NULL);
  return encoder != NULL ? limn_weights_dim (encoder, "text_model.embeddings.token_embedding.weight", 1) : REFINER_CONTEXT;
}

gboolean
limn_sdxl_is_refiner (LimnModelFolder   *folder,
                      const LimnWeights *unet)
{
  const int width = width_of_second (folder);

  for (int level = 0; level < LIMN_UNET_MAX_LEVELS; level++)
    {
      g_autofree char *name = g_strdup_printf ("down_blocks.%d.attentions.0.transformer_blocks.0.attn2.to_k.weight", level);
      int              context = limn_weights_dim (unet, name, 1);

      if (context > 0)
        return context == width;
    }
  return FALSE;
}

static gboolean
recognise (LimnModelFolder *folder)
{
  g_autoptr (LimnWeights) unet = NULL;

  return limn_unet_kind (folder, "unet", &unet) == LIMN_UNET_CONDITIONED && !limn_sdxl_is_refiner (folder, unet);
}

static gpointer
configure (const LimnModelFiles *files,
           LimnFacts            *facts,
           GError              **error)
{
  gpointer model = limn_unet_model_configure (files, &published, facts, error);

  facts->zero_negative = facts->wide_autoencoder = TRUE;
  return model;
}

static const char *const classes[] = {
  "StableDiffusionXLPipeline",
  "StableDiffusionXLImg2ImgPipeline",
  "StableDiffusionXLInpaintPipeline",
  NULL
};

const LimnFamily limn_family_sdxl = {
  .id = "sdxl",
  .label = "Stable Diffusion XL",
  .part_names = { [LIMN_PART_TEXT] = "text_encoder", [LIMN_PART_TEXT_2] = "text_encoder_2", [LIMN_PART_GENERATOR] = "unet", [LIMN_PART_DECODER] = "vae", [LIMN_PART_ENCODER] = "vae" },
  .classes = classes,
  .tokenizer = "clip",
  .recognise = recognise,
  .configure = configure,
  .build = {
      [LIMN_PART_TEXT] = limn_unet_model_build_text,
      [LIMN_PART_TEXT_2] = limn_unet_model_build_text_2,
      [LIMN_PART_GENERATOR] = limn_unet_model_build_generator,
      [LIMN_PART_DECODER] = limn_unet_model_build_decoder,
      [LIMN_PART_ENCODER] = limn_unet_model_build_encoder,
  },
};
