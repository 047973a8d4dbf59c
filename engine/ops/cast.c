/* Change of the type that numbers are kept in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_cast:
 * @x: [n, h, w, c], f32 or bf16
 * @type: %LIMN_F32 or %LIMN_BF16
 *
 * Widens exactly, or rounds to the nearest (ties to even).
 *
 * Returns: [n, h, w, c], of @type
 */
LimnTensor *
limn_cast (LimnGraph  *graph,
           LimnTensor *x,
           LimnType    type)
{
  LimnCastArgs args = { .type = type };
  LimnCall     call = {
        .op = &limn_op_cast, .args = &args, .args_size = sizeof args, .inputs = { x }
  };

  return limn_graph_add (graph, &call);
}

static LimnType
cast_output_type (const LimnNode *node)
{
  const LimnCastArgs *args = limn_node_args (node);

  return args->type;
}

static gboolean
cast_infer (const LimnNode *node,
            LimnShape      *out,
            GError        **error)
{
  LimnType type = cast_output_type (node);

  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  if (type != LIMN_F32 && type != LIMN_BF16 && type != LIMN_F16)
    return limn_shape_error (error, node, "activations are f32, bf16 or f16, not %s",
                             type < LIMN_N_TYPES ? limn_type_name (type) : "this type");
  *out = node->inputs[0]->shape;
  return TRUE;
}

const LimnOp limn_op_cast = {
  .name = "cast",
  .infer = cast_infer,
  .output_type = cast_output_type,
  .operations = limn_rule_no_operations,
  .cpu = LIMN_CPU_KERNELS (cast),
  .vulkan = &limn_vulkan_cast,
};
