/* Channels into squares of pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gsize
unpatchify_source (const LimnNode *node,
                   gsize           line)
{
  const LimnPatchArgs *args = limn_node_args (node);

  return line / (gsize) args->size;
}

static gboolean
unpatchify_record (const LimnVulkanTask *task,
                   LimnVulkanRecorder   *recorder,
                   GError              **error)
{
  const LimnPatchArgs *args = limn_node_args (task->node);
  LimnVulkanRows       rows = limn_vulkan_rows_of (task, "unpatchify", 1);

  rows.arguments[0] = (guint32) args->size;
  rows.source_line = unpatchify_source;
  rows.source_lines = 1;
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_unpatchify = { .record = unpatchify_record };
