/* Operations that compute each element of a row by itself: operands placed, work cut by rows, one shader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/rows.h"

#include "engine/core/arena.h"

#define GROUP 128
#define MAX_GROUPS 16384
#define ALIGNED 0xffffffffu
#define SOFTWARE_SPAN 32

/* As shaders/common/rows.glsl has them. */
typedef struct
{
  guint32 at, sample, row, column;
} PushOperand;

typedef struct
{
  guint32     rows, channels, first, out_at;
  guint32     width, height, wide;
  guint32     arguments[LIMN_VULKAN_ROW_ARGUMENTS];
  PushOperand operands[LIMN_VULKAN_MAX_OPERANDS];
} Push;

G_STATIC_ASSERT (sizeof (Push) <= LIMN_VULKAN_MAX_PUSH);

LimnVulkanRows
limn_vulkan_rows_of (const LimnVulkanTask *task,
                     const char           *name,
                     int                   n)
{
  LimnVulkanRows rows = { .shader = limn_vulkan_shader (name, task->node), .n_operands = n };

  for (int i = 0; i < n; i++)
    rows.operands[i] = (LimnVulkanOperand){ .span = task->inputs[i],
                                            .shape = task->node->inputs[i]->shape,
                                            .element = limn_type_size (task->node->inputs[i]->type) };
  return rows;
}

static gboolean
is_aligned (const LimnVulkanOperand *operand,
            LimnShape                out)
{
  return !operand->whole && limn_shape_rows (operand->shape) == limn_shape_rows (out);
}

/* The part of an aligned operand, or all of one that is broadcast. */
static LimnVulkanSpan
place_operand (const LimnVulkanTask    *task,
               const LimnVulkanOperand *operand,
               gsize                    first,
               gsize                    n,
               PushOperand             *push)
{
  LimnShape      shape = operand->shape, out = task->node->output->shape;
  gsize          row = (gsize) shape.c * operand->element;
  VkDeviceSize   skip;
  LimnVulkanSpan span;

  if (is_aligned (operand, out))
    {
      span = limn_vulkan_cut (task->vulkan, operand->span, first * row, n * row, &skip);
      *push = (PushOperand){ (guint32) (skip / operand->element), ALIGNED, 0, (guint32) shape.c };
      return span;
    }
  span = limn_vulkan_cut (task->vulkan, operand->span, 0, limn_shape_elements (shape) * operand->element, &skip);
  push->at = (guint32) (skip / operand->element);
  push->sample = shape.n == 1 ? 0 : (guint32) (limn_shape_positions (shape) * shape.c);
  push->row = shape.h == 1 ? 0 : (guint32) (shape.w * shape.c);
  push->column = shape.w == 1 ? 0 : (guint32) shape.c;
  /* Learnt positions [1, 1, h · w, c] lie as [1, h, w, c] does. */
  if (shape.h == 1 && out.h > 1 && (gsize) shape.w == limn_shape_positions (out))
    push->row = (guint32) (out.w * shape.c);
  return span;
}

/* Lines of the first input that @n rows of the result read. */
static void
find_source (const LimnVulkanTask *task,
             const LimnVulkanRows *rows,
             gsize                 first,
             gsize                 n,
             gsize                *begin,
             gsize                *end)
{
  gsize width = (gsize) task->node->output->shape.w;

  *begin = rows->source_line (task->node, first / width);
  *end = rows->source_line (task->node, (first + n - 1) / width) + rows->source_lines;
}

static LimnVulkanSpan
place_source (const LimnVulkanTask *task,
              const LimnVulkanRows *rows,
              gsize                 first,
              gsize                 n,
              PushOperand          *push)
{
  const LimnVulkanOperand *operand = &rows->operands[0];
  gsize                    line = (gsize) operand->shape.w * (gsize) operand->shape.c * operand->element, begin, end;
  VkDeviceSize             skip;
  LimnVulkanSpan           span;

  find_source (task, rows, first, n, &begin, &end);
  span = limn_vulkan_cut (task->vulkan, operand->span, begin * line, (end - begin) * line, &skip);
  *push = (PushOperand){ (guint32) (skip / operand->element), (guint32) begin, (guint32) operand->shape.h, (guint32) operand->shape.w };
  return span;
}

