/* The autoencoder of latent diffusion models.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/vae.h"

#include <math.h>

#define EPSILON 1e-6f

static LimnTensor *
norm_silu (const LimnScope     *scope,
           const LimnVaeConfig *config,
           const char          *name,
           LimnTensor          *x)
{
  return limn_silu (scope->graph, limn_scope_group_norm (scope, name, x, config->groups, EPSILON));
}

static LimnTensor *
resnet_block (const LimnScope     *scope,
              const LimnVaeConfig *config,
              LimnTensor          *x)
{
  LimnTensor *h = limn_scope_conv (scope, "conv1", norm_silu (scope, config, "norm1", x));

  h = norm_silu (scope, config, "norm2", h);
  if (limn_scope_has (scope, "conv_shortcut.weight"))
    x = limn_scope_linear (scope, "conv_shortcut", x);

  return limn_add (scope->graph, limn_scope_conv (scope, "conv2", h), x);
}

/* Every place attends to every place, with one head as wide as the level. */
static LimnTensor *
attention (const LimnScope     *scope,
           const LimnVaeConfig *config,
           LimnTensor          *x)
{
  LimnAttentionArgs args = { .heads = 1, .scale = 1 / sqrtf ((float) x->shape.c) };
  LimnTensor       *h = limn_scope_group_norm (scope, "group_norm", x, config->groups, EPSILON);
  LimnTensor       *q = limn_scope_linear (scope, "to_q", h);
  LimnTensor       *k = limn_scope_linear (scope, "to_k", h);
  LimnTensor       *v = limn_scope_linear (scope, "to_v", h);

  h = limn_attention (scope->graph, q, k, v, NULL, &args);
  return limn_add (scope->graph, limn_scope_linear (scope, "to_out.0", h), x);
}

static LimnTensor *
middle (const LimnScope     *scope,
        const LimnVaeConfig *config,
        LimnTensor          *x)
{
  LimnScope first = limn_scope_child (scope, "mid_block.resnets.0");
  LimnScope second = limn_scope_child (scope, "mid_block.resnets.1");
  LimnScope between = limn_scope_child (scope, "mid_block.attentions.0");

  x = resnet_block (&first, config, x);
  if (config->mid_attention)
    x = attention (&between, config, x);
  return resnet_block (&second, config, x);
}

static LimnTensor *
level (const LimnScope     *scope,
       const LimnVaeConfig *config,
       LimnTensor          *x,
       int                  blocks)
{
  for (int i = 0; i < blocks; i++)
    {
      LimnScope block = limn_scope_child (scope, "resnets.%d", i);

      x = resnet_block (&block, config, x);
    }
  return x;
}

LimnTensor *
limn_vae_decode (const LimnScope     *scope,
                 const LimnVaeConfig *config,
                 LimnTensor          *latent)
{
  LimnScope   decoder = limn_scope_child (scope, "decoder");
  LimnGraph  *graph = scope->graph;
  LimnTensor *x = latent;

  if (config->post_quant_conv)
    x = limn_scope_linear (scope, "post_quant_conv", x);

  x = middle (&decoder, config, limn_scope_conv (&decoder, "conv_in", x));
  for (int i = 0; i < config->levels; i++)
    {
      LimnScope block = limn_scope_child (&decoder, "up_blocks.%d", i);

      x = level (&block, config, x, config->layers + 1);
      if (i + 1 < config->levels)
        x = limn_scope_conv (&block, "upsamplers.0.conv",
                             limn_resize (graph, x, 2 * x->shape.h, 2 * x->shape.w));
    }
  return limn_scope_conv (&decoder, "conv_out", norm_silu (&decoder, config, "conv_norm_out", x));
}

LimnTensor *
limn_vae_encode (const LimnScope     *scope,
                 const LimnVaeConfig *config,
                 LimnTensor          *picture)
{
  static const LimnConvArgs halve = { .stride = 2,
                                      .pad_bottom = 1,
                                      .pad_right = 1 }; /* only there, unlike the U-Net's */
  LimnScope                 encoder = limn_scope_child (scope, "encoder");
  LimnTensor               *x = limn_scope_conv (&encoder, "conv_in", picture);

  for (int i = 0; i < config->levels; i++)
    {
      LimnScope block = limn_scope_child (&encoder, "down_blocks.%d", i);

      x = level (&block, config, x, config->layers);
      if (i + 1 < config->levels)
        x = limn_scope_conv_with (&block, "downsamplers.0.conv", x, &halve, TRUE);
    }

  x = middle (&encoder, config, x);
  x = limn_scope_conv (&encoder, "conv_out", norm_silu (&encoder, config, "conv_norm_out", x));
  return config->quant_conv ? limn_scope_linear (scope, "quant_conv", x) : x;
}
