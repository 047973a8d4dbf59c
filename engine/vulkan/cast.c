/* From one type of activations to another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/rows.h"

static gboolean
cast_record (const LimnVulkanTask *task,
             LimnVulkanRecorder   *recorder,
             GError              **error)
{
  g_autofree char *name = g_strconcat ("cast-", limn_type_name (task->node->inputs[0]->type), NULL);
  LimnVulkanRows   rows = limn_vulkan_rows_of (task, name, 1);

  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

static gboolean
cast_prepare (LimnVulkanTask *task,
              GError        **error)
{
  if (task->node->output->type != LIMN_BF16)
    return TRUE;
  return limn_shape_error (error, task->node, "graphics cards compute in f32 or f16, not in bf16");
}

const LimnVulkanKernel limn_vulkan_cast = { .prepare = cast_prepare, .record = cast_record };
