/* Family: ControlNets of latent diffusion models with a U-Net. They steer a generator and make no pictures by themselves.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/unet-model.h"

#define PART "controlnet"
#define PUBLISHED_LEVELS 4 /* of the autoencoder: a place of the latent is 8 pixels wide */
#define CLIP_TOKENS 77

/* By what their U-Nets are. */
static const LimnUnetFamily published[] = {
  [LIMN_UNET_CONV_PROJECTIONS] = { .heads = 8 },
  [LIMN_UNET_LINEAR_PROJECTIONS] = { .head_width = 64 },
  [LIMN_UNET_CONDITIONED] = { .head_width = 64, .conditions = 6 },
};

static gboolean
recognise (LimnModelFolder *folder)
{
  return limn_unet_kind (folder, PART, NULL) != LIMN_UNET_UNKNOWN;
}

/* Settings of its own, else those of the model whose settings are taken. */
static gpointer
configure (const LimnModelFiles *files,
           LimnFacts            *facts,
           GError              **error)
{
  g_autofree LimnUnetModel *model = g_new0 (LimnUnetModel, 1);
  const LimnUnetFamily     *family = &published[limn_unet_kind (files->weights, PART, NULL)];
  gboolean                  own = files->configs != NULL && limn_model_folder_has (files->configs, PART);

  if (!limn_unet_model_read_unet (files, family, PART, own ? PART : "unet", &model->unet, error))
    return NULL;
  if (model->unet.levels == 0 || model->unet.layers == 0 || model->unet.context == 0)
    return limn_family_error (error, "%s: blocks of the ControlNet are missing; get the file again",
                              limn_model_folder_path (files->weights)),
           NULL;
  model->vae.levels = PUBLISHED_LEVELS;
  model->text[0].positions = CLIP_TOKENS;
  facts->latent_factor = facts->size_step = 1 << (PUBLISHED_LEVELS - 1);
  facts->max_size = 4096;
  facts->latent_channels = facts->generator_channels = model->unet.in_channels;
  return g_steal_pointer (&model);
}

static const char *const classes[] = { "ControlNetModel", NULL };

const LimnFamily limn_family_controlnet = {
  .id = "controlnet",
  .label = "ControlNet",
  .part_names = { [LIMN_PART_CONTROL] = PART },
  .classes = classes,
  .recognise = recognise,
  .configure = configure,
  .build = { [LIMN_PART_CONTROL] = limn_unet_model_build_control },
};
