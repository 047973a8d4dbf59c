/* What the files about Stable Diffusion cases share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/golden/latent.h"

G_BEGIN_DECLS

/**
 * Sd15Case:
 * @model: under test
 * @autoencoder: model with the autoencoder to use
 * @prompt, @negative: from the recorded ids; never %NULL
 * @guidance, @steps: of the case's JSON
 */
typedef struct
{
  GoldenCase *golden;
  LimnModel  *model;
  LimnModel  *autoencoder;
  LimnText   *prompt, *negative;
  double      guidance;
  int         steps;
} Sd15Case;

/* Whole sampling runs from noise: diffusers.*, k.*. */
void golden_sd15_runs (Sd15Case *sd15);

/* Runs that start from a picture. */
void golden_sd15_img2img (Sd15Case *sd15);
void golden_sd15_inpaint4 (Sd15Case *sd15);

/* The run of an inpainting model with 9 channels. */
void golden_sd15_inpaint9 (Sd15Case *sd15);

G_END_DECLS
