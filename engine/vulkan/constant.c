/* A weight as an activation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/rows.h"

static gboolean
constant_prepare (LimnVulkanTask *task,
                  GError        **error)
{
  const LimnTensor *out = task->node->output;

  task->state = limn_vulkan_pack_plain (task->vulkan, task->node->weights[0], out->type, (gsize) out->shape.c, error);
  return task->state != NULL;
}

static gboolean
constant_record (const LimnVulkanTask *task,
                 LimnVulkanRecorder   *recorder,
                 GError              **error)
{
  const LimnVulkanPack *pack = task->state;
  const LimnTensor     *out = task->node->output;
  LimnVulkanRows        rows = limn_vulkan_rows_of (task, "constant", 0);

  rows.operands[rows.n_operands++] = (LimnVulkanOperand){ .span = pack->span, .shape = out->shape, .element = limn_type_size (out->type) };
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

static void
constant_clear (LimnVulkanTask *task)
{
  limn_vulkan_pack_release (task->vulkan, task->state);
}

const LimnVulkanKernel limn_vulkan_constant = { .prepare = constant_prepare, .record = constant_record, .clear = constant_clear };
