/* The tiny autoencoder (TAESD): convolutions and residual blocks in a row, without norms.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/tiny-vae.h"

#define CLAMP_AT 3.0f
#define MAX_CHANNELS 256
#define MAX_LEVELS 6

/* What is at a place of the sequence, by the tensors that it has. */
typedef enum
{
  NOTHING,  /* an activation, or an enlargement */
  ENDS,     /* a convolution with a bias: the first or the last */
  RESIZES,  /* one without, behind or in place of a change of size */
  RESIDUAL, /* a block */
} Layer;

static const LimnWeight *
find (const LimnWeights *weights,
      int                layer,
      const char        *what)
{
  char name[64];

  g_snprintf (name, sizeof name, "layers.%d.%s", layer, what);
  return limn_weights_find (weights, name);
}

static Layer
layer_of (const LimnWeights *weights,
          int                layer)
{
  if (find (weights, layer, "conv.0.weight") != NULL)
    return RESIDUAL;
  if (find (weights, layer, "weight") == NULL)
    return NOTHING;
  return find (weights, layer, "bias") != NULL ? ENDS : RESIZES;
}

/* Whether @layer may stand at place @i of @n; in a decoder, the first gap is an activation and others are enlargements. */
static gboolean
belongs (const LimnWeights *weights,
         Layer              layer,
         int                i,
         int                n,
         gboolean           decoder)
{
  if (i == 0 || i == n - 1)
    return layer == ENDS;
  if (decoder && i == 1)
    return layer == NOTHING;
  if (decoder && layer == RESIZES)
    return layer_of (weights, i - 1) == NOTHING && i > 2;
  if (decoder && layer == NOTHING)
    return layer_of (weights, i + 1) == RESIZES;
  return layer == RESIDUAL || (!decoder && layer == RESIZES);
}

static int
count_layers (const LimnWeights *weights)
{
  int n = 0;

  while (layer_of (weights, n) != NOTHING || layer_of (weights, n + 1) != NOTHING)
    n++;
  return n;
}

/* The tensors that are used: others would mean another network. */
static gsize
count_tensors (const LimnWeights *weights,
               int                layer)
{
  static const gsize of_kind[] = { [NOTHING] = 0, [ENDS] = 2, [RESIZES] = 1, [RESIDUAL] = 6 };

  return of_kind[layer_of (weights, layer)] + (find (weights, layer, "skip.weight") != NULL);
}

static gboolean
check_ends (const LimnWeights *weights,
            gboolean           decoder,
            LimnTinyVaeFacts  *facts)
{
  const LimnWeight *first = find (weights, 0, "weight"), *last = find (weights, facts->layers - 1, "weight");
  gint64            pixels, channels;

  if (first->n_dims != 4 || last->n_dims != 4)
    return FALSE;
  pixels = decoder ? last->dims[0] : first->dims[1];
  channels = decoder ? first->dims[1] : last->dims[0];
  facts->channels = (int) CLAMP (channels, 0, MAX_CHANNELS + 1);
  return pixels == 3 && channels >= 1 && channels <= MAX_CHANNELS;
}

gboolean
limn_tiny_vae_measure (const LimnWeights *weights,
                       gboolean           decoder,
                       LimnTinyVaeFacts  *facts)
{
  gsize tensors = 0;

  *facts = (LimnTinyVaeFacts){ .layers = count_layers (weights) };
  for (int i = 0; i < facts->layers; i++)
    {
      Layer layer = layer_of (weights, i);

      if (!belongs (weights, layer, i, facts->layers, decoder))
        return FALSE;
      facts->levels += layer == RESIZES;
      tensors += count_tensors (weights, i);
    }
  return facts->layers >= 2 && facts->levels <= MAX_LEVELS && tensors == limn_weights_count (weights) && check_ends (weights, decoder, facts);
}

static LimnTensor *
relu (const LimnScope *scope,
      LimnTensor      *x)
{
  return limn_activation (scope->graph, x, LIMN_ACTIVATION_RELU);
}

static LimnTensor *
residual (const LimnScope *scope,
          LimnTensor      *x)
{
  LimnTensor *h = relu (scope, limn_scope_conv (scope, "conv.0", x));

  h = relu (scope, limn_scope_conv (scope, "conv.2", h));
  h = limn_scope_conv (scope, "conv.4", h);
  if (limn_scope_has (scope, "skip.weight"))
    x = limn_scope_matrix (scope, "skip", x);
  return relu (scope, limn_add (scope->graph, h, x));
}

static LimnTensor *
compute_layer (const LimnScope *layers,
               int              i,
               gboolean         decoder,
               LimnTensor      *x)
{
  const LimnConvArgs resizing = { decoder ? 1 : 2, 1, 1, 1, 1 };
  LimnScope          block = limn_scope_child (layers, "%d", i);
  char               name[16];

  g_snprintf (name, sizeof name, "%d", i);
  switch (layer_of (layers->weights, i))
    {
    case RESIDUAL:
      return residual (&block, x);
    case RESIZES:
      return limn_scope_conv_with (layers, name, x, &resizing, FALSE);
    case ENDS:
      return limn_scope_conv (layers, name, x);
    case NOTHING:
    default:
      return i == 1 ? relu (layers, x) : limn_resize (layers->graph, x, 2 * x->shape.h, 2 * x->shape.w);
    }
}

/* The last layer in f32: its results have more digits than small types hold. */
static LimnTensor *
compute (const LimnScope        *scope,
         const LimnTinyVaeFacts *facts,
         gboolean                decoder,
         LimnTensor             *x)
{
  LimnGraph *graph = scope->graph;
  LimnScope  layers = limn_scope_child (scope, "layers");

  x = limn_as_type (graph, x, limn_graph_type (graph));
  for (int i = 0; i + 1 < facts->layers; i++)
    x = compute_layer (&layers, i, decoder, x);
  return compute_layer (&layers, facts->layers - 1, decoder, limn_as_type (graph, x, LIMN_F32));
}

LimnTensor *
limn_tiny_vae_encoder (const LimnScope        *scope,
                       const LimnTinyVaeFacts *facts,
                       LimnTensor             *picture)
{
  return compute (scope, facts, FALSE, picture);
}

LimnTensor *
limn_tiny_vae_decoder (const LimnScope        *scope,
                       const LimnTinyVaeFacts *facts,
                       LimnTensor             *latent)
{
  LimnTensor *x = limn_affine (scope->graph, latent, 1 / CLAMP_AT, 0);

  x = limn_activation (scope->graph, x, LIMN_ACTIVATION_TANH);
  return compute (scope, facts, TRUE, limn_affine (scope->graph, x, CLAMP_AT, 0));
}
