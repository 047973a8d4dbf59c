/* The U-Net of latent diffusion models, conditioned on text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/unet.h"

#include <math.h>

#define TRANSFORMER_NORM_EPSILON 1e-6f
#define LAYER_NORM_EPSILON 1e-5f

/* What every block is given. @time: already through SiLU, [1, 1, 1, 4 · width]: it is added to all samples
 * alike, unless an embedding of each sample's own was added to it. */
typedef struct
{
  const LimnUnetConfig *config;
  LimnTensor           *time;
  LimnTensor           *text;
} Unet;

static LimnTensor *
resnet_block (const LimnScope *scope,
              const Unet      *unet,
              LimnTensor      *x)
{
  const LimnUnetConfig *config = unet->config;
  LimnGraph            *graph = scope->graph;
  LimnTensor           *h;

  h = limn_silu (graph, limn_scope_group_norm (scope, "norm1", x, config->groups, config->epsilon));
  h = limn_scope_conv (scope, "conv1", h);
  h = limn_add (graph, h, limn_scope_linear (scope, "time_emb_proj", unet->time));
  h = limn_silu (graph, limn_scope_group_norm (scope, "norm2", h, config->groups, config->epsilon));

  if (limn_scope_has (scope, "conv_shortcut.weight"))
    x = limn_scope_linear (scope, "conv_shortcut", x);

  return limn_add (graph, limn_scope_conv (scope, "conv2", h), x);
}

static LimnTensor *
attention (const LimnScope *scope,
           LimnTensor      *x,
           LimnTensor      *context,
           int              heads)
{
  LimnAttentionArgs args = { .heads = heads, .scale = 1 / sqrtf ((float) x->shape.c / heads) };
  LimnTensor       *q = limn_scope_matrix (scope, "to_q", x);
  LimnTensor       *k = limn_scope_matrix (scope, "to_k", context);
  LimnTensor       *v = limn_scope_matrix (scope, "to_v", context);

  return limn_scope_linear (scope, "to_out.0", limn_attention (scope->graph, q, k, v, NULL, &args));
}

static LimnTensor *
transformer_block (const LimnScope *scope,
                   const Unet      *unet,
                   LimnTensor      *x,
                   int              heads)
{
  LimnScope   self = limn_scope_child (scope, "attn1");
  LimnScope   cross = limn_scope_child (scope, "attn2");
  LimnScope   feed_forward = limn_scope_child (scope, "ff.net");
  LimnGraph  *graph = scope->graph;
  LimnTensor *h;

  h = limn_scope_layer_norm (scope, "norm1", x, LAYER_NORM_EPSILON);
  x = limn_add (graph, attention (&self, h, h, heads), x);

  h = limn_scope_layer_norm (scope, "norm2", x, LAYER_NORM_EPSILON);
  x = limn_add (graph, attention (&cross, h, unet->text, heads), x);

  h = limn_scope_layer_norm (scope, "norm3", x, LAYER_NORM_EPSILON);
  h = limn_geglu (graph, limn_scope_linear (&feed_forward, "0.proj", h));
  return limn_add (graph, limn_scope_linear (&feed_forward, "2", h), x);
}

/* proj_in and proj_out are 1 × 1 convolutions in SD 1.x, linear layers later: over channels-last activations the same thing. */
static LimnTensor *
transformer (const LimnScope *scope,
             const Unet      *unet,
             LimnTensor      *x,
             int              heads,
             int              depth)
{
  LimnTensor *h = limn_scope_group_norm (scope, "norm", x, unet->config->groups, TRANSFORMER_NORM_EPSILON);

  h = limn_scope_linear (scope, "proj_in", h);
  for (int i = 0; i < depth; i++)
    {
      LimnScope block = limn_scope_child (scope, "transformer_blocks.%d", i);

      h = transformer_block (&block, unet, h, heads);
    }
  return limn_add (scope->graph, limn_scope_linear (scope, "proj_out", h), x);
}

/* One residual block and the attention after it, if the level has any. */
static LimnTensor *
layer (const LimnScope *scope,
       const Unet      *unet,
       LimnTensor      *x,
       int              index,
       int              heads,
       int              depth)
{
  LimnScope resnet = limn_scope_child (scope, "resnets.%d", index);

  x = resnet_block (&resnet, unet, x);
  if (depth > 0)
    {
      LimnScope attentions = limn_scope_child (scope, "attentions.%d", index);

      x = transformer (&attentions, unet, x, heads, depth);
    }
  return x;
}

static void
push (LimnUnetWay *way,
      LimnTensor  *x)
{
  g_assert (way->n_skips < LIMN_UNET_MAX_SKIPS);
  way->skips[way->n_skips++] = x;
}

