/* RRDBNet: the upscaler of ESRGAN and Real-ESRGAN, residual in residual dense blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/rrdb.h"

#include "engine/weights/name-map.h"

#define RESIDUAL 0.2f
#define DENSE_LAYERS 5
#define DENSE_BLOCKS 3
#define MAX_DOUBLINGS 3

static LimnTensor *
leaky (const LimnScope *scope,
       const char      *name,
       LimnTensor      *x)
{
  return limn_activation (scope->graph, limn_scope_conv (scope, name, x), LIMN_ACTIVATION_LEAKY_RELU);
}

static LimnTensor *
add_fifth (const LimnScope *scope,
           LimnTensor      *x,
           LimnTensor      *residual)
{
  return limn_add (scope->graph, limn_affine (scope->graph, residual, RESIDUAL, 0), x);
}

/* Each layer sees all that the ones before it gave. */
static LimnTensor *
dense_block (const LimnScope *scope,
             LimnTensor      *x)
{
  LimnTensor *seen = x;
  char        name[32];

  for (int layer = 1; layer < DENSE_LAYERS; layer++)
    {
      g_snprintf (name, sizeof name, "conv%d", layer);
      seen = limn_concat (scope->graph, seen, leaky (scope, name, seen));
    }
  g_snprintf (name, sizeof name, "conv%d", DENSE_LAYERS);
  return add_fifth (scope, x, limn_scope_conv (scope, name, seen));
}

static LimnTensor *
residual_block (const LimnScope *scope,
                LimnTensor      *x)
{
  LimnTensor *h = x;

  for (int i = 1; i <= DENSE_BLOCKS; i++)
    {
      LimnScope dense = limn_scope_child (scope, "rdb%d", i);

      h = dense_block (&dense, h);
    }
  return add_fifth (scope, x, h);
}

/* The features of the picture, with what the blocks found. */
static LimnTensor *
features (const LimnScope         *scope,
          const LimnUpscalerFacts *facts,
          LimnTensor              *x)
{
  LimnTensor *first = limn_scope_conv (scope, "conv_first", x);
  LimnTensor *h = first;

  for (int i = 0; i < facts->blocks; i++)
    {
      LimnScope block = limn_scope_child (scope, "body.%d", i);

      h = residual_block (&block, h);
    }
  return limn_add (scope->graph, limn_scope_conv (scope, "conv_body", h), first);
}

LimnTensor *
limn_rrdb (const LimnScope         *scope,
           const LimnUpscalerFacts *facts,
           LimnTensor              *picture)
{
  LimnGraph  *graph = scope->graph;
  LimnTensor *x = limn_as_type (graph, picture, limn_graph_type (graph));
  char        name[32];

  if (facts->unshuffle > 1)
    x = limn_patchify (graph, x, facts->unshuffle);
  x = features (scope, facts, x);
  for (int i = 1; i <= facts->doublings; i++)
    {
      g_snprintf (name, sizeof name, "conv_up%d", i);
      x = leaky (scope, name, limn_resize (graph, x, 2 * x->shape.h, 2 * x->shape.w));
    }
  /* What becomes the picture has more digits than small types hold. */
  x = limn_as_type (graph, leaky (scope, "conv_hr", x), LIMN_F32);
  return limn_scope_conv (scope, "conv_last", x);
}

static int
unshuffle_of (const LimnWeight *first)
{
  for (gint64 side = 1; first != NULL && first->n_dims == 4 && side <= 1 << MAX_DOUBLINGS; side *= 2)
    if (first->dims[1] == 3 * side * side)
      return (int) side;
  return 0;
}

gboolean
limn_rrdb_measure (const LimnWeights *weights,
                   LimnUpscalerFacts *facts)
{
  const LimnWeight *first = limn_weights_find (weights, "conv_first.weight"), *last = limn_weights_find (weights, "conv_last.weight");
  int               side = unshuffle_of (first), blocks = limn_names_count (weights, "body.", 0, ".rdb1.conv1.weight");
  int               doublings = limn_names_count (weights, "conv_up", 1, ".weight"), convolutions = DENSE_BLOCKS * DENSE_LAYERS * blocks;

  if (side == 0 || first->dims[0] > LIMN_UPSCALER_MAX_WIDTH || blocks == 0 || doublings > MAX_DOUBLINGS || side > 1 << doublings
      || last == NULL || last->n_dims != 4 || last->dims[0] != 3
      || limn_weights_count (weights) != 2 * (gsize) (convolutions + doublings + 4))
    return FALSE;

  *facts = (LimnUpscalerFacts){ .blocks = blocks, .width = (int) first->dims[0], .scale = (1 << doublings) / side, .unshuffle = side, .doublings = doublings };
  /* 3 × 3 pixels a convolution; those behind the blocks see larger features, which count less. */
  facts->reach = side * (convolutions + 5);
  facts->floats = MAX (9 * facts->width / side / side, 2 * facts->width * facts->scale * facts->scale);
  return TRUE;
}
