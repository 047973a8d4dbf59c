/* The tiny autoencoder of the starter model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/starter-vae.h"

#define MAX_LAYERS 64
#define SOFT_CLAMP 3.0f

typedef enum
{
  LAYER_NONE,   /* an activation, or past the end */
  LAYER_CONV,   /* convolution with a bias */
  LAYER_RESIZE, /* convolution without one, that halves, or comes after doubling */
  LAYER_BLOCK
} LayerKind;

static const LimnConvArgs same = {
  .stride = 1, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1
};
static const LimnConvArgs half = {
  .stride = 2, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1
};

static LayerKind
layer_kind (const LimnScope *scope,
            int              index)
{
  char block[32], weight[32], bias[32];

  g_snprintf (block, sizeof block, "%d.conv.0.weight", index);
  g_snprintf (weight, sizeof weight, "%d.weight", index);
  g_snprintf (bias, sizeof bias, "%d.bias", index);

  if (limn_scope_has (scope, block))
    return LAYER_BLOCK;
  if (!limn_scope_has (scope, weight))
    return LAYER_NONE;
  return limn_scope_has (scope, bias) ? LAYER_CONV : LAYER_RESIZE;
}

static int
last_layer (const LimnScope *scope)
{
  int last = 0;

  for (int i = 0; i < MAX_LAYERS; i++)
    if (layer_kind (scope, i) != LAYER_NONE)
      last = i;
  return last;
}

static LimnTensor *
relu (const LimnScope *scope,
      LimnTensor      *x)
{
  return limn_activation (scope->graph, x, LIMN_ACTIVATION_RELU);
}

static LimnTensor *
residual_block (const LimnScope *scope,
                LimnTensor      *x)
{
  LimnTensor *h = relu (scope, limn_scope_conv (scope, "conv.0", x));

  h = relu (scope, limn_scope_conv (scope, "conv.2", h));
  return relu (scope, limn_add (scope->graph, limn_scope_conv (scope, "conv.4", h), x));
}

LimnTensor *
limn_starter_vae_encode (const LimnScope *scope,
                         LimnTensor      *picture)
{
  LimnScope   encoder = limn_scope_child (scope, "encoder");
  int         last = last_layer (&encoder);
  LimnTensor *x = picture;

  for (int i = 0; i <= last; i++)
    {
      LimnScope layer = limn_scope_child (&encoder, "%d", i);
      char      name[16];

      g_snprintf (name, sizeof name, "%d", i);
      switch (layer_kind (&encoder, i))
        {
        case LAYER_BLOCK:
          x = residual_block (&layer, x);
          break;
        case LAYER_RESIZE:
          x = limn_scope_conv_with (&encoder, name, x, &half, FALSE);
          break;
        default:
          x = limn_scope_conv (&encoder, name, x);
        }
    }
  return x;
}

static LimnTensor *
soft_clamp (const LimnScope *scope,
            LimnTensor      *x)
{
  x = limn_affine (scope->graph, x, 1 / SOFT_CLAMP, 0);
  x = limn_activation (scope->graph, x, LIMN_ACTIVATION_TANH);
  return limn_affine (scope->graph, x, SOFT_CLAMP, 0);
}

static LimnTensor *
decoder_layer (const LimnScope *scope,
               LimnTensor      *x,
               int              index,
               gboolean         last)
{
  LimnScope layer = limn_scope_child (scope, "%d", index);
  char      name[16];

  g_snprintf (name, sizeof name, "%d", index);
  switch (layer_kind (scope, index))
    {
    case LAYER_BLOCK:
      return residual_block (&layer, x);
    case LAYER_RESIZE:
      x = limn_resize (scope->graph, x, 2 * x->shape.h, 2 * x->shape.w);
      return limn_scope_conv_with (scope, name, x, &same, FALSE);
    case LAYER_CONV:
      x = limn_scope_conv (scope, name, x);
      return last ? x : relu (scope, x);
    default:
      return x;
    }
}

LimnTensor *
limn_starter_vae_decode (const LimnScope *scope,
                         LimnTensor      *latent)
{
  LimnScope   decoder = limn_scope_child (scope, "decoder");
  int         last = last_layer (&decoder);
  LimnTensor *x = soft_clamp (&decoder, latent);

  for (int i = 0; i <= last; i++)
    x = decoder_layer (&decoder, x, i, i == last);
  return x;
}

int
limn_starter_vae_halvings (const LimnWeights *weights)
{
  LimnScope encoder = { .weights = weights, .prefix = "encoder." };
  int       halvings = 0;

  for (int i = 0; i < MAX_LAYERS; i++)
    halvings += layer_kind (&encoder, i) == LAYER_RESIZE;
  return halvings;
}
