/* Rows of a table, chosen by token ids.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_embedding:
 * @tokens: i32 ids [n, 1, t, 1]; those outside the table are taken for its first or last row
 * @weight: [ids, c]
 * @position: (nullable): [≥ t, c]; its first t rows are added
 *
 * The table is read where it lies, row by row in each run: it is far larger than what a prompt needs of it. So the weights must
 * outlive the plan.
 *
 * Returns: [n, 1, t, c], of the graph's type
 */
LimnTensor *
limn_embedding (LimnGraph        *graph,
                LimnTensor       *tokens,
                const LimnWeight *weight,
                const LimnWeight *position)
{
  LimnCastArgs args = { .type = limn_graph_type (graph) };
  LimnCall     call = { .op = &limn_op_embedding,
                        .args = &args,
                        .args_size = sizeof args,
                        .inputs = { tokens },
                        .weights = { weight, position } };

  return limn_graph_add (graph, &call);
}

static LimnType
embedding_output_type (const LimnNode *node)
{
  const LimnCastArgs *args = limn_node_args (node);

  return args->type;
}

static gboolean
embedding_infer (const LimnNode *node,
                 LimnShape      *out,
                 GError        **error)
{
  const LimnTensor *tokens = limn_node_input (node, 0);
  int               ids, channels, positions, width;

  if (tokens->type != LIMN_I32 || tokens->shape.h != 1 || tokens->shape.c != 1)
    return limn_shape_error (error, node, "tokens are not rows of integers");
  if (!limn_rule_matrix (node, 0, "table", &ids, &channels, error))
    return FALSE;
  *out = (LimnShape){ tokens->shape.n, 1, tokens->shape.w, channels };
  if (node->weights[1] == NULL)
    return TRUE;
  if (!limn_rule_matrix (node, 1, "position table", &positions, &width, error))
    return FALSE;
  if (positions < tokens->shape.w || width != channels)
    return limn_shape_error (error, node, "%d positions × %d channels for %d tokens × %d",
                             positions, width, tokens->shape.w, channels);
  return TRUE;
}

const LimnOp limn_op_embedding = {
  .name = "embedding",
  .infer = embedding_infer,
  .output_type = embedding_output_type,
  .cpu = LIMN_CPU_KERNELS (embedding),
  .vulkan = &limn_vulkan_embedding,
};
