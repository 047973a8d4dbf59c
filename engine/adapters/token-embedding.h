/* Textual inversion: files of new words, as rows of the text encoders' tables.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/weights.h"

G_BEGIN_DECLS

#define LIMN_MAX_EMBEDDING_ROWS 1024

/* Text encoders that a model can have: "text_encoder" and "text_encoder_2", CLIP's L and G. */
#define LIMN_EMBEDDING_ENCODERS 2

/**
 * LimnTokenEmbedding:
 * @n: rows, the same for all encoders
 * @rows: [n, width] for each encoder; %NULL where the model has no such encoder
 */
typedef struct
{
  char  *name, *path;
  gsize  n;
  float *rows[LIMN_EMBEDDING_ENCODERS];
} LimnTokenEmbedding;

/**
 * limn_token_embedding_open:
 * @path: a safetensors file with `emb_params`, `string_to_param.*`, `clip_l` and `clip_g` (diffusers: `text_encoders_0`, `_1`), or one tensor of any name: [n, width] or [width]
 * @widths: of the encoders' tables; 0: there is none
 *
 * Returns: (transfer full): its rows, or %NULL with %LIMN_ENGINE_ERROR_FILE or, if it is for another model, %LIMN_ENGINE_ERROR_UNSUPPORTED
 */
LimnTokenEmbedding *limn_token_embedding_open (const char *name,
                                               const char *path,
                                               const int   widths[LIMN_EMBEDDING_ENCODERS],
                                               GError    **error);
void                limn_token_embedding_free (LimnTokenEmbedding *embedding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnTokenEmbedding, limn_token_embedding_free)

G_END_DECLS
