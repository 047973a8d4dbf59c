/* Sum of two tensors, the second broadcast.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gboolean
add_record (const LimnVulkanTask *task,
            LimnVulkanRecorder   *recorder,
            GError              **error)
{
  LimnVulkanRows rows = limn_vulkan_rows_of (task, "add", 2);

  for (int i = 0; i < task->node->n_epilogues; i++)
    if (task->node->epilogues[i].kind == LIMN_EPILOGUE_ACTIVATION)
      rows.arguments[++rows.arguments[0]] = task->node->epilogues[i].activation;
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_add = { .record = add_record, .in_place = TRUE };
