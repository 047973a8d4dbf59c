/* Rectified linear units whose slope below zero was learnt.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/rows.h"

static gboolean
prelu_prepare (LimnVulkanTask *task,
               GError        **error)
{
  const LimnWeight *slope = task->node->weights[0];

  task->state = limn_vulkan_pack_plain (task->vulkan, slope, LIMN_F32, slope->n_elements, error);
  return task->state != NULL;
}

static gboolean
prelu_record (const LimnVulkanTask *task,
              LimnVulkanRecorder   *recorder,
              GError              **error)
{
  const LimnVulkanPack *pack = task->state;
  const LimnWeight     *slope = task->node->weights[0];
  LimnVulkanRows        rows = limn_vulkan_rows_of (task, "prelu", 1);

  rows.arguments[0] = slope->n_elements > 1; /* from a channel's slope to the next */
  rows.operands[rows.n_operands++] = (LimnVulkanOperand){ .span = pack->span,
                                                          .shape = { 1, 1, 1, (int) slope->n_elements },
                                                          .element = sizeof (float),
                                                          .whole = TRUE };
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

static void
prelu_clear (LimnVulkanTask *task)
{
  limn_vulkan_pack_release (task->vulkan, task->state);
}

const LimnVulkanKernel limn_vulkan_prelu = {
  .prepare = prelu_prepare,
  .record = prelu_record,
  .clear = prelu_clear,
  .in_place = TRUE,
};
