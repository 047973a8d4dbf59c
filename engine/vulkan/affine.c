/* scale · x + shift.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/vulkan.h"

#define GROUP 128

static gboolean
affine_record (const LimnVulkanTask *task,
               LimnVulkanRecorder   *recorder,
               GError              **error)
{
  const LimnAffineArgs *args = limn_node_args (task->node);
  gsize                 element = limn_type_size (task->node->output->type), n = limn_shape_elements (task->node->output->shape);
  gsize                 at_once = limn_vulkan_rows_at_once (task->vulkan, element, 2, GROUP);

  for (gsize first = 0; first < n; first += at_once)
    {
      gsize          count = MIN (at_once, n - first);
      VkDeviceSize   x_at, y_at;
      LimnVulkanSpan x = limn_vulkan_cut (task->vulkan, task->inputs[0], first * element, count * element, &x_at);
      LimnVulkanSpan y = limn_vulkan_cut (task->vulkan, task->output, first * element, count * element, &y_at);
      struct
      {
        guint32 n, x_at, y_at;
        float   scale, shift;
      } push = { count, x_at / element, y_at / element, args->scale, args->shift };
      LimnVulkanDispatch dispatch = { .shader = limn_vulkan_shader ("affine", task->node), .bindings = { { x, LIMN_VULKAN_READ }, { y, LIMN_VULKAN_WRITE } }, .n_bindings = 2, .push = &push, .push_size = sizeof push, .groups = { MIN ((count + GROUP - 1) / GROUP, 65535), 1, 1 }, .operations = 2.0 * count };

      if (!limn_vulkan_recorder_dispatch (recorder, &dispatch, error))
        return FALSE;
    }
  return TRUE;
}

const LimnVulkanKernel limn_vulkan_affine = { .record = affine_record, .in_place = TRUE };
