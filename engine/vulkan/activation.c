/* An activation by itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gboolean
activation_record (const LimnVulkanTask *task,
                   LimnVulkanRecorder   *recorder,
                   GError              **error)
{
  const LimnActivationArgs *args = limn_node_args (task->node);
  LimnVulkanRows            rows = limn_vulkan_rows_of (task, "activation", 1);

  rows.activations[0] = 1 + (guint32) args->kind;
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_activation = { .record = activation_record, .in_place = TRUE };
