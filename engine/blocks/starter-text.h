/* The text encoder of the starter model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/blocks/scope.h"

G_BEGIN_DECLS

typedef struct
{
  int width, layers, heads, positions, vocabulary;
} LimnStarterTextConfig;

/**
 * limn_starter_text:
 * @tokens: ids, i32 [n, 1, t, 1]
 * @lengths: i32 [n, 1, 1, 1]: leading tokens that are no padding
 *
 * A transformer over learned positions that attends to everything but padding; norms before, queries and keys normalised
 * (Henry et al., 2020) by their root mean square.
 *
 * Returns: [n, 1, t, c]
 */
LimnTensor *limn_starter_text (const LimnScope             *scope,
                               const LimnStarterTextConfig *config,
                               LimnTensor                  *tokens,
                               LimnTensor                  *lengths);

/**
 * limn_starter_attention:
 * @lengths: (nullable): keys from there on are masked
 *
 * What both networks of the starter attend with: to_q, to_k, to_v, to_out without biases, norm_q and norm_k a head.
 */
LimnTensor *limn_starter_attention (const LimnScope *scope,
                                    LimnTensor      *x,
                                    LimnTensor      *context,
                                    LimnTensor      *lengths,
                                    int              heads);

/* down (gelu (up (x))) */
LimnTensor *limn_starter_feed_forward (const LimnScope *scope,
                                       LimnTensor      *x);

G_END_DECLS
