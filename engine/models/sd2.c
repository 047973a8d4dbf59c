/* Family: Stable Diffusion 2.x, which predicts noise at 512 px or velocities at 768 px.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/unet-model.h"

#define SIZE_OF_VELOCITIES 768

static const LimnUnetFamily published = {
  .encoders = { {
      .part = "text_encoder",
      .activation = LIMN_ACTIVATION_GELU,
      .skip = 1,
      .spare = 1, /* OpenCLIP's last block is in original files, but was not trained with */
      .normed = TRUE,
      .zero_padded = TRUE,
  } },
  .head_width = 64,
  .scale = 0.18215,
  .size = 512,
  .steps = 25,
  .guidance = 7.5,
  .colours = LIMN_SD_COLOURS,
};

static gboolean
recognise (LimnModelFolder *folder)
{
  return limn_unet_kind (folder, "unet", NULL) == LIMN_UNET_LINEAR_PROJECTIONS;
}

static gpointer
configure (const LimnModelFiles *files,
           LimnFacts            *facts,
           GError              **error)
{
  gpointer model = limn_unet_model_configure (files, &published, facts, error);

  if (model != NULL && facts->prediction == LIMN_PREDICTION_V)
    facts->width = facts->height = SIZE_OF_VELOCITIES;
  return model;
}

static const char *const classes[] = {
  "StableDiffusionPipeline",
  "StableDiffusionImg2ImgPipeline",
  "StableDiffusionInpaintPipeline",
  NULL
};

const LimnFamily limn_family_sd2 = {
  .id = "sd2",
  .label = "Stable Diffusion 2",
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
