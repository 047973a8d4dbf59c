/* Root-mean-square normalisation of each token, or of each head of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"
#include "engine/ops/rules.h"

/**
 * limn_rms_norm:
 * @x: [n, h, w, c]
 * @weight: scale, [d]; d divides c
 * @epsilon: added to the mean square
 *
 * y = x / sqrt (mean of x² + epsilon) · weight for each run of d channels (Zhang & Sennrich, 2019).
 *
 * Returns: [n, h, w, c], of the type of @x
 */
LimnTensor *
limn_rms_norm (LimnGraph        *graph,
               LimnTensor       *x,
               const LimnWeight *weight,
               float             epsilon)
{
  LimnNormArgs args = { .epsilon = epsilon };
  LimnCall     call = { .op = &limn_op_rms_norm,
                        .args = &args,
                        .args_size = sizeof args,
                        .inputs = { x },
                        .weights = { weight } };

  return limn_graph_add (graph, &call);
}

static gboolean
rms_norm_infer (const LimnNode *node,
                LimnShape      *out,
                GError        **error)
{
  const LimnWeight *weight = node->weights[0];

  if (!limn_rule_floats (node, 1, error))
    return FALSE;
  *out = node->inputs[0]->shape;
  if (weight == NULL || weight->n_dims != 1 || weight->dims[0] < 1 || weight->n_elements != (gsize) weight->dims[0])
    return limn_shape_error (error, node, "its weight is missing or not one row");
  if (out->c % weight->dims[0] != 0)
    return limn_shape_error (error, node,
                             "%d channels do not divide into runs of %" G_GINT64_FORMAT, out->c,
                             weight->dims[0]);
  return TRUE;
}

static double
rms_norm_operations (const LimnNode *node)
{
  return 4 * (double) limn_shape_elements (node->output->shape);
}

const LimnOp limn_op_rms_norm = {
  .name = "rms-norm",
  .infer = rms_norm_infer,
  .operations = rms_norm_operations,
  .cpu = LIMN_CPU_KERNELS (rms_norm),
  .vulkan = &limn_vulkan_rms_norm,
};
