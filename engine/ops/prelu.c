/* Rectified linear units whose slope below zero was learnt.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_prelu:
 * @x: [n, h, w, c]
 * @slope: [c], or [1] for all channels
 *
 * y = x where x ≥ 0, else slope · x (He et al., 2015)
 *
 * Returns: [n, h, w, c], of the type of @x
 */
LimnTensor *
limn_prelu (LimnGraph        *graph,
            LimnTensor       *x,
            const LimnWeight *slope)
{
  LimnCall call = { .op = &limn_op_prelu, .inputs = { x }, .weights = { slope } };

  return limn_graph_add (graph, &call);
}

static gboolean
prelu_infer (const LimnNode *node,
             LimnShape      *out,
             GError        **error)
{
  const LimnWeight *slope = node->weights[0];
  gboolean          shared = slope != NULL && slope->n_elements == 1;

  if (!limn_rule_floats (node, 1, error)
      || !limn_rule_vector (node, 0, "slope", shared ? 1 : node->inputs[0]->shape.c, error))
    return FALSE;
  *out = node->inputs[0]->shape;
  return TRUE;
}

const LimnOp limn_op_prelu = {
  .name = "prelu",
  .infer = prelu_infer,
  .cpu = LIMN_CPU_KERNELS (prelu),
  .vulkan = &limn_vulkan_prelu,
};
