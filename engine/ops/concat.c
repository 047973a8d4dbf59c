/* Channels of one tensor followed by those of another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_concat:
 * @a: [n, h, w, c]
 * @b: [n, h, w, d], of the same type
 *
 * Returns: [n, h, w, c + d]
 */
LimnTensor *
limn_concat (LimnGraph  *graph,
             LimnTensor *a,
             LimnTensor *b)
{
  LimnCall call = { .op = &limn_op_concat, .inputs = { a, b } };

  return limn_graph_add (graph, &call);
}

static gboolean
concat_infer (const LimnNode *node,
              LimnShape      *out,
              GError        **error)
{
  LimnShape a, b;

  if (!limn_rule_floats (node, 2, error) || !limn_rule_same_type (node, 1, error))
    return FALSE;
  a = node->inputs[0]->shape;
  b = node->inputs[1]->shape;
  if (a.n != b.n || a.h != b.h || a.w != b.w)
    return limn_shape_error (error, node, "%d × %d × %d positions beside %d × %d × %d", b.n,
                             b.h, b.w, a.n, a.h, a.w);
  if (b.c > G_MAXINT - a.c)
    return limn_shape_error (error, node, "%d and %d channels are too many", a.c, b.c);
  *out = (LimnShape){ a.n, a.h, a.w, a.c + b.c };
  return TRUE;
}

const LimnOp limn_op_concat = {
  .name = "concat",
  .infer = concat_infer,
  .operations = limn_rule_no_operations,
  .cpu = LIMN_CPU_KERNELS (concat),
  .vulkan = &limn_vulkan_concat,
};
