/* Convolution as an implicit matrix product.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/product.h"

static gboolean
conv_prepare (LimnVulkanTask *task,
              GError        **error)
{
  const LimnConvArgs      *args = limn_node_args (task->node);
  const LimnWeight        *weight = task->node->weights[0];
  const LimnVulkanGeometry geometry = {
    .taps = (int) (weight->dims[2] * weight->dims[3]),
    .kernel_width = (int) weight->dims[3],
    .stride = args->stride,
    .pad_top = args->pad_top,
    .pad_left = args->pad_left,
  };
  gboolean plain = geometry.taps == 1 && args->stride == 1 && limn_shape_equal (task->node->inputs[0]->shape, (LimnShape){ task->node->output->shape.n, task->node->output->shape.h, task->node->output->shape.w, task->node->inputs[0]->shape.c });

  return limn_vulkan_product_prepare (task, plain ? "linear" : "conv", &geometry, error);
}

const LimnVulkanKernel limn_vulkan_conv = {
  .prepare = conv_prepare,
  .record = limn_vulkan_product_record,
  .clear = limn_vulkan_product_clear,
};
