/* Layer normalisation of each token.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_layer_norm:
 * @x: [n, h, w, c]
 * @weight: (nullable): scale, [c]
 * @bias: (nullable): shift, [c]
 * @epsilon: added to the variance
 *
 * y = (x - mean) / sqrt (variance + epsilon) · weight + bias, statistics over the channels of each position (Ba et al., 2016).
 *
 * Returns: [n, h, w, c], of the type of @x
 */
LimnTensor *
limn_layer_norm (LimnGraph        *graph,
                 LimnTensor       *x,
                 const LimnWeight *weight,
                 const LimnWeight *bias,
                 float             epsilon)
{
  LimnNormArgs args = { .epsilon = epsilon };
  LimnCall     call = { .op = &limn_op_layer_norm,
                        .args = &args,
                        .args_size = sizeof args,
                        .inputs = { x },
                        .weights = { weight, bias } };

  return limn_graph_add (graph, &call);
}

static gboolean
layer_norm_infer (const LimnNode *node,
                  LimnShape      *out,
                  GError        **error)
{
  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  *out = node->inputs[0]->shape;
  if (node->weights[0] != NULL && !limn_rule_vector (node, 0, "weight", out->c, error))
    return FALSE;
  return node->weights[1] == NULL || limn_rule_vector (node, 1, "bias", out->c, error);
}

static double
layer_norm_operations (const LimnNode *node)
{
  return 7 * (double) limn_shape_elements (node->output->shape);
}

const LimnOp limn_op_layer_norm = {
  .name = "layer-norm",
  .infer = layer_norm_infer,
  .operations = layer_norm_operations,
  .epilogues = LIMN_EPILOGUE_ACTIVATION,
  .cpu = LIMN_CPU_KERNELS (layer_norm),
  .vulkan = &limn_vulkan_layer_norm,
};
