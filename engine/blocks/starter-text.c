/* The text encoder of the starter model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/starter-text.h"

#include <math.h>

#define RMS_EPSILON 1e-6f
#define LAYER_NORM_EPSILON 1e-5f

LimnTensor *
limn_starter_attention (const LimnScope *scope,
                        LimnTensor      *x,
                        LimnTensor      *context,
                        LimnTensor      *lengths,
                        int              heads)
{
  LimnAttentionArgs args = { .heads = heads, .scale = 1 / sqrtf ((float) x->shape.c / heads) };
  LimnTensor       *q = limn_scope_rms_norm (scope, "norm_q", limn_scope_matrix (scope, "to_q", x), RMS_EPSILON);
  LimnTensor       *k = limn_scope_rms_norm (scope, "norm_k",
                                             limn_scope_matrix (scope, "to_k", context), RMS_EPSILON);
  LimnTensor       *v = limn_scope_matrix (scope, "to_v", context);

  return limn_scope_matrix (scope, "to_out",
                            limn_attention (scope->graph, q, k, v, lengths, &args));
}

LimnTensor *
limn_starter_feed_forward (const LimnScope *scope,
                           LimnTensor      *x)
{
  LimnTensor *h = limn_activation (scope->graph, limn_scope_linear (scope, "up", x),
                                   LIMN_ACTIVATION_GELU_TANH);

  return limn_scope_linear (scope, "down", h);
}

static LimnTensor *
block (const LimnScope             *scope,
       const LimnStarterTextConfig *config,
       LimnTensor                  *x,
       LimnTensor                  *lengths)
{
  LimnScope   attention = limn_scope_child (scope, "attn");
  LimnScope   feed_forward = limn_scope_child (scope, "ff");
  LimnTensor *h = limn_scope_layer_norm (scope, "norm1", x, LAYER_NORM_EPSILON);

  x = limn_add (scope->graph, limn_starter_attention (&attention, h, h, lengths, config->heads), x);
  h = limn_scope_layer_norm (scope, "norm2", x, LAYER_NORM_EPSILON);
  return limn_add (scope->graph, limn_starter_feed_forward (&feed_forward, h), x);
}

LimnTensor *
limn_starter_text (const LimnScope             *scope,
                   const LimnStarterTextConfig *config,
                   LimnTensor                  *tokens,
                   LimnTensor                  *lengths)
{
  const LimnWeight *token = limn_scope_weight (scope, "token.weight");
  const LimnWeight *position = limn_scope_weight (scope, "position");
  LimnTensor       *x;

  if (token == NULL || position == NULL)
    return tokens;

  x = limn_embedding (scope->graph, tokens, token, position);
  for (int i = 0; i < config->layers; i++)
    {
      LimnScope child = limn_scope_child (scope, "blocks.%d", i);

      x = block (&child, config, x, lengths);
    }
  return limn_scope_layer_norm (scope, "norm", x, LAYER_NORM_EPSILON);
}
