/* A number times a tensor plus a number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_affine:
 * @x: [n, h, w, c]
 *
 * y = scale · x + shift
 *
 * Returns: [n, h, w, c], of the type of @x
 */
LimnTensor *
limn_affine (LimnGraph  *graph,
             LimnTensor *x,
             float       scale,
             float       shift)
{
  LimnAffineArgs args = { .scale = scale, .shift = shift };
  LimnCall       call = {
          .op = &limn_op_affine, .args = &args, .args_size = sizeof args, .inputs = { x }
  };

  return limn_graph_add (graph, &call);
}

static gboolean
affine_infer (const LimnNode *node,
              LimnShape      *out,
              GError        **error)
{
  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  *out = node->inputs[0]->shape;
  return TRUE;
}

static double
affine_operations (const LimnNode *node)
{
  return 2 * (double) limn_shape_elements (node->output->shape);
}

const LimnOp limn_op_affine = {
  .name = "affine",
  .infer = affine_infer,
  .operations = affine_operations,
  .cpu = LIMN_CPU_KERNELS (affine),
  .vulkan = &limn_vulkan_affine,
};
