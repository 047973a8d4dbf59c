/* ControlNet: what a picture of lines, depth or poses adds to a U-Net.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/control-net.h"

#define MAX_HINT_BLOCKS 64

/* Every second block halves. */
static LimnTensor *
embed_picture (const LimnScope *scope,
               LimnTensor      *x)
{
  static const LimnConvArgs halve = {
    .stride = 2, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1
  };
  LimnScope hint = limn_scope_child (scope, "controlnet_cond_embedding");

  x = limn_silu (scope->graph, limn_scope_conv (&hint, "conv_in", x));
  for (int i = 0; i < MAX_HINT_BLOCKS; i++)
    {
      char name[32], weight[48];

      g_snprintf (name, sizeof name, "blocks.%d", i);
      g_snprintf (weight, sizeof weight, "%s.weight", name);
      if (!limn_scope_has (&hint, weight))
        break;
      x = i % 2 == 0 ? limn_scope_conv (&hint, name, x) : limn_scope_conv_with (&hint, name, x, &halve, TRUE);
      x = limn_silu (scope->graph, x);
    }
  return limn_scope_conv (&hint, "conv_out", x);
}

void
limn_control_net (const LimnScope      *scope,
                  const LimnUnetConfig *config,
                  const LimnUnetInputs *inputs,
                  LimnTensor           *picture,
                  LimnUnetWay          *way)
{
  LimnUnetInputs with_hint = *inputs;

  with_hint.hint = embed_picture (scope, picture);
  limn_unet_down (scope, config, &with_hint, way);
  for (int i = 0; i < way->n_skips; i++)
    {
      char name[48];

      g_snprintf (name, sizeof name, "controlnet_down_blocks.%d", i);
      way->skips[i] = limn_scope_linear (scope, name, way->skips[i]);
    }
  way->middle = limn_scope_linear (scope, "controlnet_mid_block", way->middle);
}
