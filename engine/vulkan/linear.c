/* x Wᵀ + b.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/product.h"

static gboolean
linear_prepare (LimnVulkanTask *task,
                GError        **error)
{
  const LimnVulkanGeometry geometry = { .taps = 1, .kernel_width = 1, .stride = 1 };

  return limn_vulkan_product_prepare (task, "linear", &geometry, error);
}

const LimnVulkanKernel limn_vulkan_linear = {
  .prepare = linear_prepare,
  .record = limn_vulkan_product_record,
  .clear = limn_vulkan_product_clear,
};
