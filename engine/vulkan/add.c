/* Sum of two tensors, the second broadcast.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/norm.h"
#include "engine/vulkan/rows.h"

static gboolean
add_record (const LimnVulkanTask *task,
            LimnVulkanRecorder   *recorder,
            GError              **error)
{
  LimnVulkanRows rows = limn_vulkan_rows_of (task, "add", 2);

  limn_vulkan_list_activations (task->node, rows.activations);
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_add = { .record = add_record, .in_place = TRUE };