static gboolean
record_chunk (const LimnVulkanTask *task,
              const LimnVulkanRows *rows,
              LimnVulkanRecorder   *recorder,
              gsize                 first,
              gsize                 n,
              GError              **error)
{
  LimnShape          out = task->node->output->shape;
  gsize              element = limn_type_size (task->node->output->type), row = (gsize) out.c * element;
  Push               push = { .rows = (guint32) n, .channels = (guint32) out.c, .first = (guint32) first, .width = (guint32) out.w, .height = (guint32) out.h };
  VkDeviceSize       skip;
  gsize              span = limn_vulkan_limits (task->vulkan)->software ? SOFTWARE_SPAN : 1;
  gsize              groups = (n * (((gsize) out.c + span - 1) / span) + GROUP - 1) / GROUP;
  LimnVulkanDispatch dispatch = {
    .shader = rows->shader,
    .constants = { (guint32) span, rows->activations[0], rows->activations[1], rows->activations[2] },
    .n_constants = 4,
    .n_bindings = rows->n_operands + 1,
    .push = &push,
    .push_size = sizeof push,
    .groups = { (guint32) MIN (groups, MAX_GROUPS), 1, 1 },
  };

  for (int i = 0; i < rows->n_operands; i++)
    push.wide |= (guint32) (rows->operands[i].element > element) << i;
  memcpy (push.arguments, rows->arguments, sizeof push.arguments);
  for (int i = 0; i < rows->n_operands; i++)
    dispatch.bindings[i] = (LimnVulkanBinding){ .span = i == 0 && rows->source_line != NULL ? place_source (task, rows, first, n, &push.operands[i])
                                                                                            : place_operand (task, &rows->operands[i], first, n, &push.operands[i]),
                                                .access = LIMN_VULKAN_READ };
  dispatch.bindings[rows->n_operands] = (LimnVulkanBinding){ .span = limn_vulkan_cut (task->vulkan, task->output, first * row, n * row, &skip), .access = LIMN_VULKAN_WRITE };
  push.out_at = (guint32) (skip / element);
  return limn_vulkan_recorder_dispatch (recorder, &dispatch, error);
}

/* Rows for which the part of the first input that they read fits a binding, too. */
static gsize
limit_by_source (const LimnVulkanTask *task,
                 const LimnVulkanRows *rows,
                 gsize                 at_once)
{
  const LimnVulkanOperand *operand = &rows->operands[0];
  gsize                    line = (gsize) operand->shape.w * (gsize) operand->shape.c * operand->element;
  gsize                    limit = limn_vulkan_limits (task->vulkan)->binding, begin, end, n = limn_shape_rows (task->node->output->shape);

  at_once = MIN (at_once, n);
  for (;;)
    {
      gsize most = 0;

      for (gsize first = 0; first < n; first += at_once)
        {
          find_source (task, rows, first, MIN (at_once, n - first), &begin, &end);
          most = MAX (most, end - begin);
        }
      if (at_once == 1 || most * line + LIMN_ARENA_ALIGN <= limit)
        return at_once;
      at_once = (at_once + 1) / 2;
    }
}

gboolean
limn_vulkan_rows_record (const LimnVulkanTask *task,
                         const LimnVulkanRows *rows,
                         LimnVulkanRecorder   *recorder,
                         GError              **error)
{
  LimnShape out = task->node->output->shape;
  gsize     n = limn_shape_rows (out), at_once;
  gsize     row_bytes = (gsize) out.c * limn_type_size (task->node->output->type);

  for (int i = rows->source_line != NULL; i < rows->n_operands; i++)
    if (is_aligned (&rows->operands[i], out))
      row_bytes = MAX (row_bytes, (gsize) rows->operands[i].shape.c * rows->operands[i].element);
  at_once = limn_vulkan_rows_at_once (task->vulkan, row_bytes, out.c, 0);
  if (rows->source_line != NULL)
    at_once = limit_by_source (task, rows, at_once);

  for (gsize first = 0; first < n; first += at_once)
    if (!record_chunk (task, rows, recorder, first, MIN (at_once, n - first), error))
      return FALSE;
  return TRUE;
}
