/* Adaptive scale and shift.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gboolean
modulate_record (const LimnVulkanTask *task,
                 LimnVulkanRecorder   *recorder,
                 GError              **error)
{
  LimnVulkanRows rows = limn_vulkan_rows_of (task, "modulate", 3);

  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_modulate = { .record = modulate_record, .in_place = TRUE };
