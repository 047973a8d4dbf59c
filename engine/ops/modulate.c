/* Adaptive scale and shift of normalised activations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_modulate:
 * @x: [n, h, w, c]
 * @scale: the same, or 1 in place of n, h or w
 * @shift: the same, or 1 in place of n, h or w
 *
 * y = x · (1 + scale) + shift: how a diffusion transformer hears of time and prompt (adaLN; Peebles & Xie, 2023).
 *
 * Returns: [n, h, w, c], of the type of @x; the others may be f32 or bf16 whatever that is
 */
LimnTensor *
limn_modulate (LimnGraph  *graph,
               LimnTensor *x,
               LimnTensor *scale,
               LimnTensor *shift)
{
  LimnCall call = { .op = &limn_op_modulate, .inputs = { x, scale, shift } };

  return limn_graph_add (graph, &call);
}

static gboolean
modulate_infer (const LimnNode *node,
                LimnShape      *out,
                GError        **error)
{
  if (!limn_rule_floats (node, 3, error))
    return FALSE;
  if (!limn_rule_broadcast (node, 1, error) || !limn_rule_broadcast (node, 2, error))
    return FALSE;
  *out = node->inputs[0]->shape;
  return TRUE;
}

static double
modulate_operations (const LimnNode *node)
{
  return 3 * (double) limn_shape_elements (node->output->shape);
}

const LimnOp limn_op_modulate = {
  .name = "modulate",
  .infer = modulate_infer,
  .operations = modulate_operations,
  .cpu = LIMN_CPU_KERNELS (modulate),
  .vulkan = &limn_vulkan_modulate,
};
