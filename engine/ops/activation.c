/* Activation functions: SiLU, GELU and its approximations, ReLU, tanh.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_activation:
 * @x: [n, h, w, c]
 * @kind: which; its formula stands at #LimnActivation
 *
 * y = f (x), each number by itself. A plan fuses it into the operation before where that can apply it.
 *
 * Returns: [n, h, w, c], of the type of @x
 */
LimnTensor *
limn_activation (LimnGraph     *graph,
                 LimnTensor    *x,
                 LimnActivation kind)
{
  LimnActivationArgs args = { .kind = kind };
  LimnCall           call = {
              .op = &limn_op_activation, .args = &args, .args_size = sizeof args, .inputs = { x }
  };

  return limn_graph_add (graph, &call);
}

static gboolean
activation_infer (const LimnNode *node,
                  LimnShape      *out,
                  GError        **error)
{
  const LimnActivationArgs *args = limn_node_args (node);

  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  if (args->kind >= LIMN_N_ACTIVATIONS)
    return limn_shape_error (error, node, "there is no activation %u", args->kind);
  *out = node->inputs[0]->shape;
  return TRUE;
}

/* An exponential by a polynomial, and a division. */
static double
activation_operations (const LimnNode *node)
{
  return 16 * (double) limn_shape_elements (node->output->shape);
}

const LimnOp limn_op_activation = {
  .name = "activation",
  .infer = activation_infer,
  .operations = activation_operations,
  .cpu = LIMN_CPU_KERNELS (activation),
  .vulkan = &limn_vulkan_activation,
};
