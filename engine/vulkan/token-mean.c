/* Mean over the tokens that a prompt has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/rows.h"

static gboolean
token_mean_record (const LimnVulkanTask *task,
                   LimnVulkanRecorder   *recorder,
                   GError              **error)
{
  LimnVulkanRows rows = limn_vulkan_rows_of (task, "token-mean", 2);

  rows.operands[0].whole = TRUE;
  rows.arguments[0] = (guint32) limn_shape_positions (task->node->inputs[0]->shape);
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_token_mean = { .record = token_mean_record };
