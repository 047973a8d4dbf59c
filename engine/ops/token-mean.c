/* Mean over the tokens that a prompt has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_token_mean:
 * @x: [n, h, w, c]
 * @lengths: i32 [n, 1, 1, 1]; taken for 1 where less and for h·w where more
 *
 * y = mean of the first lengths[n] positions of each sample
 *
 * Returns: [n, 1, 1, c], of the type of @x
 */
LimnTensor *
limn_token_mean (LimnGraph  *graph,
                 LimnTensor *x,
                 LimnTensor *lengths)
{
  LimnCall call = { .op = &limn_op_token_mean, .inputs = { x, lengths } };

  return limn_graph_add (graph, &call);
}

static gboolean
token_mean_infer (const LimnNode *node,
                  LimnShape      *out,
                  GError        **error)
{
  if (!limn_rule_floats (node, 1, error) || !limn_rule_lengths (node, 1, error))
    return FALSE;
  *out = (LimnShape){ node->inputs[0]->shape.n, 1, 1, node->inputs[0]->shape.c };
  return TRUE;
}

static double
token_mean_operations (const LimnNode *node)
{
  return (double) limn_shape_elements (node->inputs[0]->shape);
}

const LimnOp limn_op_token_mean = {
  .name = "token-mean",
  .infer = token_mean_infer,
  .operations = token_mean_operations,
  .cpu = LIMN_CPU_KERNELS (token_mean),
  .vulkan = &limn_vulkan_token_mean,
};
