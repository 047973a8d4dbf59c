/* Programs of the CPU backend: tasks, one after the other, over one piece of memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/program.h"

#include "engine/cpu/pack.h"

#define ALIGN 64

#include <sys/mman.h>

typedef struct
{
  LimnProgram  program;
  LimnCpuTask *tasks; /* one a node */
  int          n_tasks;
  void       **addresses; /* of each tensor */
  char        *memory;
  gsize        size;
} LimnCpuProgram;

static const LimnCpuKernel *
kernel_of (const LimnBackend *backend,
           const LimnNode    *node)
{
  return node->op->cpu[limn_cpu_level ((const LimnCpu *) backend)];
}

static gboolean
program_in_place (const LimnBackend *backend,
                  const LimnNode    *node)
{
  return kernel_of (backend, node)->in_place;
}

static void
program_free (LimnProgram *program)
{
  LimnCpuProgram *self = (LimnCpuProgram *) program;

  for (int i = 0; i < self->n_tasks; i++)
    {
      const LimnCpuKernel *kernel = kernel_of (program->backend, self->tasks[i].node);

      if (kernel->clear != NULL)
        kernel->clear (&self->tasks[i]);
    }
  if (self->memory != NULL)
    munmap (self->memory, self->size);
  g_free (self->tasks);
  g_free (self->addresses);
  g_free (self);
}

/* Vectors of half floats are too rare on processors to be worth kernels. */
static gboolean
prepare_task (LimnCpuTask         *task,
              const LimnCpuKernel *kernel,
              GError             **error)
{
  const LimnNode *node = task->node;

  if (node->output->type == LIMN_F16 || (node->n_inputs > 0 && node->inputs[0]->type == LIMN_F16))
    return limn_shape_error (error, node, "the processor computes in f32 or bf16, not in f16");
  return kernel->prepare == NULL || kernel->prepare (task, error);
}

/* Room beside the kernel's own scratch for weights that are packed as they are needed. */
static void
reserve_for_stream (LimnProgram *program,
                    LimnCpuTask *task)
{
  if (task->pack == NULL || !task->pack->streamed)
    return;
  task->pack_offset = (task->scratch_size + ALIGN - 1) / ALIGN * ALIGN;
  task->scratch_size = task->pack_offset + task->pack->size;
  program->streamed += task->pack->size;
}

static LimnProgram *
program_prepare (LimnBackend *backend,
                 LimnGraph   *graph,
                 GError     **error)
{
  LimnCpuProgram *self = g_new0 (LimnCpuProgram, 1);
  GPtrArray      *nodes = limn_graph_nodes (graph);

  self->program.backend = backend;
  self->program.graph = graph;
  self->tasks = g_new0 (LimnCpuTask, nodes->len);
  for (guint i = 0; i < nodes->len; i++)
    {
      LimnCpuTask         *task = &self->tasks[i];
      const LimnCpuKernel *kernel = kernel_of (backend, nodes->pdata[i]);

      task->node = nodes->pdata[i];
      task->cpu = (LimnCpu *) backend;
      self->n_tasks++;
      if (!prepare_task (task, kernel, error))
        {
          program_free (&self->program);
          return NULL;
        }
      reserve_for_stream (&self->program, task);
      self->program.scratch_size = MAX (self->program.scratch_size, task->scratch_size);
    }
  return &self->program;
}

static gboolean
map_memory (LimnCpuProgram *self,
            gsize           size,
            GError        **error)
{
  void *memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory == MAP_FAILED)
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY,
                   "not enough memory: this size needs %.1f GB for intermediate results; "
                   "choose a smaller picture",
                   (double) size / 1e9);
      return FALSE;
    }
  madvise (memory, size, MADV_HUGEPAGE);
  self->memory = memory;
  self->size = size;
  return TRUE;
}

static gboolean
program_place (LimnProgram         *program,
               const LimnPlacement *placement,
               GError             **error)
{
  LimnCpuProgram *self = (LimnCpuProgram *) program;
  guint           n = limn_graph_tensors (program->graph)->len;

  if (!map_memory (self, placement->size, error))
    return FALSE;
  self->addresses = g_new (void *, n);
  for (guint t = 0; t < n; t++)
    self->addresses[t] = self->memory + placement->offsets[t];
  for (int i = 0; i < self->n_tasks; i++)
    {
      LimnCpuTask *task = &self->tasks[i];

      for (int k = 0; k < task->node->n_inputs; k++)
        task->inputs[k] = self->addresses[task->node->inputs[k]->id];
      task->output = self->addresses[task->node->output->id];
      task->scratch = self->memory + placement->scratch;
    }
  return TRUE;
}

static void
program_write (LimnProgram      *program,
               const LimnTensor *tensor,
               const float      *values)
{
  LimnCpuProgram *self = (LimnCpuProgram *) program;

  limn_type_from_f32 (tensor->type, values, self->addresses[tensor->id], limn_shape_elements (tensor->shape));
}

static void
program_read (LimnProgram      *program,
              const LimnTensor *tensor,
              float            *values)
{
  LimnCpuProgram *self = (LimnCpuProgram *) program;

  limn_type_to_f32 (tensor->type, self->addresses[tensor->id], values, limn_shape_elements (tensor->shape));
}

static gboolean
program_run (LimnProgram *program,
             GError     **error)
{
  LimnCpuProgram *self = (LimnCpuProgram *) program;

  for (int i = 0; i < self->n_tasks; i++)
    {
      LimnCpuTask    *task = &self->tasks[i];
      const LimnNode *node = task->node;
      gboolean        ok;

      if (!limn_pack_begin (task, (char *) task->scratch + task->pack_offset, error))
        return FALSE;
      ok = kernel_of (program->backend, node)->run (task);
      limn_pack_end (task);
      if (!ok)
        {
          g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_RESULT,
                       "the operation %s at %s failed on this processor; try LIMN_TYPE=f32",
                       node->op->name, node->label);
          return FALSE;
        }
    }
  return TRUE;
}

static void
program_limit_weights (LimnBackend *backend,
                       gsize        more)
{
  LimnPacks *packs = limn_cpu_packs ((LimnCpu *) backend);
  gsize      size = limn_packs_size (packs);

  limn_packs_set_limit (packs, more < G_MAXSIZE - size ? size + more : G_MAXSIZE);
}

const LimnBackendClass limn_cpu_class = {
  .limit_weights = program_limit_weights,
  .in_place = program_in_place,
  .prepare = program_prepare,
  .place = program_place,
  .write = program_write,
  .run = program_run,
  .read = program_read,
  .free = program_free,
};
