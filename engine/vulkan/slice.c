/* Some of the channels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gboolean
slice_record (const LimnVulkanTask *task,
              LimnVulkanRecorder   *recorder,
              GError              **error)
{
  const LimnSliceArgs *args = limn_node_args (task->node);
  LimnVulkanRows       rows = limn_vulkan_rows_of (task, "slice", 1);

  rows.arguments[0] = (guint32) args->start;
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_slice = { .record = slice_record };
