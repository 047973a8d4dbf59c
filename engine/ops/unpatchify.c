/* Channels into squares of pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_unpatchify:
 * @x: [n, h, w, c·p²]
 * @size: p
 *
 * Pixel shuffle (Shi et al., 2016), the inverse of limn_patchify(): channel c·p² + dy·p + dx becomes pixel (dy, dx) of a square.
 *
 * Returns: [n, h·p, w·p, c], of the type of @x
 */
LimnTensor *
limn_unpatchify (LimnGraph  *graph,
                 LimnTensor *x,
                 int         size)
{
  LimnPatchArgs args = { .size = size };
  LimnCall      call = {
         .op = &limn_op_unpatchify, .args = &args, .args_size = sizeof args, .inputs = { x }
  };

  return limn_graph_add (graph, &call);
}

static gboolean
unpatchify_infer (const LimnNode *node,
                  LimnShape      *out,
                  GError        **error)
{
  const LimnPatchArgs *args = limn_node_args (node);
  LimnShape            x;

  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  x = node->inputs[0]->shape;
  if (args->size < 1 || args->size > x.c || x.c % ((gint64) args->size * args->size) != 0)
    return limn_shape_error (error, node, "%d channels do not divide into squares of %d", x.c,
                             args->size);
  if (x.h > G_MAXINT32 / args->size || x.w > G_MAXINT32 / args->size)
    return limn_shape_error (error, node, "%d × %d squares of %d are too many", x.w, x.h,
                             args->size);
  *out = (LimnShape){ x.n, x.h * args->size, x.w * args->size, x.c / (args->size * args->size) };
  return TRUE;
}

const LimnOp limn_op_unpatchify = {
  .name = "unpatchify",
  .infer = unpatchify_infer,
  .operations = limn_rule_no_operations,
  .cpu = LIMN_CPU_KERNELS (unpatchify),
  .vulkan = &limn_vulkan_unpatchify,
};
