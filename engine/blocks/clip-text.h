/* CLIP's text encoder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"

G_BEGIN_DECLS

/**
 * LimnClipTextConfig:
 * @positions: tokens a prompt is padded to
 * @epsilon: of the layer norms
 * @skip: the block whose output is taken, counted from the last (1), if no more is asked for
 * @normed: whether the final norm comes after that block
 * @projected: whether the output that is pooled goes through a projection
 */
typedef struct
{
  int            width, layers, heads, positions, vocabulary;
  LimnActivation activation;
  float          epsilon;
  int            skip;
  gboolean       normed, projected;
} LimnClipTextConfig;

/**
 * limn_clip_text:
 * @scope: of the part
 * @tokens: ids, i32 [n, 1, t, 1]
 * @clip_skip: 1 for the last block's output, 2 for the one before it, …
 * @last: (out): output of the last block after the final norm and the projection, if there is one, [n, 1, t, c]; the pooled text is its
 *   row at the end token
 *
 * The text encoder of CLIP (Radford et al., 2021): a causal transformer over learned positions, norms before.
 *
 * Returns: output of the block chosen, [n, 1, t, c]
 */
LimnTensor *limn_clip_text (const LimnScope          *scope,
                            const LimnClipTextConfig *config,
                            LimnTensor               *tokens,
                            int                       clip_skip,
                            LimnTensor              **last);

G_END_DECLS
