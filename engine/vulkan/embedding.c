/* Rows of a table chosen by ids; a table larger than a binding is gone through in parts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/rows.h"

typedef struct
{
  LimnVulkanPack *table, *positions;
} Tables;

static void
embedding_clear (LimnVulkanTask *task)
{
  Tables *tables = task->state;

  if (tables == NULL)
    return;
  limn_vulkan_pack_release (task->vulkan, tables->table);
  limn_vulkan_pack_release (task->vulkan, tables->positions);
  g_free (tables);
  task->state = NULL;
}

static gboolean
embedding_prepare (LimnVulkanTask *task,
                   GError        **error)
{
  const LimnNode *node = task->node;
  Tables         *tables = g_new0 (Tables, 1);
  gsize           channels = (gsize) node->output->shape.c;

  task->state = tables;
  tables->table = limn_vulkan_pack_plain (task->vulkan, node->weights[0], node->output->type, channels, error);
  if (tables->table != NULL && node->weights[1] != NULL)
    tables->positions = limn_vulkan_pack_plain (task->vulkan, node->weights[1], node->output->type, channels, error);
  if (tables->table != NULL && (node->weights[1] == NULL || tables->positions != NULL))
    return TRUE;
  embedding_clear (task);
  return FALSE;
}

/* Tokens whose ids lie in @n rows of the table from @first on. */
static gboolean
record_part (const LimnVulkanTask *task,
             LimnVulkanRecorder   *recorder,
             gsize                 first,
             gsize                 n,
             GError              **error)
{
  const Tables         *tables = task->state;
  const LimnTensor     *out = task->node->output;
  const LimnVulkanPack *positions = tables->positions != NULL ? tables->positions : tables->table;
  gsize                 element = limn_type_size (out->type), row = (gsize) out->shape.c * element;
  LimnVulkanRows        rows = limn_vulkan_rows_of (task, "embedding", 1);
  VkDeviceSize          skip;

  rows.operands[1] = (LimnVulkanOperand){ limn_vulkan_cut (task->vulkan, tables->table->span, first * row, n * row, &skip),
                                          { 1, 1, (int) n, out->shape.c },
                                          element,
                                          TRUE };
  rows.operands[1].span.offset += skip;
  rows.operands[2] = (LimnVulkanOperand){ positions->span, { 1, 1, tables->positions != NULL ? out->shape.w : 1, out->shape.c }, element, TRUE };
  rows.n_operands = 3;
  rows.arguments[0] = (guint32) task->node->weights[0]->dims[0];
  rows.arguments[1] = (guint32) first;
  rows.arguments[2] = (guint32) n;
  rows.arguments[3] = tables->positions != NULL;
  return limn_vulkan_rows_record (task, &rows, recorder, error);
}

static gboolean
embedding_record (const LimnVulkanTask *task,
                  LimnVulkanRecorder   *recorder,
                  GError              **error)
{
  const LimnTensor *out = task->node->output;
  gsize             ids = (gsize) task->node->weights[0]->dims[0];
  gsize             at_once = limn_vulkan_rows_at_once (task->vulkan, (gsize) out->shape.c * limn_type_size (out->type), 1, 0);

  for (gsize first = 0; first < ids; first += at_once)
    if (!record_part (task, recorder, first, MIN (at_once, ids - first), error))
      return FALSE;
  return TRUE;
}

const LimnVulkanKernel limn_vulkan_embedding = { .prepare = embedding_prepare, .record = embedding_record, .clear = embedding_clear };
