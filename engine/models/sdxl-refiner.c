/* Family: Stable Diffusion XL, its refiner: one text encoder, and a score of beauty among what it is told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/unet-model.h"

static const LimnUnetFamily published = {
  .encoders = {
      { .part = "text_encoder_2", .activation = LIMN_ACTIVATION_GELU, .skip = 2, .projected = TRUE, .zero_padded = TRUE },
  },
  .head_width = 64,
  .scale = 0.13025,
  .size = 1024,
  .steps = 25,
  .guidance = 6,
  .colours = LIMN_SDXL_COLOURS,
  .conditions = 5, /* height and width of the original, top and left of the crop, score */
};

static gboolean
recognise (LimnModelFolder *folder)
{
  g_autoptr (LimnWeights) unet = NULL;

  return limn_unet_kind (folder, "unet", &unet) == LIMN_UNET_CONDITIONED && limn_sdxl_is_refiner (folder, unet);
}

static gpointer
configure (const LimnModelFiles *files,
           LimnFacts            *facts,
           GError              **error)
{
  gpointer model = limn_unet_model_configure (files, &published, facts, error);

  facts->wide_autoencoder = TRUE;
  return model;
}

static const char *const classes[] = {
  "StableDiffusionXLImg2ImgPipeline",
  NULL
};

const LimnFamily limn_family_sdxl_refiner = {
  .id = "sdxl-refiner",
  .label = "Stable Diffusion XL refiner",
  .part_names = { [LIMN_PART_TEXT] = "text_encoder_2", [LIMN_PART_GENERATOR] = "unet", [LIMN_PART_DECODER] = "vae", [LIMN_PART_ENCODER] = "vae" },
  .classes = classes,
  .tokenizer = "clip",
  .recognise = recognise,
  .configure = configure,
  .build = {
      [LIMN_PART_TEXT] = limn_unet_model_build_text,
      [LIMN_PART_GENERATOR] = limn_unet_model_build_generator,
      [LIMN_PART_DECODER] = limn_unet_model_build_decoder,
      [LIMN_PART_ENCODER] = limn_unet_model_build_encoder,
  },
};
