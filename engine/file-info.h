/* What files and folders of weights are: told from their headers alone, for what the engine runs and for what it does not.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/error.h"

G_BEGIN_DECLS

/**
 * LimnPartInfo:
 * @name: "unet", "vae", …: as diffusers calls the part's folder
 * @parameters: numbers it has
 * @type: that most of them have: "f16"
 */
typedef struct
{
  char       *name;
  guint64     parameters;
  const char *type;
} LimnPartInfo;

/**
 * LimnFileInfo:
 * @kind: "model", "lora", "textual-inversion", "controlnet", "autoencoder", "tiny-autoencoder", "upscaler", "text-encoder", "image-encoder",
 *   "image-prompt", "pickle" or, where nothing is known, "unknown"
 * @family: (nullable): id of the family that it is of, or for which it is: "sd15", "flux"
 * @label: (nullable): what people call that
 * @supported: whether this version can use it
 * @parts: (element-type LimnPartInfo)
 * @parameters: of all parts
 * @types: (array zero-terminated=1): of all numbers, the one that most have first
 * @bytes: on the disk
 * @algorithm: (nullable): how a LoRA is made: "lora", "locon", "loha", "lokr", "dora"
 * @rank: of a LoRA, the one that most of its layers have; 0 for none
 * @vectors: of a textual inversion; 0 for none
 * @scale: of an upscaler: pixels along a side for one; 0 for none
 * @latent_channels, @latent_factor: of an autoencoder; 0 where unknown
 * @encodes, @decodes: which halves a tiny autoencoder has
 * @title, @author, @description, @licence, @hint, @resolution: (nullable): as the file says, fit to be printed
 * @hash: (nullable): SHA-256 that the file says it has, lower-case hexadecimal digits; nobody checked it
 * @trigger_words: (nullable) (array zero-terminated=1): as the file says, else the tags that nearly all its training pictures had
 * @tags: (nullable) (array zero-terminated=1): the commonest tags of the training pictures
 * @problem: (nullable): why it cannot be read; then all but @path, @kind and @bytes is empty
 */
typedef struct
{
  char       *path;
  const char *kind, *family, *label;
  gboolean    supported;
  GArray     *parts;
  guint64     parameters, bytes;
  char      **types;
  const char *algorithm;
  int         rank, vectors, scale, latent_channels, latent_factor;
  gboolean    encodes, decodes;
  char       *title, *author, *description, *licence, *hint, *resolution, *hash;
  char      **trigger_words, **tags;
  char       *problem;
} LimnFileInfo;

/**
 * limn_file_info_read:
 * @path: of a .safetensors or GGUF file, or of a folder that is one model or one part
 *
 * Reads headers and settings, no weights. What it is is told from the names and shapes of tensors, never from a file's name. Any thread.
 *
 * Returns: (transfer full): facts; %NULL with %LIMN_ENGINE_ERROR_FILE or %LIMN_ENGINE_ERROR_UNSUPPORTED (a pickle)
 */
LimnFileInfo *limn_file_info_read (const char *path,
                                   GError    **error);
void          limn_file_info_free (LimnFileInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnFileInfo, limn_file_info_free)

/* Returns: whether @path is a folder with one model or one part in it, rather than one with loose files */
gboolean limn_file_info_is_model_folder (const char *path);

/**
 * limn_file_info_list:
 * @folder: of loose files, in subfolders too; one with a model in it counts as one file
 *
 * Returns: (transfer full) (element-type LimnFileInfo): what each is, sorted by path; what cannot be read has its problem set. %NULL with
 *   %LIMN_ENGINE_ERROR_FILE where there is none
 */
GPtrArray *limn_file_info_list (const char *folder,
                                GError    **error);

G_END_DECLS
