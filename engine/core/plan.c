/* Plan: a graph made ready to run: epilogues fused, memory placed, kernels prepared, cost predicted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/plan.h"

#include "engine/core/arena.h"
#include "engine/core/fuse.h"

#include <sys/mman.h>

struct _LimnPlan
{
  LimnGraph   *graph;
  LimnCpu     *cpu;
  LimnCpuTask *tasks; /* one a node */
  int          n_tasks;
  void       **addresses; /* of each tensor */
  char        *arena;
  gsize        arena_size;
  LimnPlanCost cost;
};

static const LimnCpuKernel *
kernel_of (const LimnPlan *plan,
           const LimnNode *node)
{
  return node->op->cpu[limn_cpu_level (plan->cpu)];
}

/* Bytes and operations: what memory and the multipliers have to do at the least. */
static void
add_cost (LimnPlan       *plan,
          const LimnNode *node)
{
  double elements = (double) limn_shape_elements (node->output->shape);

  plan->cost.operations += node->op->operations != NULL ? node->op->operations (node) : elements;
  plan->cost.bytes += (double) limn_tensor_size (node->output);
  for (int k = 0; k < node->n_inputs; k++)
    plan->cost.bytes += (double) limn_tensor_size (node->inputs[k]);
  for (int k = 0; k < LIMN_MAX_NODE_WEIGHTS; k++)
    if (node->weights[k] != NULL)
      plan->cost.bytes += (double) node->weights[k]->n_elements * (double) limn_type_size (limn_graph_type (plan->graph));
}

static gboolean
prepare_tasks (LimnPlan *plan,
               GError  **error)
{
  GPtrArray *nodes = limn_graph_nodes (plan->graph);

  plan->tasks = g_new0 (LimnCpuTask, nodes->len);
  for (guint i = 0; i < nodes->len; i++)
    {
      LimnCpuTask         *task = &plan->tasks[i];
      const LimnCpuKernel *kernel = kernel_of (plan, nodes->pdata[i]);

      task->node = nodes->pdata[i];
      task->cpu = plan->cpu;
      plan->n_tasks++;
      add_cost (plan, task->node);
      if (kernel->prepare != NULL && !kernel->prepare (task, error))
        return FALSE;
    }
  plan->cost.nodes = plan->n_tasks;
  return TRUE;
}

/* Life of each tensor in steps: inputs and outputs live throughout, since they are written before and read after a run. */
static void
find_lives (LimnPlan  *plan,
            LimnBlock *blocks)
{
  GPtrArray *tensors = limn_graph_tensors (plan->graph);

  for (guint t = 0; t < tensors->len; t++)
    {
      const LimnTensor *tensor = tensors->pdata[t];

      blocks[t].size = tensor->producer != NULL || tensor->name != NULL ? limn_tensor_size (tensor) : 0;
      blocks[t].first = tensor->producer != NULL ? G_MAXINT : 0;
      blocks[t].last = tensor->name != NULL || limn_graph_is_output (plan->graph, tensor)
                           ? plan->n_tasks
                           : -1;
    }
  for (int i = 0; i < plan->n_tasks; i++)
    {
      const LimnNode *node = plan->tasks[i].node;

      blocks[node->output->id].first = i;
      blocks[node->output->id].last = MAX (blocks[node->output->id].last, i);
      for (int k = 0; k < node->n_inputs; k++)
        blocks[node->inputs[k]->id].last = MAX (blocks[node->inputs[k]->id].last, i);
    }
}

/* The input whose memory the output may take: the tensor it is added to, or the first of an in-place kernel. */
static const LimnTensor *
in_place_candidate (const LimnPlan *plan,
                    const LimnNode *node)
{
  for (int e = 0; e < node->n_epilogues; e++)
    if (node->epilogues[e].kind == LIMN_EPILOGUE_ADD)
      {
        const LimnTensor *added = node->inputs[node->epilogues[e].input];

        if (limn_shape_equal (added->shape, node->output->shape))
          return added;
      }
  return kernel_of (plan, node)->in_place && node->n_inputs > 0 ? node->inputs[0] : NULL;
}

/* @owner[t]: the tensor in whose block tensor t lives. */
static void
share_blocks (LimnPlan  *plan,
              LimnBlock *blocks,
              int       *owner)
{
  for (int i = 0; i < plan->n_tasks; i++)
    {
      const LimnNode   *node = plan->tasks[i].node;
      const LimnTensor *input = in_place_candidate (plan, node);
      int               to = node->output->id, from;
      int               readers = 0;

      if (input == NULL || input->producer == NULL || limn_tensor_size (input) != limn_tensor_size (node->output))
        continue;
      for (int k = 0; k < node->n_inputs; k++)
        readers += node->inputs[k] == input;
      from = owner[input->id];
      if (readers != 1 || blocks[from].last != i)
        continue;
      owner[to] = from;
      blocks[from].last = blocks[to].last;
      blocks[to].size = 0;
    }
}

static gboolean
map_arena (LimnPlan *plan,
           GError  **error)
{
  void *memory = mmap (NULL, plan->arena_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory == MAP_FAILED)
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY,
                   "not enough memory: this size needs %.1f GB for intermediate results; "
                   "choose a smaller picture",
                   (double) plan->arena_size / 1e9);
      return FALSE;
    }
  madvise (memory, plan->arena_size, MADV_HUGEPAGE);
  plan->arena = memory;
  return TRUE;
}

