/* Group normalisation: moments of slabs, of groups, then the result.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/arena.h"
#include "engine/ops/ops.h"
#include "engine/vulkan/norm.h"

/* As shaders/common/group-norm.glsl has them. */
#define GROUP 32
#define MAX_GROUPS 16384
#define MOMENTS 3 /* floats of a group in a slab */

/* Places of a slab, at the least, and slabs, at the most. */
#define MIN_SLAB 64
#define MAX_SLABS 256

typedef struct
{
  guint32 rows, channels, groups, slab, slabs, first_slab, all_slabs;
  guint32 x_at, y_at, moments_at;
  float   epsilon;
} Push;

G_STATIC_ASSERT (sizeof (Push) <= LIMN_VULKAN_MAX_PUSH);

static gsize
slab_of (const LimnNode *node)
{
  gsize rows = limn_shape_positions (node->output->shape);

  return MAX ((rows + MAX_SLABS - 1) / MAX_SLABS, MIN_SLAB);
}

static gsize
row_bytes (const LimnNode *node)
{
  return (gsize) node->output->shape.c * limn_type_size (node->output->type);
}

/* Slabs no longer than a binding reaches. */
static gsize
slab_rows (const LimnVulkanTask *task)
{
  return MIN (slab_of (task->node), limn_vulkan_rows_at_once (task->vulkan, row_bytes (task->node), 1, 0));
}

static gsize
slabs_of (const LimnVulkanTask *task)
{
  gsize slab = slab_rows (task);

  return (limn_shape_positions (task->node->output->shape) + slab - 1) / slab;
}

static gboolean
group_norm_prepare (LimnVulkanTask *task,
                    GError        **error)
{
  const LimnGroupNormArgs *args = limn_node_args (task->node);

  task->scratch_size = (slabs_of (task) * MOMENTS + 2) * (gsize) args->groups * sizeof (float);
  return limn_vulkan_vectors_prepare (task, error);
}

static Push
make_push (const LimnVulkanTask *task)
{
  const LimnGroupNormArgs *args = limn_node_args (task->node);
  Push                     push = {
                        .rows = (guint32) limn_shape_positions (task->node->output->shape),
                        .channels = (guint32) task->node->output->shape.c,
                        .groups = (guint32) args->groups,
                        .slab = (guint32) slab_rows (task),
                        .all_slabs = (guint32) slabs_of (task),
                        .epsilon = args->epsilon,
  };

  push.moments_at = push.all_slabs * push.groups * MOMENTS;
  return push;
}

/* @n rows of sample @sample from @first on. */
static LimnVulkanSpan
cut_rows (const LimnVulkanTask *task,
          LimnVulkanSpan        span,
          int                   sample,
          gsize                 first,
          gsize                 n,
          guint32              *at)
{
  gsize          row = row_bytes (task->node), begin = (gsize) sample * limn_shape_positions (task->node->output->shape) + first;
  VkDeviceSize   skip;
  LimnVulkanSpan cut = limn_vulkan_cut (task->vulkan, span, begin * row, n * row, &skip);

  *at = (guint32) (skip / limn_type_size (task->node->output->type));
  return cut;
}

static gboolean
record_slabs (const LimnVulkanTask *task,
              LimnVulkanRecorder   *recorder,
              int                   sample,
              GError              **error)
{
  Push  push = make_push (task);
  gsize at_once = MAX (limn_vulkan_rows_at_once (task->vulkan, row_bytes (task->node), 4.0 * push.channels, 0) / push.slab, 1);

  for (guint32 first = 0; first < push.all_slabs; first += at_once)
    {
      gsize              begin = (gsize) first * push.slab, rows = MIN (at_once * push.slab, push.rows - begin);
      LimnVulkanSpan     x = cut_rows (task, task->inputs[0], sample, begin, rows, &push.x_at);
      LimnVulkanDispatch dispatch = {
        .shader = limn_vulkan_shader ("group-norm-slabs", task->node),
        .bindings = { { .span = x, .access = LIMN_VULKAN_READ }, { .span = task->scratch, .access = LIMN_VULKAN_WRITE } },
        .n_bindings = 2,
        .push = &push,
        .push_size = sizeof push,
        .operations = 4.0 * (double) rows * push.channels,
      };

      push.first_slab = first;
      push.slabs = (guint32) MIN (at_once, push.all_slabs - first);
      dispatch.groups[0] = (push.slabs * push.groups + GROUP - 1) / GROUP;
      dispatch.groups[1] = dispatch.groups[2] = 1;
      if (!limn_vulkan_recorder_dispatch (recorder, &dispatch, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
record_moments (const LimnVulkanTask *task,
                LimnVulkanRecorder   *recorder,
                GError              **error)
{
  const Push         push = make_push (task);
  LimnVulkanDispatch dispatch = {
    .shader = "group-norm-moments-f32",
    .bindings = { { .span = task->scratch, .access = LIMN_VULKAN_READ | LIMN_VULKAN_WRITE } },
    .n_bindings = 1,
    .push = &push,
    .push_size = sizeof push,
    .groups = { (push.groups + GROUP - 1) / GROUP, 1, 1 },
  };

  return limn_vulkan_recorder_dispatch (recorder, &dispatch, error);
}

static gboolean
record_result (const LimnVulkanTask *task,
               LimnVulkanRecorder   *recorder,
               int                   sample,
               GError              **error)
{
  const LimnVulkanVectors *vectors = task->state;
  Push                     push = make_push (task);
  gsize                    all = push.rows, at_once = limn_vulkan_rows_at_once (task->vulkan, row_bytes (task->node), 4.0 * push.channels, 0);

  for (gsize first = 0; first < all; first += at_once)
    {
      gsize              rows = MIN (at_once, all - first);
      LimnVulkanDispatch dispatch = {
        .shader = limn_vulkan_shader ("group-norm", task->node),
        .bindings = { { .span = cut_rows (task, task->inputs[0], sample, first, rows, &push.x_at), .access = LIMN_VULKAN_READ },
                      { .span = task->scratch, .access = LIMN_VULKAN_READ },
                      { .span = vectors->weight->span, .access = LIMN_VULKAN_READ },
                      { .span = vectors->bias->span, .access = LIMN_VULKAN_READ },
                      { .span = cut_rows (task, task->output, sample, first, rows, &push.y_at), .access = LIMN_VULKAN_WRITE } },
        .n_bindings = 5,
        .push = &push,
        .push_size = sizeof push,
        .groups = { (guint32) MIN ((rows * push.channels + GROUP - 1) / GROUP, MAX_GROUPS), 1, 1 },
        .operations = 4.0 * (double) rows * push.channels,
      };

      limn_vulkan_list_activations (task->node, dispatch.constants);
      dispatch.n_constants = LIMN_MAX_EPILOGUES;
      push.rows = (guint32) rows;
      if (!limn_vulkan_recorder_dispatch (recorder, &dispatch, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
group_norm_record (const LimnVulkanTask *task,
                   LimnVulkanRecorder   *recorder,
                   GError              **error)
{
  for (int sample = 0; sample < task->node->output->shape.n; sample++)
    if (!record_slabs (task, recorder, sample, error) || !record_moments (task, recorder, error)
        || !record_result (task, recorder, sample, error))
      return FALSE;
  return TRUE;
}

const LimnVulkanKernel limn_vulkan_group_norm = {
  .prepare = group_norm_prepare,
  .record = group_norm_record,
  .clear = limn_vulkan_vectors_clear,
  .in_place = TRUE,
};
