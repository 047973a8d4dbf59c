/* scale · x + shift.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gboolean
affine_record (const LimnVulkanTask *task,
               LimnVulkanRecorder   *recorder,
               GError              **error)
{
  const LimnAffineArgs *args = limn_node_args (task->node);
  LimnVulkanRows        rows = limn_vulkan_rows_of (task, "affine", 1);

  rows.arguments[0] = limn_vulkan_float_bits (args->scale);
  rows.arguments[1] = limn_vulkan_float_bits (args->shift);
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_affine = { .record = affine_record, .in_place = TRUE };
