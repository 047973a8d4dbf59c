/* SRVGGNetCompact: the small upscaler of Real-ESRGAN, a plain row of convolutions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/srvgg.h"

#define MAX_SCALE 8

static const LimnWeight *
find (const LimnWeights *weights,
      int                index,
      const char        *what)
{
  char name[32];

  g_snprintf (name, sizeof name, "body.%d.%s", index, what);
  return limn_weights_find (weights, name);
}

static gboolean
is_layer (const LimnWeights *weights,
          int                layer)
{
  const LimnWeight *weight = find (weights, 2 * layer, "weight");

  return weight != NULL && weight->n_dims == 4 && weight->dims[2] == 3 && weight->dims[3] == 3 && find (weights, 2 * layer, "bias") != NULL
         && (layer == 0 || find (weights, 2 * layer - 1, "weight") != NULL);
}

static int
scale_of (gint64 channels)
{
  for (gint64 scale = 1; scale <= MAX_SCALE; scale++)
    if (channels == 3 * scale * scale)
      return (int) scale;
  return 0;
}

gboolean
limn_srvgg_measure (const LimnWeights *weights,
                    LimnUpscalerFacts *facts)
{
  const LimnWeight *first = find (weights, 0, "weight"), *last;
  int               layers = 0;

  while (is_layer (weights, layers))
    layers++;
  /* Weight and bias of each, slopes between them. */
  if (layers < 2 || first->dims[1] != 3 || first->dims[0] > LIMN_UPSCALER_MAX_WIDTH || limn_weights_count (weights) != 3 * (gsize) layers - 1)
    return FALSE;

  last = find (weights, 2 * (layers - 1), "weight");
  *facts = (LimnUpscalerFacts){ .blocks = layers, .width = (int) first->dims[0], .scale = scale_of (last->dims[0]), .unshuffle = 1, .reach = layers };
  facts->floats = 2 * facts->width + 9 * facts->scale * facts->scale;
  return facts->scale > 0;
}

LimnTensor *
limn_srvgg (const LimnScope         *scope,
            const LimnUpscalerFacts *facts,
            LimnTensor              *picture)
{
  LimnGraph  *graph = scope->graph;
  LimnScope   body = limn_scope_child (scope, "body");
  LimnTensor *repeated = limn_resize (graph, picture, facts->scale * picture->shape.h, facts->scale * picture->shape.w);
  LimnTensor *x = limn_as_type (graph, picture, limn_graph_type (graph));
  char        name[32];

  for (int layer = 0; layer < facts->blocks; layer++)
    {
      g_snprintf (name, sizeof name, "%d", 2 * layer);
      x = limn_scope_conv (&body, name, x);
      g_snprintf (name, sizeof name, "%d", 2 * layer + 1);
      if (layer + 1 < facts->blocks)
        x = limn_scope_prelu (&body, name, x);
    }
  /* The picture's own digits are more than small types hold. */
  x = limn_as_type (graph, limn_unpatchify (graph, x, facts->scale), LIMN_F32);
  return limn_add (graph, x, repeated);
}
