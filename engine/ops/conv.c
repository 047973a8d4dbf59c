/* Two-dimensional convolution.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"

#include "engine/cpu/cpu.h"
#include "engine/vulkan/vulkan.h"

/**
 * limn_conv:
 * @x: [n, h, w, in]
 * @weight: [out, in, kh, kw]
 * @bias: (nullable): [out]
 * @args: stride of both directions, zeros padded on each side
 *
 * y = x ∗ W + b, cross-correlation as networks have it.
 *
 * Returns: [n, (h + padding - kh) / stride + 1, …, out], of the type of @x
 */
LimnTensor *
limn_conv (LimnGraph          *graph,
           LimnTensor         *x,
           const LimnWeight   *weight,
           const LimnWeight   *bias,
           const LimnConvArgs *args)
{
  return limn_graph_add (graph, &(LimnCall){
                                    .op = &limn_op_conv,
                                    .args = args,
                                    .args_size = sizeof *args,
                                    .inputs = { x },
                                    .weights = { weight, bias },
                                });
}

static gboolean
conv_infer (const LimnNode *node,
            LimnShape      *out,
            GError        **error)
{
  const LimnConvArgs *args = limn_node_args (node);
  const LimnWeight   *weight = node->weights[0], *bias = node->weights[1];
  LimnShape           in = limn_node_input (node, 0)->shape;
  gint64              height, width;

  if (weight->n_dims != 4 || weight->n_elements == 0 || weight->dims[0] > G_MAXINT32 || weight->dims[2] > 64 || weight->dims[3] > 64)
    return limn_shape_error (error, node, "the weight is no convolution's");
  if (weight->dims[1] != in.c)
    return limn_shape_error (error, node, "a weight for %" G_GINT64_FORMAT " channels meets %d",
                             weight->dims[1], in.c);
  if (bias != NULL && bias->n_elements != (gsize) weight->dims[0])
    return limn_shape_error (error, node,
                             "%" G_GSIZE_FORMAT " biases for %" G_GINT64_FORMAT " channels",
                             bias->n_elements, weight->dims[0]);

  height = (gint64) in.h + args->pad_top + args->pad_bottom - weight->dims[2];
  width = (gint64) in.w + args->pad_left + args->pad_right - weight->dims[3];
  if (height < 0 || width < 0)
    return limn_shape_error (error, node, "%d × %d is smaller than the kernel", in.w, in.h);
  *out = (LimnShape){ in.n, (int) (height / args->stride + 1), (int) (width / args->stride + 1), (int) weight->dims[0] };
  return TRUE;
}

static double
conv_operations (const LimnNode *node)
{
  const LimnWeight *weight = node->weights[0];

  return 2.0 * (double) limn_shape_rows (node->output->shape) * (double) weight->n_elements;
}

const LimnOp limn_op_conv = {
  .name = "conv",
  .infer = conv_infer,
  .operations = conv_operations,
  .epilogues = LIMN_EPILOGUE_ACTIVATION | LIMN_EPILOGUE_ADD,
  .cpu = LIMN_CPU_KERNELS (conv),
  .vulkan = &limn_vulkan_conv,
};
