/* A range of channels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_slice:
 * @x: [n, h, w, c]
 * @start: first channel to take
 * @count: channels to take; @start + @count is at most c
 *
 * Returns: [n, h, w, count], of the type of @x
 */
LimnTensor *
limn_slice (LimnGraph  *graph,
            LimnTensor *x,
            int         start,
            int         count)
{
  LimnSliceArgs args = { .start = start, .count = count };
  LimnCall      call = {
         .op = &limn_op_slice, .args = &args, .args_size = sizeof args, .inputs = { x }
  };

  return limn_graph_add (graph, &call);
}

static gboolean
slice_infer (const LimnNode *node,
             LimnShape      *out,
             GError        **error)
{
  const LimnSliceArgs *args = limn_node_args (node);

  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  *out = node->inputs[0]->shape;
  if (args->start < 0 || args->count < 1 || args->start > out->c - args->count)
    return limn_shape_error (error, node, "%d channels from %d on out of %d", args->count,
                             args->start, out->c);
  out->c = args->count;
  return TRUE;
}

const LimnOp limn_op_slice = {
  .name = "slice",
  .infer = slice_infer,
  .operations = limn_rule_no_operations,
  .cpu = LIMN_CPU_KERNELS (slice),
  .vulkan = &limn_vulkan_slice,
};