static gboolean
place (LimnPlan *plan,
       GError  **error)
{
  int                   n = (int) limn_graph_tensors (plan->graph)->len;
  g_autofree LimnBlock *blocks = g_new0 (LimnBlock, n + 1);
  g_autofree int       *owner = g_new (int, n);

  for (int t = 0; t < n; t++)
    owner[t] = t;
  find_lives (plan, blocks);
  share_blocks (plan, blocks, owner);
  blocks[n].last = plan->n_tasks; /* scratch of whichever kernel runs */
  for (int i = 0; i < plan->n_tasks; i++)
    blocks[n].size = MAX (blocks[n].size, plan->tasks[i].scratch_size);

  plan->arena_size = MAX (limn_arena_place (blocks, n + 1), LIMN_ARENA_ALIGN);
  plan->cost.arena = plan->arena_size;
  if (!map_arena (plan, error))
    return FALSE;
  plan->addresses = g_new (void *, n);
  for (int t = 0; t < n; t++)
    plan->addresses[t] = plan->arena + blocks[owner[t]].offset;
  for (int i = 0; i < plan->n_tasks; i++)
    {
      LimnCpuTask *task = &plan->tasks[i];

      for (int k = 0; k < task->node->n_inputs; k++)
        task->inputs[k] = plan->addresses[task->node->inputs[k]->id];
      task->output = plan->addresses[task->node->output->id];
      task->scratch = plan->arena + blocks[n].offset;
    }
  return TRUE;
}

LimnPlan *
limn_plan_new (LimnGraph *graph,
               LimnCpu   *cpu,
               GError   **error)
{
  g_autoptr (LimnPlan) plan = g_new0 (LimnPlan, 1);

  plan->graph = graph;
  plan->cpu = cpu;
  if (!limn_graph_check (graph, error))
    return NULL;
  limn_graph_fuse (graph);
  if (!prepare_tasks (plan, error) || !place (plan, error))
    return NULL;
  return g_steal_pointer (&plan);
}

void
limn_plan_free (LimnPlan *plan)
{
  if (plan == NULL)
    return;
  for (int i = 0; i < plan->n_tasks; i++)
    {
      const LimnCpuKernel *kernel = kernel_of (plan, plan->tasks[i].node);

      if (kernel->clear != NULL)
        kernel->clear (&plan->tasks[i]);
    }
  if (plan->arena != NULL)
    munmap (plan->arena, plan->arena_size);
  g_free (plan->tasks);
  g_free (plan->addresses);
  limn_graph_free (plan->graph);
  g_free (plan);
}

gboolean
limn_plan_run (LimnPlan *plan,
               GError  **error)
{
  for (int i = 0; i < plan->n_tasks; i++)
    {
      LimnCpuTask *task = &plan->tasks[i];

      if (!kernel_of (plan, task->node)->run (task))
        {
          g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_RESULT,
                       "the operation %s at %s failed on this processor; try LIMN_TYPE=f32",
                       task->node->op->name, task->node->label);
          return FALSE;
        }
    }
  return TRUE;
}

/* --- the host's side --------------------------------------------------------------------------------------------- */

static void
store (LimnType     type,
       const float *from,
       void        *to,
       gsize        n)
{
  if (type == LIMN_F32)
    memcpy (to, from, n * sizeof *from);
  else if (type == LIMN_BF16)
    for (gsize i = 0; i < n; i++)
      ((guint16 *) to)[i] = limn_bf16_from_f32 (from[i]);
  else
    for (gsize i = 0; i < n; i++)
      ((gint32 *) to)[i] = (gint32) from[i];
}

void
limn_plan_write (LimnPlan    *plan,
                 const char  *name,
                 const float *values)
{
  const LimnTensor *tensor = limn_graph_find_input (plan->graph, name);

  g_return_if_fail (tensor != NULL);
  store (tensor->type, values, plan->addresses[tensor->id], limn_shape_elements (tensor->shape));
}

LimnShape
limn_plan_input_shape (LimnPlan   *plan,
                       const char *name)
{
  const LimnTensor *tensor = limn_graph_find_input (plan->graph, name);

  return tensor != NULL ? tensor->shape : (LimnShape){ 0, 0, 0, 0 };
}

void
limn_plan_read_into (LimnPlan   *plan,
                     const char *name,
                     float      *values)
{
  const LimnTensor *tensor = limn_graph_find_output (plan->graph, name);

  g_return_if_fail (tensor != NULL);
  limn_type_to_f32 (tensor->type, plan->addresses[tensor->id], values,
                    limn_shape_elements (tensor->shape));
}

LimnArray *
limn_plan_read (LimnPlan   *plan,
                const char *name)
{
  const LimnTensor *tensor = limn_graph_find_output (plan->graph, name);
  LimnArray        *array;

  g_return_val_if_fail (tensor != NULL, NULL);
  array = limn_array_new (tensor->shape);
  limn_plan_read_into (plan, name, array->data);
  return array;
}

LimnPlanCost
limn_plan_cost (const LimnPlan *plan)
{
  return plan->cost;
}
