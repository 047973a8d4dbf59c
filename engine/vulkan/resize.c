/* Nearest neighbour.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gsize
resize_source (const LimnNode *node,
               gsize           line)
{
  gsize in = (gsize) node->inputs[0]->shape.h, out = (gsize) node->output->shape.h;

  return line / out * in + line % out * in / out;
}

static gboolean
resize_record (const LimnVulkanTask *task,
               LimnVulkanRecorder   *recorder,
               GError              **error)
{
  LimnVulkanRows rows = limn_vulkan_rows_of (task, "resize", 1);

  rows.source_line = resize_source;
  rows.source_lines = 1;
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_resize = { .record = resize_record };
