/* First half times the GELU of the second.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/rows.h"

static gboolean
geglu_record (const LimnVulkanTask *task,
              LimnVulkanRecorder   *recorder,
              GError              **error)
{
  LimnVulkanRows rows = limn_vulkan_rows_of (task, "geglu", 1);

  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

const LimnVulkanKernel limn_vulkan_geglu = { .record = geglu_record };
