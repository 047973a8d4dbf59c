/* Programs of the Vulkan backend: tasks recorded once, submitted for each run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/program.h"

#include "engine/vulkan/memory.h"
#include "engine/vulkan/record.h"

/* What the host writes before a run or reads after it; where device memory is out of its reach, by way of a copy. */
typedef struct
{
  int             tensor;
  LimnVulkanPiece host; /* empty if memory is shared */
} Exchange;

typedef struct
{
  LimnProgram         program;
  LimnVulkan         *vulkan;
  LimnVulkanTask     *tasks; /* one a node */
  int                 n_tasks;
  LimnVulkanPiece    *segments; /* of the memory of intermediates */
  int                 n_segments;
  LimnVulkanPiece    *places; /* of each tensor: no pieces of their own */
  GArray             *exchanges;
  LimnVulkanRecorder *recorder;
} LimnVulkanProgram;

static gboolean
program_in_place (const LimnBackend *backend,
                  const LimnNode    *node)
{
  return node->op->vulkan->in_place;
}

static void
program_free (LimnProgram *program)
{
  LimnVulkanProgram *self = (LimnVulkanProgram *) program;

  limn_vulkan_recorder_free (self->recorder);
  for (int i = 0; i < self->n_tasks; i++)
    if (self->tasks[i].node->op->vulkan->clear != NULL)
      self->tasks[i].node->op->vulkan->clear (&self->tasks[i]);
  for (guint i = 0; i < self->exchanges->len; i++)
    limn_vulkan_deallocate (self->vulkan, &g_array_index (self->exchanges, Exchange, i).host);
  for (int i = 0; i < self->n_segments; i++)
    limn_vulkan_deallocate (self->vulkan, &self->segments[i]);
  g_array_unref (self->exchanges);
  g_free (self->segments);
  g_free (self->places);
  g_free (self->tasks);
  g_free (self);
}

static LimnProgram *
program_prepare (LimnBackend *backend,
                 LimnGraph   *graph,
                 GError     **error)
{
  LimnVulkanProgram *self = g_new0 (LimnVulkanProgram, 1);
  GPtrArray         *nodes = limn_graph_nodes (graph);

  self->program.backend = backend;
  self->program.graph = graph;
  self->vulkan = (LimnVulkan *) backend;
  self->exchanges = g_array_new (FALSE, TRUE, sizeof (Exchange));
  self->tasks = g_new0 (LimnVulkanTask, nodes->len);
  for (guint i = 0; i < nodes->len; i++)
    {
      LimnVulkanTask         *task = &self->tasks[i];
      const LimnVulkanKernel *kernel = ((LimnNode *) nodes->pdata[i])->op->vulkan;

      task->node = nodes->pdata[i];
      task->vulkan = self->vulkan;
      self->n_tasks++;
      if (kernel->prepare != NULL && !kernel->prepare (task, error))
        {
          program_free (&self->program);
          return NULL;
        }
      self->program.scratch_size = MAX (self->program.scratch_size, task->scratch_size);
    }
  return &self->program;
}

/* --- memory ------------------------------------------------------------------------------------------------------ */

static gboolean
take_memory (LimnVulkanProgram *self,
             gsize              size,
             GError           **error)
{
  gsize segment = self->program.backend->segment;
  int   n = (int) ((size + segment - 1) / segment);

  self->segments = g_new0 (LimnVulkanPiece, n);
  for (int i = 0; i < n; i++)
    {
      gsize left = size - (gsize) i * segment;

      if (!limn_vulkan_allocate (self->vulkan, MIN (left, segment), LIMN_VULKAN_MEMORY_DEVICE, &self->segments[i], error))
        return FALSE;
      self->n_segments++;
    }
  return TRUE;
}

static LimnVulkanPiece
place_at (const LimnVulkanProgram *self,
          gsize                    offset,
          gsize                    size)
{
  gsize           segment = self->program.backend->segment;
  LimnVulkanPiece piece = self->segments[offset / segment];

  piece.span.offset += offset % segment;
  piece.span.size = size;
  piece.mapped = piece.mapped != NULL ? piece.mapped + offset % segment : NULL;
  piece.block = NULL;
  return piece;
}

static gboolean
check_sizes (const LimnVulkanProgram *self,
             GError                 **error)
{
  GPtrArray *tensors = limn_graph_tensors (self->program.graph);

  for (guint t = 0; t < tensors->len; t++)
    if (limn_tensor_size (tensors->pdata[t]) > self->program.backend->segment)
      {
        g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY,
                     "the graphics driver gives at most %.1f GB at once and this size needs %.1f GB; choose a smaller picture or LIMN_DEVICE=cpu",
                     (double) self->program.backend->segment / 1e9, (double) limn_tensor_size (tensors->pdata[t]) / 1e9);
        return FALSE;
      }
  return TRUE;
}

