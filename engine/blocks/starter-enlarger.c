/* The enlarger of the starter model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/starter-enlarger.h"

#define MAX_SCALE 8

static LimnTensor *
relu (const LimnScope *scope,
      LimnTensor      *x)
{
  return limn_activation (scope->graph, x, LIMN_ACTIVATION_RELU);
}

static LimnTensor *
pair (const LimnScope *scope,
      LimnTensor      *x)
{
  LimnTensor *h = relu (scope, limn_scope_conv (scope, "conv1", x));

  return limn_add (scope->graph, limn_scope_conv (scope, "conv2", h), x);
}

static gboolean
has_block (const LimnScope *scope,
           int              index)
{
  char name[32];

  g_snprintf (name, sizeof name, "blocks.%d.conv1.weight", index);
  return limn_scope_has (scope, name);
}

LimnTensor *
limn_starter_enlarger (const LimnScope *scope,
                       LimnTensor      *picture,
                       int              scale)
{
  LimnTensor *repeated = limn_resize (scope->graph, picture, scale * picture->shape.h, scale * picture->shape.w);
  LimnTensor *x = relu (scope, limn_scope_conv (scope, "conv_in", picture));

  for (int i = 0; has_block (scope, i); i++)
    {
      LimnScope block = limn_scope_child (scope, "blocks.%d", i);

      x = pair (&block, x);
    }
  x = limn_scope_conv (scope, "conv_out", relu (scope, x));
  return limn_add (scope->graph, limn_unpatchify (scope->graph, x, scale), repeated);
}

int
limn_starter_enlarger_scale (const LimnWeights *weights)
{
  const LimnWeight *last = limn_weights_find (weights, "conv_out.weight");

  for (gint64 scale = 1; last != NULL && last->n_dims == 4 && scale <= MAX_SCALE; scale++)
    if (last->dims[0] == 3 * scale * scale)
      return (int) scale;
  return 0;
}
