/* What the families of latent diffusion models with a U-Net share: their files are measured alike, their parts recorded alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/clip-text.h"
#include "engine/blocks/unet.h"
#include "engine/blocks/vae.h"
#include "engine/models/family.h"

G_BEGIN_DECLS

/* As all published autoencoders of these families have them. */
#define LIMN_UNET_LATENT_CHANNELS 4

/* Fitted by the authors of ComfyUI to latents of SD 1.x (SD 2.x has the same autoencoder, but for a later decoder) and of SDXL. */
#define LIMN_SD_COLOURS                                                                                                            \
  {                                                                                                                                \
    { 0.3512f, 0.2297f, 0.3227f }, { 0.3250f, 0.4974f, 0.2350f }, { -0.2829f, 0.1762f, 0.2721f }, { -0.2120f, -0.2616f, -0.7177f } \
  }
#define LIMN_SDXL_COLOURS                                                                                                             \
  {                                                                                                                                   \
    { 0.3651f, 0.4232f, 0.4341f }, { -0.2533f, -0.0042f, 0.1068f }, { 0.1076f, 0.1111f, -0.0362f }, { -0.3165f, -0.2492f, -0.2188f }, \
    {                                                                                                                                 \
      0.1084f, -0.0175f, -0.0011f                                                                                                     \
    }                                                                                                                                 \
  }

/**
 * LimnUnetEncoder:
 * @part: folder of its weights
 * @activation: of its feed-forward
 * @skip: the block whose output is taken, counted from the last, if no more is asked for
 * @spare: blocks that original files have behind those
 * @normed: whether the final norm comes after that block
 * @projected: whether its pooled text goes through a projection
 * @zero_padded: whether prompts are filled up with id 0; else with what the tokenizer says
 *
 * A text encoder of a family, as published.
 */
typedef struct
{
  const char    *part;
  LimnActivation activation;
  int            skip, spare;
  gboolean       normed, projected, zero_padded;
} LimnUnetEncoder;

/**
 * LimnUnetFamily:
 * @encoders: ends at one without a part
 * @heads: attention heads of every level; 0: as many as heads of @head_width fit
 * @scale: of latents
 * @size: side of a picture if nothing is asked for
 * @conditions: numbers that the generator is told beside the text (sizes, a score); 0: none
 * @colours: LimnFacts.colours, fitted to its autoencoder's pictures
 *
 * What the published models of a family have where no tensor shows it.
 */
typedef struct
{
  LimnUnetEncoder encoders[LIMN_MAX_TEXT_ENCODERS + 1];
  int             heads, head_width;
  double          scale;
  int             size, steps;
  double          guidance;
  int             conditions;
  float           colours[LIMN_UNET_LATENT_CHANNELS + 1][3];
} LimnUnetFamily;

/* As measured; LimnPartCall.settings of these families. */
typedef struct
{
  LimnClipTextConfig text[LIMN_MAX_TEXT_ENCODERS];
  LimnUnetConfig     unet;
  LimnVaeConfig      vae;
} LimnUnetModel;

/* What a U-Net's tensors show of its family. */
typedef enum
{
  LIMN_UNET_UNKNOWN,
  LIMN_UNET_CONV_PROJECTIONS,   /* attentions begin with 1 × 1 convolutions */
  LIMN_UNET_LINEAR_PROJECTIONS, /* with linear layers */
  LIMN_UNET_CONDITIONED,        /* it is told more than time and text */
} LimnUnetKind;

/**
 * limn_unet_kind:
 * @part: "unet" or "controlnet"
 * @unet: (out) (optional) (transfer full) (nullable): its weights
 */
LimnUnetKind limn_unet_kind (LimnModelFolder *folder,
                             const char      *part,
                             LimnWeights    **unet);

/* Whether a conditioned U-Net, of which there are two families, is the refiner's (sdxl.c). */
gboolean limn_sdxl_is_refiner (LimnModelFolder   *folder,
                               const LimnWeights *unet);

/**
 * limn_unet_model_configure:
 *
 * LimnFamily.configure of these families: measures tensors, reads settings, fills @facts.
 *
 * Returns: (transfer full): a #LimnUnetModel
 */
gpointer limn_unet_model_configure (const LimnModelFiles *files,
                                    const LimnUnetFamily *family,
                                    LimnFacts            *facts,
                                    GError              **error);

/**
 * limn_unet_model_read_unet:
 * @part: "unet" or "controlnet", whose first half is the same
 * @settings: the part whose settings it has
 */
gboolean limn_unet_model_read_unet (const LimnModelFiles *files,
                                    const LimnUnetFamily *family,
                                    const char           *part,
                                    const char           *settings,
                                    LimnUnetConfig       *unet,
                                    GError              **error);

/* Reads the text encoder @published into @text, which stays empty where it is not there (unet-model-text.c). */
gboolean limn_unet_model_read_text (const LimnModelFiles  *files,
                                    const LimnUnetEncoder *published,
                                    LimnClipTextConfig    *text,
                                    GError               **error);

/**
 * limn_unet_model_read_process:
 *
 * Reads what the generator predicts, and of which process: from the scheduler's settings, else what the file says of itself, else from
 * how the weights are spread (unet-model-process.c).
 */
gboolean limn_unet_model_read_process (const LimnModelFiles *files,
                                       LimnFacts            *facts,
                                       GError              **error);

/* LimnFamily.build of these families (unet-model-parts.c). */
void limn_unet_model_build_text (const LimnPartCall *call);
void limn_unet_model_build_text_2 (const LimnPartCall *call);
void limn_unet_model_build_generator (const LimnPartCall *call);
void limn_unet_model_build_control (const LimnPartCall *call);
void limn_unet_model_build_decoder (const LimnPartCall *call);
void limn_unet_model_build_encoder (const LimnPartCall *call);

G_END_DECLS
