/* Sum of two tensors, the second broadcast over samples and positions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_add:
 * @a: [n, h, w, c]
 * @b: the same, or 1 in place of n, h or w: what is added to all of them
 *
 * y = a + b
 *
 * Returns: [n, h, w, c], of the type of @a; @b may be f32 or bf16 whatever that is
 */
LimnTensor *
limn_add (LimnGraph  *graph,
          LimnTensor *a,
          LimnTensor *b)
{
  LimnCall call = { .op = &limn_op_add, .inputs = { a, b } };

  return limn_graph_add (graph, &call);
}

static gboolean
add_infer (const LimnNode *node,
           LimnShape      *out,
           GError        **error)
{
  if (!limn_rule_floats (node, 2, error) || !limn_rule_broadcast (node, 1, error))
    return FALSE;
  *out = node->inputs[0]->shape;
  return TRUE;
}

const LimnOp limn_op_add = {
  .name = "add",
  .infer = add_infer,
  .epilogues = LIMN_EPILOGUE_ACTIVATION,
  .cpu = LIMN_CPU_KERNELS (add),
  .vulkan = &limn_vulkan_add,
};
