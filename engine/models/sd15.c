/* Family: Stable Diffusion 1.x, with 4 channels or the 9 of inpainting models.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/unet-model.h"

static const LimnUnetFamily published = {
  .encoders = { { .part = "text_encoder", .activation = LIMN_ACTIVATION_QUICK_GELU, .skip = 1, .normed = TRUE } },
  .heads = 8,
  .scale = 0.18215,
  .size = 512,
  .steps = 25,
  .guidance = 7.5,
  .colours = LIMN_SD_COLOURS,
};

static gboolean
recognise (LimnModelFolder *folder)
{
  return limn_unet_kind (folder, "unet", NULL) == LIMN_UNET_CONV_PROJECTIONS;
}

static gpointer
configure (const LimnModelFiles *files,
           LimnFacts            *facts,
           GError              **error)
{
  return limn_unet_model_configure (files, &published, facts, error);
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
  .part_names = { [LIMN_PART_TEXT] = "text_encoder", [LIMN_PART_GENERATOR] = "unet", [LIMN_PART_DECODER] = "vae", [LIMN_PART_ENCODER] = "vae" },
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
