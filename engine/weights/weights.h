/* Weights: a model's named tensors, read only, where they lie in the file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/error.h"
#include "engine/core/type.h"

G_BEGIN_DECLS

#define LIMN_MAX_DIMS 8

/* Changes of a weight (patch.h). */
struct _LimnPatch;

/**
 * LimnWeight:
 * @name: unique among its weights; valid UTF-8
 * @n_dims: 0 (one element) to %LIMN_MAX_DIMS
 * @dims: as the file has them, slowest first: [out, in] of a linear layer, [out, in, kh, kw] of a convolution
 * @n_elements: product of @dims
 * @data: @n_elements little-endian elements of @type, or their blocks; not always aligned for @type, see limn_weight_to_f32()
 * @size: bytes at @data
 * @mapped: whether @data are pages of a file, which can be dropped and read again
 * @patch: (nullable): changes to be made when it is read (patch.h): @data alone are then not the weight
 *
 * One tensor. It belongs to its #LimnWeights and lives as long as that.
 */
typedef struct
{
  const char   *name;
  LimnType      type;
  int           n_dims;
  gint64        dims[LIMN_MAX_DIMS];
  gsize         n_elements;
  const guint8 *data;
  gsize         size;
  gboolean      mapped;

  const struct _LimnPatch *patch;
} LimnWeight;

/* A set of tensors, sorted by name. Never changes once made: any thread may read it. */
typedef struct _LimnWeights LimnWeights;

/**
 * limn_weights_open:
 * @path: a .safetensors file, a .safetensors.index.json of several, a GGUF file, or a folder that holds one of these
 *
 * Maps a model's tensors and checks everything its header says, so that what is found afterwards lies inside the file. Tensors
 * of types that nothing here computes with (I64 position ids, …) are checked and left out. In a folder, the file is the first of:
 * diffusion_pytorch_model.safetensors, model.safetensors, their .index.json, the same with the fp16 variant, then with bf16, then the
 * only *.safetensors there is, the only *.gguf. What a file is is told from its first bytes. Pickles are refused unread.
 *
 * The data are mapped, not read: if another program shortens the file in place while it is used, touching what is gone raises
 * SIGBUS. Call limn_weights_check() right before going through the data; replacing a file by renaming a new one over it is harmless.
 *
 * Formats: https://github.com/huggingface/safetensors#format, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 *
 * Returns: (transfer full): the weights, or %NULL with %LIMN_ENGINE_ERROR_FILE or %LIMN_ENGINE_ERROR_UNSUPPORTED
 */
LimnWeights *limn_weights_open (const char *path,
                                GError    **error);

/**
 * limn_weights_new_from_bytes:
 * @bytes: a whole .safetensors or GGUF file in memory, kept
 *
 * Returns: (transfer full): the weights, or %NULL with %LIMN_ENGINE_ERROR_FILE or %LIMN_ENGINE_ERROR_UNSUPPORTED
 */
LimnWeights *limn_weights_new_from_bytes (GBytes  *bytes,
                                          GError **error);

/**
 * limn_weights_subset:
 * @prefix: without the dot
 *
 * Returns: (transfer full): a view of the tensors called "@prefix.…", without that beginning; it keeps the data alive by itself
 */
LimnWeights *limn_weights_subset (const LimnWeights *weights,
                                  const char        *prefix);

LimnWeights *limn_weights_ref (LimnWeights *weights);
void         limn_weights_unref (LimnWeights *weights);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnWeights, limn_weights_unref)

gsize limn_weights_count (const LimnWeights *weights);

/**
 * limn_weights_get:
 * @index: less than limn_weights_count(); order is that of strcmp() over names
 */
const LimnWeight *limn_weights_get (const LimnWeights *weights,
                                    gsize              index);

/**
 * limn_weights_find:
 *
 * Returns: (nullable) (transfer none): the tensor of that name
 */
const LimnWeight *limn_weights_find (const LimnWeights *weights,
                                     const char        *name);

/**
 * limn_weights_require:
 *
 * Returns: (transfer none): the tensor of that name, or %NULL with %LIMN_ENGINE_ERROR_FILE that says where it is missing
 */
const LimnWeight *limn_weights_require (const LimnWeights *weights,
                                        const char        *name,
                                        GError           **error);

/**
 * limn_weights_metadata:
 *
 * Returns: (nullable) (transfer none): the string that the file's `__metadata__` (the metadata of a GGUF file) has under @key
 */
const char *limn_weights_metadata (const LimnWeights *weights,
                                   const char        *key);

/**
 * limn_weights_check:
 *
 * Returns: %TRUE if no file behind @weights has changed its size or time since it was opened
 */
gboolean limn_weights_check (const LimnWeights *weights,
                             GError           **error);

/**
 * limn_weights_release_pages:
 * @weight: one of @weights
 *
 * Gives the memory of the pages that lie wholly inside @weight back to the system, once its numbers were packed elsewhere. They are
 * read from the file again if touched. Does nothing for data that are not a file's.
 */
void limn_weights_release_pages (const LimnWeights *weights,
                                 const LimnWeight  *weight);

/* The same, without its weights at hand. */
void limn_weight_release_pages (const LimnWeight *weight);

/* The same for everything that the files behind @weights hold. */
void limn_weights_release_all_pages (const LimnWeights *weights);

/**
 * limn_weight_to_f32:
 * @to: (out caller-allocates): @weight->n_elements floats
 *
 * Converts exactly, wherever the data lie. Any thread.
 */
void limn_weight_to_f32 (const LimnWeight *weight,
                         float            *to);

/**
 * limn_weight_range_to_f32:
 * @first: element to begin at
 * @n: elements; @first + @n is at most @weight->n_elements
 *
 * The same for a piece.
 */
void limn_weight_range_to_f32 (const LimnWeight *weight,
                               gsize             first,
                               gsize             n,
                               float            *to);

G_END_DECLS
