/* Adapters: files of changes of a model (LoRA and its kin), in the names of all programs that write them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/config.h"
#include "engine/weights/name-map.h"
#include "engine/weights/patch.h"

G_BEGIN_DECLS

/* What a tensor of a file is to its layer. */
typedef enum
{
  LIMN_ADAPTER_UP,
  LIMN_ADAPTER_DOWN,
  LIMN_ADAPTER_MID,
  LIMN_ADAPTER_ALPHA,
  LIMN_ADAPTER_HADA_W1_A,
  LIMN_ADAPTER_HADA_W1_B,
  LIMN_ADAPTER_HADA_T1,
  LIMN_ADAPTER_HADA_W2_A,
  LIMN_ADAPTER_HADA_W2_B,
  LIMN_ADAPTER_HADA_T2,
  LIMN_ADAPTER_LOKR_W1,
  LIMN_ADAPTER_LOKR_W1_A,
  LIMN_ADAPTER_LOKR_W1_B,
  LIMN_ADAPTER_LOKR_T1,
  LIMN_ADAPTER_LOKR_W2,
  LIMN_ADAPTER_LOKR_W2_A,
  LIMN_ADAPTER_LOKR_W2_B,
  LIMN_ADAPTER_LOKR_T2,
  LIMN_ADAPTER_DORA_SCALE, /* LyCORIS' magnitude */
  LIMN_ADAPTER_MAGNITUDE,  /* PEFT's */
  LIMN_ADAPTER_DIFF,
  LIMN_ADAPTER_BIAS_DIFF,
  LIMN_ADAPTER_BIAS_UP, /* PEFT's bias, scaled as the product is */
  LIMN_ADAPTER_N_ROLES
} LimnAdapterRole;

/**
 * LimnAdapterLayer:
 * @name: as the file has it: "lora_unet_mid_block_attentions_0_proj_in", "unet.mid_block.attentions.0.proj_in"
 * @tensors: (nullable members)
 * @peft: whether its tensors are named as PEFT does
 */
typedef struct
{
  char             *name;
  const LimnWeight *tensors[LIMN_ADAPTER_N_ROLES];
  gboolean          peft;
} LimnAdapterLayer;

/**
 * LimnAdapterFile:
 * @layers: (element-type LimnAdapterLayer): in the order of their names
 * @config: (nullable): PEFT's settings
 * @unknown: tensors that belong to no layer, @first_unknown: one of them
 */
typedef struct
{
  char        *path;
  LimnWeights *weights;
  GPtrArray   *layers;
  JsonObject  *config;
  guint        unknown;
  const char  *first_unknown;
} LimnAdapterFile;

/**
 * limn_adapter_file_open:
 *
 * Returns: (transfer full): the file's layers, or %NULL with %LIMN_ENGINE_ERROR_FILE or, where it holds no adapter,
 *   %LIMN_ENGINE_ERROR_UNSUPPORTED
 */
LimnAdapterFile *limn_adapter_file_open (const char *path,
                                         GError    **error);
void             limn_adapter_file_free (LimnAdapterFile *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnAdapterFile, limn_adapter_file_free)

/* Takes the settings of PEFT that belong to @file: out of its metadata, or from adapter_config.json beside it. */
gboolean limn_adapter_file_read_config (LimnAdapterFile *file,
                                        GError         **error);

/**
 * limn_adapter_scale:
 * @rank: 0 where nothing is factored
 * @scale: (out): alpha / rank, or 1
 *
 * Returns: %FALSE with %LIMN_ENGINE_ERROR_FILE if the alpha is no number
 */
gboolean limn_adapter_scale (const LimnAdapterFile  *file,
                             const LimnAdapterLayer *layer,
                             gsize                   rank,
                             double                 *scale,
                             GError                **error);

/**
 * limn_adapter_delta:
 * @strength: as the user weighs it
 * @delta: (out): for the layer's weight; its scale is 0 where the layer changes only the bias
 *
 * Returns: %FALSE with %LIMN_ENGINE_ERROR_FILE if a half is missing
 */
gboolean limn_adapter_delta (const LimnAdapterFile  *file,
                             const LimnAdapterLayer *layer,
                             double                  strength,
                             LimnDelta              *delta,
                             GError                **error);

/* The same for its bias. */
gboolean limn_adapter_bias_delta (const LimnAdapterFile  *file,
                                  const LimnAdapterLayer *layer,
                                  double                  strength,
                                  LimnDelta              *delta,
                                  GError                **error);

/* (nullable): what the file seems to be for, "Stable Diffusion XL" */
const char *limn_adapter_origin (const LimnAdapterFile *file);

/**
 * LimnAdapterTarget:
 * @part: "unet", "transformer", "text_encoder" or "text_encoder_2"
 * @weights: under the names of the diffusers layout
 * @patches: (element-type utf8 LimnPatch): by the weight's name
 *
 * A part of a model that adapters change.
 */
typedef struct
{
  const char  *part;
  LimnWeights *weights;
  GHashTable  *flat; /* name with underscores → LimnWeight */
  GHashTable  *patches;
  LimnTopology topology;
} LimnAdapterTarget;

/* @weights: (transfer full) */
LimnAdapterTarget *limn_adapter_target_new (const char  *part,
                                            LimnWeights *weights);
void               limn_adapter_target_free (LimnAdapterTarget *target);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnAdapterTarget, limn_adapter_target_free)

gboolean limn_adapter_target_is_text (const LimnAdapterTarget *target);

/* (transfer none): the patch of @weight, made if there was none */
LimnPatch *limn_adapter_target_patch (LimnAdapterTarget *target,
                                      const LimnWeight  *weight);

/**
 * limn_adapter_find:
 * @targets: (element-type LimnAdapterTarget)
 * @layer: its name in any program's spelling
 * @suffix: "weight" or "bias"
 * @target: (out)
 *
 * Returns: (nullable): the weight that the layer changes
 */
const LimnWeight *limn_adapter_find (GPtrArray          *targets,
                                     const char         *layer,
                                     const char         *suffix,
                                     LimnAdapterTarget **target);

/**
 * LimnAdapterReport:
 * @used: weights changed
 * @unused: tensors that change nothing, @first_unused: (nullable): one of them; it belongs to the file
 */
typedef struct
{
  guint       used, unused;
  const char *first_unused;
} LimnAdapterReport;

/**
 * limn_adapter_apply:
 * @weight: of the generator's changes, @text_weight: of the text encoders'; 0: none
 *
 * Adds the changes of @file to the patches of @targets.
 *
 * Returns: %FALSE with %LIMN_ENGINE_ERROR_FILE if the file is damaged, with %LIMN_ENGINE_ERROR_UNSUPPORTED if it is for another model
 */
gboolean limn_adapter_apply (const LimnAdapterFile *file,
                             GPtrArray             *targets,
                             double                 weight,
                             double                 text_weight,
                             LimnAdapterReport     *report,
                             GError               **error);

/* Sets @code and "path: …", returns FALSE. */
gboolean limn_adapter_error (GError               **error,
                             const LimnAdapterFile *file,
                             int                    code,
                             const char            *format,
                             ...) G_GNUC_PRINTF (4, 5);

G_END_DECLS
