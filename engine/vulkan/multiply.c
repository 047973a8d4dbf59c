/* Product of two tensors, the second broadcast.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gboolean
multiply_record (const LimnVulkanTask *task,
                 LimnVulkanRecorder   *recorder,
                 GError              **error)
{
  LimnVulkanRows rows = limn_vulkan_rows_of (task, "multiply", 2);

  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_multiply = { .record = multiply_record, .in_place = TRUE };
