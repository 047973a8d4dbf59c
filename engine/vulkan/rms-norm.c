/* Root mean square normalisation of runs of channels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/norm.h"

typedef struct
{
  guint32 rows, channels, x_at, y_at;
  float   epsilon;
} Push;

static gboolean
record_runs (const LimnVulkanTask *task,
             LimnVulkanRecorder   *recorder,
             gsize                 first,
             gsize                 n,
             GError              **error)
{
  const LimnNormArgs      *args = limn_node_args (task->node);
  const LimnVulkanVectors *vectors = task->state;
  gsize                    channels = task->node->weights[0]->n_elements, element = limn_type_size (task->node->output->type), run = channels * element;
  VkDeviceSize             x_at, y_at;
  LimnVulkanSpan           x = limn_vulkan_cut (task->vulkan, task->inputs[0], first * run, n * run, &x_at);
  LimnVulkanSpan           y = limn_vulkan_cut (task->vulkan, task->output, first * run, n * run, &y_at);
  const Push               push = { (guint32) n, (guint32) channels, (guint32) (x_at / element), (guint32) (y_at / element), args->epsilon };
  LimnVulkanDispatch       dispatch = {
          .shader = limn_vulkan_shader ("rms-norm", task->node),
          .bindings = { { .span = x, .access = LIMN_VULKAN_READ }, { .span = vectors->weight->span, .access = LIMN_VULKAN_READ }, { .span = y, .access = LIMN_VULKAN_WRITE } },
          .n_bindings = 3,
          .push = &push,
          .push_size = sizeof push,
  };

  limn_vulkan_share_rows (task, n, channels, &dispatch);
  return limn_vulkan_recorder_dispatch (recorder, &dispatch, error);
}

static gboolean
rms_norm_record (const LimnVulkanTask *task,
                 LimnVulkanRecorder   *recorder,
                 GError              **error)
{
  gsize channels = task->node->weights[0]->n_elements, n = limn_shape_elements (task->node->output->shape) / channels;
  gsize at_once = limn_vulkan_rows_at_once (task->vulkan, channels * limn_type_size (task->node->output->type), 4.0 * (double) channels, 0);

  for (gsize first = 0; first < n; first += at_once)
    if (!record_runs (task, recorder, first, MIN (at_once, n - first), error))
      return FALSE;
  return TRUE;
}

const LimnVulkanKernel limn_vulkan_rms_norm = {
  .prepare = limn_vulkan_vectors_prepare,
  .record = rms_norm_record,
  .clear = limn_vulkan_vectors_clear,
  .in_place = TRUE,
};