static LimnTensor *
down (const LimnScope *scope,
      const Unet      *unet,
      LimnTensor      *x,
      LimnUnetWay     *way)
{
  static const LimnConvArgs halve = {
    .stride = 2, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1
  };
  const LimnUnetConfig *config = unet->config;

  push (way, x);
  for (int level = 0; level < config->levels; level++)
    {
      LimnScope block = limn_scope_child (scope, "down_blocks.%d", level);

      for (int i = 0; i < config->layers; i++)
        push (way,
              x = layer (&block, unet, x, i, config->heads[level], config->down_depth[level]));

      if (level + 1 < config->levels)
        push (way, x = limn_scope_conv_with (&block, "downsamplers.0.conv", x, &halve, TRUE));
    }
  return x;
}

static LimnTensor *
middle (const LimnScope *scope,
        const Unet      *unet,
        LimnTensor      *x)
{
  const LimnUnetConfig *config = unet->config;
  LimnScope             block = limn_scope_child (scope, "mid_block");
  LimnScope             resnet = limn_scope_child (&block, "resnets.1");

  x = layer (&block, unet, x, 0, config->heads[config->levels - 1], config->mid_depth);
  return resnet_block (&resnet, unet, x);
}

static LimnTensor *
up (const LimnScope *scope,
    const Unet      *unet,
    LimnTensor      *x,
    LimnUnetWay     *way)
{
  const LimnUnetConfig *config = unet->config;

  for (int step = 0; step < config->levels; step++)
    {
      int       level = config->levels - 1 - step;
      LimnScope block = limn_scope_child (scope, "up_blocks.%d", step);

      for (int i = 0; i <= config->layers; i++)
        {
          x = limn_concat (scope->graph, x, way->skips[--way->n_skips]);
          x = layer (&block, unet, x, i, config->heads[level], config->up_depth[level]);
        }
      if (level > 0)
        {
          LimnShape target = way->skips[way->n_skips - 1]->shape; /* twice the size, less one where that was odd */

          x = limn_scope_conv (&block, "upsamplers.0.conv",
                               limn_resize (scope->graph, x, target.h, target.w));
        }
    }
  return x;
}

/* The pooled text and sinusoids of the conditions, as one vector a sample. */
static LimnTensor *
added_embedding (const LimnScope      *scope,
                 const LimnUnetConfig *config,
                 const LimnUnetInputs *inputs)
{
  LimnScope   mlp = limn_scope_child (scope, "add_embedding");
  LimnTensor *h = inputs->pooled;

  for (int i = 0; i < config->conditions; i++)
    {
      LimnTensor *condition = limn_slice (scope->graph, inputs->conditions, i, 1);

      h = limn_concat (scope->graph, h, limn_timestep (scope->graph, condition, config->condition_width, 1));
    }
  h = limn_silu (scope->graph, limn_scope_linear (&mlp, "linear_1", h));
  return limn_scope_linear (&mlp, "linear_2", h);
}

/* In f32 whatever the graph's type: bf16 has no room for 999 beside 998. */
static LimnTensor *
time_embedding (const LimnScope      *scope,
                const LimnUnetConfig *config,
                const LimnUnetInputs *inputs)
{
  LimnScope   mlp = limn_scope_child (scope, "time_embedding");
  LimnTensor *h = limn_timestep (scope->graph, inputs->time, config->width, 1);

  h = limn_silu (scope->graph, limn_scope_linear (&mlp, "linear_1", h));
  h = limn_scope_linear (&mlp, "linear_2", h);
  if (config->added > 0)
    h = limn_add (scope->graph, added_embedding (scope, config, inputs), h);
  return limn_cast (scope->graph, limn_silu (scope->graph, h), limn_graph_type (scope->graph));
}

void
limn_unet_down (const LimnScope      *scope,
                const LimnUnetConfig *config,
                const LimnUnetInputs *inputs,
                LimnUnetWay          *way)
{
  Unet        unet = { .config = config, .text = inputs->text };
  LimnTensor *x;

  way->n_skips = 0;
  way->time = unet.time = time_embedding (scope, config, inputs);
  x = limn_scope_conv (scope, "conv_in", inputs->x);
  if (inputs->hint != NULL)
    x = limn_add (scope->graph, x, inputs->hint);
  way->middle = middle (scope, &unet, down (scope, &unet, x, way));
}

LimnTensor *
limn_unet_up (const LimnScope      *scope,
              const LimnUnetConfig *config,
              const LimnUnetInputs *inputs,
              LimnUnetWay          *way)
{
  Unet        unet = { .config = config, .time = way->time, .text = inputs->text };
  LimnTensor *x = up (scope, &unet, way->middle, way);

  x = limn_silu (scope->graph, limn_scope_group_norm (scope, "conv_norm_out", x, config->groups,
                                                      config->epsilon));
  return limn_scope_conv (scope, "conv_out", x);
}
