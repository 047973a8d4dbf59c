/* Gated linear unit with GELU, what follows the feed-forward's first matrix.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_geglu:
 * @x: [n, h, w, 2c]
 *
 * y = x[0 … c] · gelu (x[c … 2c]), the exact GELU (Shazeer, 2020; halves as diffusers has them).
 *
 * Returns: [n, h, w, c], of the type of @x
 */
LimnTensor *
limn_geglu (LimnGraph  *graph,
            LimnTensor *x)
{
  LimnCall call = { .op = &limn_op_geglu, .inputs = { x } };

  return limn_graph_add (graph, &call);
}

static gboolean
geglu_infer (const LimnNode *node,
             LimnShape      *out,
             GError        **error)
{
  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  *out = node->inputs[0]->shape;
  if (out->c % 2 != 0)
    return limn_shape_error (error, node, "%d channels have no halves", out->c);
  out->c /= 2;
  return TRUE;
}

static double
geglu_operations (const LimnNode *node)
{
  return 32 * (double) limn_shape_elements (node->output->shape);
}

const LimnOp limn_op_geglu = {
  .name = "geglu",
  .infer = geglu_infer,
  .operations = geglu_operations,
  .cpu = LIMN_CPU_KERNELS (geglu),
  .vulkan = &limn_vulkan_geglu,
};
