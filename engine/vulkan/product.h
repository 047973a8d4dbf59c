/* Products: linear layers and convolutions as one shader's work over rows and panels of columns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/vulkan/vulkan.h"

G_BEGIN_DECLS

/**
 * LimnVulkanGeometry:
 * @taps: places under the kernel
 * @kernel_width: of them side by side
 *
 * How rows of a result see the input: a linear layer has one tap and nothing else.
 */
typedef struct
{
  int taps, kernel_width, stride, pad_top, pad_left;
} LimnVulkanGeometry;

/* For LimnVulkanKernel: packs weight and bias, records with @shader ("linear" or "conv"). */
gboolean limn_vulkan_product_prepare (LimnVulkanTask           *task,
                                      const char               *shader,
                                      const LimnVulkanGeometry *geometry,
                                      GError                  **error);
gboolean limn_vulkan_product_record (const LimnVulkanTask *task,
                                     LimnVulkanRecorder   *recorder,
                                     GError              **error);
void     limn_vulkan_product_clear (LimnVulkanTask *task);

G_END_DECLS
