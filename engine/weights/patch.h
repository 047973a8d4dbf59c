/* Patches: weights with changes added as they are read, so that what lies in the file stays as it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/weights.h"

G_BEGIN_DECLS

/**
 * LimnFactor:
 * @whole: (nullable): the matrix itself, [rows, columns…]; or else
 * @up: (nullable): [rows, rank], or [rank, rows] where @rank_first is set
 * @down: (nullable): [rank, columns…]; with a core [rank, inputs]
 * @core: (nullable): [rank, rank, kernel…] of a Tucker decomposition of a convolution
 *
 * A matrix, whole or as a product of low rank. Dimensions after the first count as one, as in a convolution that is taken as a matrix.
 */
typedef struct
{
  const LimnWeight *whole, *up, *down, *core;
  gboolean          rank_first;
} LimnFactor;

typedef enum
{
  LIMN_DELTA_PLAIN,     /* the first factor: LoRA, LoCon, a full difference */
  LIMN_DELTA_HADAMARD,  /* both, element by element: LoHa */
  LIMN_DELTA_KRONECKER, /* first ⊗ second: LoKr */
} LimnDeltaKind;

/**
 * LimnDelta:
 * @magnitude: (nullable): DoRA's: a number a row, or a number an input (column of the kernel)
 * @magnitude_of_rows: it is a number a row whatever its dimensions look like
 * @scale: what the product is multiplied by
 * @strength: how far to go from the weight as it was to the one of the right magnitude; used with @magnitude only
 *
 * One change Δ of a weight: W ← W + scale · Δ; with a magnitude m, W ← W + strength · (m (W + scale · Δ) / ‖W + scale · Δ‖ - W), norms over
 * each row or over each input. Papers: LoRA (Hu et al., 2021), LoHa and LoKr (Yeh et al., 2023: LyCORIS), DoRA (Liu et al., 2024).
 */
typedef struct
{
  LimnDeltaKind     kind;
  LimnFactor        factors[2];
  const LimnWeight *magnitude;
  gboolean          magnitude_of_rows;
  double            scale, strength;
} LimnDelta;

/**
 * LimnPatch:
 *
 * Changes of one weight, in the order they were added, and rows behind its last. Built by one thread; afterwards any thread may read
 * through it.
 */
typedef struct _LimnPatch LimnPatch;

/**
 * limn_patch_new:
 * @base: the weight that is changed; its weights outlive the patch
 *
 * Returns: (transfer full): a patch that changes nothing yet
 */
LimnPatch *limn_patch_new (const LimnWeight *base);
LimnPatch *limn_patch_ref (LimnPatch *patch);
void       limn_patch_unref (LimnPatch *patch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnPatch, limn_patch_unref)

/**
 * limn_patch_add:
 * @owner: holds the tensors of @delta; kept
 *
 * Returns: %FALSE with %LIMN_ENGINE_ERROR_FILE if the tensors do not belong together, with %LIMN_ENGINE_ERROR_UNSUPPORTED if they make a
 *   change for a weight of another size
 */
gboolean limn_patch_add (LimnPatch       *patch,
                         const LimnDelta *delta,
                         LimnWeights     *owner,
                         GError         **error);

/**
 * limn_patch_add_rows:
 * @rows: @n times as many numbers as a row of the base has; copied
 *
 * Puts rows behind those that are there: new words of an embedding.
 */
void limn_patch_add_rows (LimnPatch   *patch,
                          const float *rows,
                          gsize        n);

/**
 * limn_delta_rank:
 *
 * Returns: the rank that a LoRA's alpha is divided by, 0 where nothing is factored
 */
gsize limn_delta_rank (const LimnDelta *delta);

/**
 * limn_weights_patched:
 * @patches: (element-type utf8 LimnPatch): by the name of the weight, each made for that weight of @base
 *
 * Returns: (transfer full): a view of @base whose weights read as patched; it keeps data and patches alive by itself
 */
LimnWeights *limn_weights_patched (const LimnWeights *base,
                                   GHashTable        *patches);

/* What limn_weight_range_to_f32() gives for a patched weight, and what limn_weight_release_pages() gives up besides. */
void limn_patch_range_to_f32 (const LimnPatch *patch,
                              gsize            first,
                              gsize            n,
                              float           *to);
void limn_patch_release (const LimnPatch *patch);

/* The weight as it reads with @patch. */
LimnWeight limn_patch_weight (const LimnPatch *patch);

G_END_DECLS
