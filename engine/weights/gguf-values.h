/* The metadata of a GGUF file: what of it matters here, and all of it checked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/byte-reader.h"

G_BEGIN_DECLS

/* Slowest dimension first. */
typedef struct
{
  int    n_dims;
  gint64 dims[LIMN_MAX_DIMS];
} LimnGgufShape;

/* Returns: %FALSE if there are more elements than a guint64 counts */
gboolean limn_gguf_shape_elements (const LimnGgufShape *shape,
                                   guint64             *n);

typedef struct _LimnGgufValues LimnGgufValues;

LimnGgufValues *limn_gguf_values_new (void);
void            limn_gguf_values_free (LimnGgufValues *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnGgufValues, limn_gguf_values_free)

/**
 * limn_gguf_values_read:
 * @n: how many the file says there are
 * @weights: gets the strings as metadata, under their keys
 *
 * Returns: %FALSE if @reader failed
 */
gboolean limn_gguf_values_read (LimnGgufValues *values,
                                LimnByteReader *reader,
                                guint64         n,
                                LimnWeights    *weights);

/* Returns: bytes that each tensor's place in the file is a multiple of: general.alignment, else 32 */
guint64 limn_gguf_values_alignment (const LimnGgufValues *values);

/**
 * limn_gguf_values_shape:
 *
 * ComfyUI's converter stores tensors whose rows are no whole blocks as rows of 256, and tells their own shape here.
 *
 * Returns: (nullable) (transfer none): comfy.gguf.orig_shape.@tensor
 */
const LimnGgufShape *limn_gguf_values_shape (const LimnGgufValues *values,
                                             const char           *tensor);

G_END_DECLS
