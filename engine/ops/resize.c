/* Change of height and width by the nearest neighbour.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_resize:
 * @x: [n, h, w, c]
 * @height: rows of the result
 * @width: columns of the result
 *
 * Target pixel (x, y) is source pixel (⌊x · w / width⌋, ⌊y · h / height⌋), exact in integers: what "nearest" means to PyTorch,
 * up to its rounding in f32.
 *
 * Returns: [n, height, width, c], of the type of @x
 */
LimnTensor *
limn_resize (LimnGraph  *graph,
             LimnTensor *x,
             int         height,
             int         width)
{
  LimnResizeArgs args = { .height = height, .width = width };
  LimnCall       call = {
          .op = &limn_op_resize, .args = &args, .args_size = sizeof args, .inputs = { x }
  };

  return limn_graph_add (graph, &call);
}

static gboolean
resize_infer (const LimnNode *node,
              LimnShape      *out,
              GError        **error)
{
  const LimnResizeArgs *args = limn_node_args (node);

  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  if (args->height < 1 || args->width < 1)
    return limn_shape_error (error, node, "a picture of %d × %d", args->width, args->height);
  *out = node->inputs[0]->shape;
  out->h = args->height;
  out->w = args->width;
  return TRUE;
}

const LimnOp limn_op_resize = {
  .name = "resize",
  .infer = resize_infer,
  .operations = limn_rule_no_operations,
  .cpu = LIMN_CPU_KERNELS (resize),
  .vulkan = &limn_vulkan_resize,
};
