/* CLIP's text encoder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/clip-text.h"

#include <math.h>

static LimnTensor *
self_attention (const LimnScope          *scope,
                const LimnClipTextConfig *config,
                LimnTensor               *x)
{
  LimnAttentionArgs args = {
    .heads = config->heads,
    .scale = 1 / sqrtf ((float) config->width / config->heads),
    .causal = TRUE,
  };
  LimnTensor *q = limn_scope_linear (scope, "q_proj", x);
  LimnTensor *k = limn_scope_linear (scope, "k_proj", x);
  LimnTensor *v = limn_scope_linear (scope, "v_proj", x);

  return limn_scope_linear (scope, "out_proj", limn_attention (scope->graph, q, k, v, NULL, &args));
}

static LimnTensor *
feed_forward (const LimnScope          *scope,
              const LimnClipTextConfig *config,
              LimnTensor               *x)
{
  LimnTensor *h = limn_activation (scope->graph, limn_scope_linear (scope, "fc1", x), config->activation);

  return limn_scope_linear (scope, "fc2", h);
}

static LimnTensor *
layer (const LimnScope          *scope,
       const LimnClipTextConfig *config,
       LimnTensor               *x)
{
  LimnScope attention = limn_scope_child (scope, "self_attn");
  LimnScope mlp = limn_scope_child (scope, "mlp");

  x = limn_add (
      scope->graph,
      self_attention (&attention, config,
                      limn_scope_layer_norm (scope, "layer_norm1", x, config->epsilon)),
      x);
  return limn_add (
      scope->graph,
      feed_forward (&mlp, config,
                    limn_scope_layer_norm (scope, "layer_norm2", x, config->epsilon)),
      x);
}

LimnTensor *
limn_clip_text (const LimnScope          *scope,
                const LimnClipTextConfig *config,
                LimnTensor               *tokens,
                int                       clip_skip,
                LimnTensor              **last)
{
  LimnScope         model = limn_scope_child (scope, "text_model");
  const LimnWeight *token = limn_scope_weight (&model, "embeddings.token_embedding.weight");
  const LimnWeight *position = limn_scope_weight (&model, "embeddings.position_embedding.weight");
  int               skip = MAX (clip_skip, config->skip);
  LimnTensor       *x, *chosen;

  if (token == NULL || position == NULL)
    return *last = tokens;

  x = chosen = limn_embedding (scope->graph, tokens, token, position);
  for (int i = 0; i < config->layers; i++)
    {
      LimnScope child = limn_scope_child (&model, "encoder.layers.%d", i);

      x = layer (&child, config, x);
      if (i == config->layers - skip)
        chosen = x;
    }

  *last = x = limn_scope_layer_norm (&model, "final_layer_norm", x, config->epsilon);
  if (config->projected)
    *last = limn_scope_matrix (scope, "text_projection", x);
  if (!config->normed)
    return chosen;
  return skip == 1 ? x : limn_scope_layer_norm (&model, "final_layer_norm", chosen, config->epsilon);
}
