/* Linear layer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"

/**
 * limn_linear:
 * @x: [n, h, w, in]
 * @weight: [out, in]; trailing dimensions of 1 (a 1 × 1 convolution's) are ignored
 * @bias: (nullable): [out]
 *
 * y = x Wᵀ + b at every position.
 *
 * Returns: [n, h, w, out], of the type of @x
 */
LimnTensor *
limn_linear (LimnGraph        *graph,
             LimnTensor       *x,
             const LimnWeight *weight,
             const LimnWeight *bias)
{
  return limn_graph_add (
      graph,
      &(LimnCall){ .op = &limn_op_linear, .inputs = { x }, .weights = { weight, bias } });
}

static gboolean
linear_infer (const LimnNode *node,
              LimnShape      *out,
              GError        **error)
{
  const LimnWeight *weight = node->weights[0], *bias = node->weights[1];

  *out = limn_node_input (node, 0)->shape;
  if (weight->n_dims < 2 || weight->dims[0] <= 0 || weight->dims[0] > G_MAXINT32 || weight->n_elements != (gsize) weight->dims[0] * (gsize) weight->dims[1])
    return limn_shape_error (error, node, "the weight is no matrix");
  if (weight->dims[1] != out->c)
    return limn_shape_error (error, node, "a weight for %" G_GINT64_FORMAT " channels meets %d",
                             weight->dims[1], out->c);
  if (bias != NULL && bias->n_elements != (gsize) weight->dims[0])
    return limn_shape_error (error, node,
                             "%" G_GSIZE_FORMAT " biases for %" G_GINT64_FORMAT " channels",
                             bias->n_elements, weight->dims[0]);
  out->c = (int) weight->dims[0];
  return TRUE;
}

static double
linear_operations (const LimnNode *node)
{
  return 2.0 * (double) limn_shape_elements (node->output->shape) * limn_node_input (node, 0)->shape.c;
}

const LimnOp limn_op_linear = {
  .name = "linear",
  .infer = linear_infer,
  .operations = linear_operations,
  .epilogues = LIMN_EPILOGUE_ACTIVATION | LIMN_EPILOGUE_ADD,
  .cpu = LIMN_CPU_KERNELS (linear),
  .vulkan = &limn_vulkan_linear,
};
