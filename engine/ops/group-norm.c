/* Group normalisation over channels-last activations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_group_norm:
 * @x: activations, [n, h, w, c]
 * @weight: scale, [c]
 * @bias: shift, [c]
 * @groups: divides c
 * @epsilon: added to the variance
 *
 * y = (x - mean) / sqrt (variance + epsilon) · weight + bias, statistics per sample and group (Wu & He, 2018).
 *
 * Returns: [n, h, w, c], of the type of @x
 */
LimnTensor *
limn_group_norm (LimnGraph        *graph,
                 LimnTensor       *x,
                 const LimnWeight *weight,
                 const LimnWeight *bias,
                 int               groups,
                 float             epsilon)
{
  LimnGroupNormArgs args = { .groups = groups, .epsilon = epsilon };
  LimnCall          call = { .op = &limn_op_group_norm,
                             .args = &args,
                             .args_size = sizeof args,
                             .inputs = { x },
                             .weights = { weight, bias } };

  return limn_graph_add (graph, &call);
}

static gboolean
group_norm_infer (const LimnNode *node,
                  LimnShape      *out,
                  GError        **error)
{
  const LimnGroupNormArgs *args = limn_node_args (node);

  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  *out = node->inputs[0]->shape;
  if (args->groups < 1 || out->c % args->groups != 0)
    return limn_shape_error (error, node, "%d channels do not divide into %d groups", out->c,
                             args->groups);
  return limn_rule_vector (node, 0, "weight", out->c, error) && limn_rule_vector (node, 1, "bias", out->c, error);
}

static double
group_norm_operations (const LimnNode *node)
{
  return 6 * (double) limn_shape_elements (node->output->shape);
}

const LimnOp limn_op_group_norm = {
  .name = "group-norm",
  .infer = group_norm_infer,
  .operations = group_norm_operations,
  .epilogues = LIMN_EPILOGUE_ACTIVATION,
  .cpu = LIMN_CPU_KERNELS (group_norm),
  .vulkan = &limn_vulkan_group_norm,
};