static void
place_tasks (LimnVulkanProgram   *self,
             const LimnPlacement *placement)
{
  GPtrArray *tensors = limn_graph_tensors (self->program.graph);

  self->places = g_new0 (LimnVulkanPiece, tensors->len);
  for (guint t = 0; t < tensors->len; t++)
    self->places[t] = place_at (self, placement->offsets[t], limn_tensor_size (tensors->pdata[t]));
  for (int i = 0; i < self->n_tasks; i++)
    {
      LimnVulkanTask *task = &self->tasks[i];

      for (int k = 0; k < task->node->n_inputs; k++)
        task->inputs[k] = self->places[task->node->inputs[k]->id].span;
      task->output = self->places[task->node->output->id].span;
      task->scratch = place_at (self, placement->scratch, task->scratch_size).span;
    }
}

/* --- recording --------------------------------------------------------------------------------------------------- */

static gboolean
add_exchange (LimnVulkanProgram *self,
              const LimnTensor  *tensor,
              GError           **error)
{
  Exchange exchange = { .tensor = tensor->id };
  gboolean shared = self->places[tensor->id].mapped != NULL;

  if (!shared && !limn_vulkan_allocate (self->vulkan, limn_tensor_size (tensor), LIMN_VULKAN_MEMORY_HOST, &exchange.host, error))
    return FALSE;
  g_array_append_val (self->exchanges, exchange);
  return TRUE;
}

/* Copies of all tensors that are inputs (or else outputs) and that the host cannot reach. */
static gboolean
record_exchanges (LimnVulkanProgram *self,
                  gboolean           inputs,
                  GError           **error)
{
  GPtrArray *tensors = limn_graph_tensors (self->program.graph);

  for (guint t = 0; t < tensors->len; t++)
    {
      const LimnTensor *tensor = tensors->pdata[t];
      const Exchange   *exchange;

      if (!(inputs ? tensor->name != NULL : limn_graph_is_output (self->program.graph, tensor)))
        continue;
      if (!add_exchange (self, tensor, error))
        return FALSE;
      exchange = &g_array_index (self->exchanges, Exchange, self->exchanges->len - 1);
      if (exchange->host.block == NULL)
        continue;
      if (!limn_vulkan_recorder_copy (self->recorder, inputs ? exchange->host.span : self->places[t].span,
                                      inputs ? self->places[t].span : exchange->host.span, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
record (LimnVulkanProgram *self,
        GError           **error)
{
  self->recorder = limn_vulkan_recorder_new (self->vulkan);
  if (!record_exchanges (self, TRUE, error))
    return FALSE;
  for (int i = 0; i < self->n_tasks; i++)
    {
      const LimnVulkanTask *task = &self->tasks[i];

      limn_vulkan_recorder_set_node (self->recorder, task->node);
      if (!task->node->op->vulkan->record (task, self->recorder, error))
        return FALSE;
    }
  return record_exchanges (self, FALSE, error) && limn_vulkan_recorder_finish (self->recorder, error);
}

static gboolean
program_place (LimnProgram         *program,
               const LimnPlacement *placement,
               GError             **error)
{
  LimnVulkanProgram *self = (LimnVulkanProgram *) program;

  if (!check_sizes (self, error) || !take_memory (self, placement->size, error))
    return FALSE;
  place_tasks (self, placement);
  return record (self, error);
}

/* --- the host's side --------------------------------------------------------------------------------------------- */

/* Where the host finds the tensor: in shared memory, or its copy. A tensor that is both input and output has two. */
static void *
host_memory (const LimnVulkanProgram *self,
             const LimnTensor        *tensor,
             gboolean                 written)
{
  const Exchange *found = NULL;

  for (guint i = 0; i < self->exchanges->len; i++)
    {
      const Exchange *exchange = &g_array_index (self->exchanges, Exchange, i);

      if (exchange->tensor == tensor->id && (found == NULL || !written))
        found = exchange;
    }
  return found->host.block != NULL ? found->host.mapped : self->places[tensor->id].mapped;
}

static void
program_write (LimnProgram      *program,
               const LimnTensor *tensor,
               const float      *values)
{
  void *memory = host_memory ((LimnVulkanProgram *) program, tensor, TRUE);

  limn_type_from_f32 (tensor->type, values, memory, limn_shape_elements (tensor->shape));
}

static void
program_read (LimnProgram      *program,
              const LimnTensor *tensor,
              float            *values)
{
  const void *memory = host_memory ((LimnVulkanProgram *) program, tensor, FALSE);

  limn_type_to_f32 (tensor->type, memory, values, limn_shape_elements (tensor->shape));
}

static gboolean
program_run (LimnProgram *program,
             GError     **error)
{
  return limn_vulkan_recorder_run (((LimnVulkanProgram *) program)->recorder, error);
}

const LimnBackendClass limn_vulkan_class = {
  .in_place = program_in_place,
  .prepare = program_prepare,
  .place = program_place,
  .write = program_write,
  .run = program_run,
  .read = program_read,
  .free = program_free,
};
