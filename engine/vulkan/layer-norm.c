/* Layer normalisation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/vulkan/norm.h"

typedef struct
{
  guint32 rows, channels, x_at, y_at, has_weight, has_bias;
  float   epsilon;
} Push;

static gboolean
record_rows (const LimnVulkanTask *task,
             LimnVulkanRecorder   *recorder,
             gsize                 first,
             gsize                 n,
             GError              **error)
{
  const LimnNormArgs      *args = limn_node_args (task->node);
  const LimnVulkanVectors *vectors = task->state;
  gsize                    channels = (gsize) task->node->output->shape.c, element = limn_type_size (task->node->output->type), row = channels * element;
  VkDeviceSize             x_at, y_at;
  LimnVulkanSpan           x = limn_vulkan_cut (task->vulkan, task->inputs[0], first * row, n * row, &x_at);
  LimnVulkanSpan           y = limn_vulkan_cut (task->vulkan, task->output, first * row, n * row, &y_at);
  Push                     push = { .rows = (guint32) n, .channels = (guint32) channels, .x_at = (guint32) (x_at / element), .y_at = (guint32) (y_at / element), .has_weight = vectors->weight != NULL, .has_bias = vectors->bias != NULL, .epsilon = args->epsilon };
  LimnVulkanDispatch       dispatch = {
          .shader = limn_vulkan_shader ("layer-norm", task->node),
          .bindings = { { .span = x, .access = LIMN_VULKAN_READ },
                        { .span = vectors->weight != NULL ? vectors->weight->span : x, .access = LIMN_VULKAN_READ },
                        { .span = vectors->bias != NULL ? vectors->bias->span : x, .access = LIMN_VULKAN_READ },
                        { .span = y, .access = LIMN_VULKAN_WRITE } },
          .n_bindings = 4,
          .push = &push,
          .push_size = sizeof push,
  };

  limn_vulkan_share_rows (task, n, channels, &dispatch);
  limn_vulkan_list_activations (task->node, dispatch.constants + dispatch.n_constants);
  dispatch.n_constants += LIMN_MAX_EPILOGUES;
  return limn_vulkan_recorder_dispatch (recorder, &dispatch, error);
}

static gboolean
layer_norm_record (const LimnVulkanTask *task,
                   LimnVulkanRecorder   *recorder,
                   GError              **error)
{
  LimnShape shape = task->node->output->shape;
  gsize     n = limn_shape_rows (shape), at_once = limn_vulkan_rows_at_once (task->vulkan, (gsize) shape.c * limn_type_size (task->node->output->type), 8.0 * shape.c, 0);

  for (gsize first = 0; first < n; first += at_once)
    if (!record_rows (task, recorder, first, MIN (at_once, n - first), error))
      return FALSE;
  return TRUE;
}

const LimnVulkanKernel limn_vulkan_layer_norm = {
  .prepare = limn_vulkan_vectors_prepare,
  .record = layer_norm_record,
  .clear = limn_vulkan_vectors_clear,
  .in_place = TRUE,
};
