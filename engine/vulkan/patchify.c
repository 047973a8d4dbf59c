/* Squares of pixels into channels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gsize
patchify_source (const LimnNode *node,
                 gsize           line)
{
  const LimnPatchArgs *args = limn_node_args (node);

  return line * (gsize) args->size; /* the heights divide, so samples do too */
}

static gboolean
patchify_record (const LimnVulkanTask *task,
                 LimnVulkanRecorder   *recorder,
                 GError              **error)
{
  const LimnPatchArgs *args = limn_node_args (task->node);
  LimnVulkanRows       rows = limn_vulkan_rows_of (task, "patchify", 1);

  rows.arguments[0] = (guint32) args->size;
  rows.source_line = patchify_source;
  rows.source_lines = (gsize) args->size;
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_patchify = { .record = patchify_record };
