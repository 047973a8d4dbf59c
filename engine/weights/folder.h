/* A model as it lies on the disk: a diffusers folder, or a single file with everything in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/config.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* Belongs to one thread; what it gives out may be used by any. */
typedef struct _LimnModelFolder LimnModelFolder;

/**
 * limn_model_folder_open:
 * @path: a folder with a model_index.json or with parts ("unet", "vae", …) in it, or a .safetensors or GGUF file
 *
 * Reads the index of a folder, or the header of a file; parts are opened when they are asked for.
 *
 * Returns: (transfer full): the model, or %NULL with %LIMN_ENGINE_ERROR_FILE or %LIMN_ENGINE_ERROR_UNSUPPORTED
 */
LimnModelFolder *limn_model_folder_open (const char *path,
                                         GError    **error);
void             limn_model_folder_free (LimnModelFolder *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnModelFolder, limn_model_folder_free)

/**
 * limn_model_folder_path:
 *
 * Returns: (transfer none): as it was opened
 */
const char *limn_model_folder_path (const LimnModelFolder *folder);

/**
 * limn_model_folder_class:
 *
 * Returns: (nullable) (transfer none): the `_class_name` of model_index.json, "StableDiffusionPipeline"
 */
const char *limn_model_folder_class (const LimnModelFolder *folder);

/**
 * limn_model_folder_single:
 *
 * Returns: (nullable) (transfer none): all tensors of a single file, under its own names, to recognise a family by;
 *   %NULL for a folder of parts
 */
const LimnWeights *limn_model_folder_single (const LimnModelFolder *folder);

/**
 * limn_model_folder_has:
 * @part: "unet", "transformer", "vae", "text_encoder", "tokenizer", "scheduler", …
 *
 * Returns: whether the part is there
 */
gboolean limn_model_folder_has (const LimnModelFolder *folder,
                                const char            *part);

/**
 * limn_model_folder_set_part:
 * @path: a .safetensors file or a folder that has @part, whatever else it has
 *
 * Takes @part from there from now on.
 */
gboolean limn_model_folder_set_part (LimnModelFolder *folder,
                                     const char      *part,
                                     const char      *path,
                                     GError         **error);

/**
 * limn_model_folder_weights:
 *
 * Returns: (transfer full): the tensors of @part under the names of the diffusers layout, or %NULL with an error that names the file.
 *   The same object each time, until limn_model_folder_set_part().
 */
LimnWeights *limn_model_folder_weights (LimnModelFolder *folder,
                                        const char      *part,
                                        GError         **error);

/**
 * limn_model_folder_config:
 *
 * Returns: (transfer none): the settings of @part, from PART/config.json or PART/PART_config.json; it belongs to @folder. %NULL with
 *   %LIMN_ENGINE_ERROR_FILE if they are missing, as they always are for a single file
 */
JsonObject *limn_model_folder_config (LimnModelFolder *folder,
                                      const char      *part,
                                      GError         **error);

/**
 * limn_model_folder_file:
 * @name: of a file of @part, "vocab.json"; no path
 *
 * Returns: (nullable) (transfer full): its path, if it is there
 */
char *limn_model_folder_file (const LimnModelFolder *folder,
                              const char            *part,
                              const char            *name);

G_END_DECLS
