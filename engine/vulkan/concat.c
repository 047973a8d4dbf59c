/* Channels of one tensor, then of another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gboolean
concat_record (const LimnVulkanTask *task,
               LimnVulkanRecorder   *recorder,
               GError              **error)
{
  LimnVulkanRows rows = limn_vulkan_rows_of (task, "concat", 2);

  rows.arguments[0] = (guint32) task->node->inputs[0]->shape.c;
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_concat = { .record = concat_record };
