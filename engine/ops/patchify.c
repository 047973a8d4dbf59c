/* Squares of pixels into channels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_patchify:
 * @x: [n, h, w, c]
 * @size: p, divides h and w
 *
 * Pixel unshuffle (Shi et al., 2016): pixel (dy, dx) of a square becomes channel c·p² + dy·p + dx.
 *
 * Returns: [n, h/p, w/p, c·p²], of the type of @x
 */
LimnTensor *
limn_patchify (LimnGraph  *graph,
               LimnTensor *x,
               int         size)
{
  LimnPatchArgs args = { .size = size };
  LimnCall      call = {
         .op = &limn_op_patchify, .args = &args, .args_size = sizeof args, .inputs = { x }
  };

  return limn_graph_add (graph, &call);
}

static gboolean
patchify_infer (const LimnNode *node,
                LimnShape      *out,
                GError        **error)
{
  const LimnPatchArgs *args = limn_node_args (node);
  LimnShape            x;

  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  x = node->inputs[0]->shape;
  if (args->size < 1 || x.h % args->size != 0 || x.w % args->size != 0)
    return limn_shape_error (error, node, "%d × %d pixels do not divide into squares of %d",
                             x.w, x.h, args->size);
  if ((gint64) x.c * args->size > G_MAXINT32 / args->size)
    return limn_shape_error (error, node, "%d channels of squares of %d are too many", x.c,
                             args->size);
  *out = (LimnShape){ x.n, x.h / args->size, x.w / args->size, x.c * args->size * args->size };
  return TRUE;
}

const LimnOp limn_op_patchify = {
  .name = "patchify",
  .infer = patchify_infer,
  .operations = limn_rule_no_operations,
  .cpu = LIMN_CPU_KERNELS (patchify),
  .vulkan = &limn_vulkan_patchify,
};
