/* A learnt tensor as an activation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_constant:
 * @weight: [c] or [t, c]; leading dimensions of 1 are dropped
 * @flat: as one row
 *
 * Returns: [1, 1, t, c], or [1, 1, 1, t·c] if @flat; of the graph's type
 */
LimnTensor *
limn_constant (LimnGraph        *graph,
               const LimnWeight *weight,
               gboolean          flat)
{
  LimnConstantArgs args = { .flat = flat };
  LimnCall         call = {
            .op = &limn_op_constant, .args = &args, .args_size = sizeof args, .weights = { weight }
  };

  return limn_graph_add (graph, &call);
}

static gboolean
constant_infer (const LimnNode *node,
                LimnShape      *out,
                GError        **error)
{
  const LimnConstantArgs *args = limn_node_args (node);
  const LimnWeight       *weight = node->weights[0];
  int                     first = 0;
  gint64                  tokens, channels;

  if (weight == NULL)
    return limn_shape_error (error, node, "its weight is missing");
  while (first + 1 < weight->n_dims && weight->dims[first] == 1)
    first++;
  if (weight->n_dims - first < 1 || weight->n_dims - first > 2)
    return limn_shape_error (error, node, "%s has %d dimensions instead of 1 or 2",
                             weight->name, weight->n_dims);
  channels = weight->dims[weight->n_dims - 1];
  tokens = weight->n_dims - first == 2 ? weight->dims[first] : 1;
  if (channels < 1 || tokens < 1 || tokens > G_MAXINT32 / channels || (gsize) (tokens * channels) != weight->n_elements)
    return limn_shape_error (error, node, "%s is %" G_GINT64_FORMAT " × %" G_GINT64_FORMAT,
                             weight->name, tokens, channels);
  *out = (LimnShape){ 1, 1, (int) tokens, (int) channels };
  if (args->flat)
    *out = (LimnShape){ 1, 1, 1, (int) (tokens * channels) };
  return TRUE;
}

const LimnOp limn_op_constant = {
  .name = "constant",
  .infer = constant_infer,
  .operations = limn_rule_no_operations,
  .cpu = LIMN_CPU_KERNELS (constant),
  .vulkan = &limn_vulkan_constant,
};
