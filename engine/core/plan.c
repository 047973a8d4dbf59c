/* Plan: a graph made ready to run: epilogues fused, memory placed, kernels prepared, cost predicted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/plan.h"

#include "engine/core/arena.h"
#include "engine/core/fuse.h"

struct _LimnPlan
{
  LimnGraph   *graph;
  LimnBackend *backend;
  LimnProgram *program;
  LimnPlanCost cost;
};

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
      plan->cost.weights += node->weights[k]->n_elements * limn_type_size (limn_graph_type (plan->graph));
}

static void
add_costs (LimnPlan *plan)
{
  GPtrArray *nodes = limn_graph_nodes (plan->graph);

  for (guint i = 0; i < nodes->len; i++)
    add_cost (plan, nodes->pdata[i]);
  plan->cost.nodes = (int) nodes->len;
}

/* Life of each tensor in steps: inputs and outputs live throughout, since they are written before and read after a run. */
static void
find_lives (LimnPlan  *plan,
            LimnBlock *blocks)
{
  GPtrArray *tensors = limn_graph_tensors (plan->graph);
  GPtrArray *nodes = limn_graph_nodes (plan->graph);
  int        n = (int) nodes->len;

  for (guint t = 0; t < tensors->len; t++)
    {
      const LimnTensor *tensor = tensors->pdata[t];

      blocks[t].size = tensor->producer != NULL || tensor->name != NULL ? limn_tensor_size (tensor) : 0;
      blocks[t].first = tensor->producer != NULL ? G_MAXINT : 0;
      blocks[t].last = tensor->name != NULL || limn_graph_is_output (plan->graph, tensor) ? n : -1;
    }
  for (int i = 0; i < n; i++)
    {
      const LimnNode *node = nodes->pdata[i];

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
  return node->n_inputs > 0 && plan->backend->class->in_place (plan->backend, node) ? node->inputs[0] : NULL;
}

/* @owner[t]: the tensor in whose block tensor t lives. */
static void
share_blocks (LimnPlan  *plan,
              LimnBlock *blocks,
              int       *owner)
{
  GPtrArray *nodes = limn_graph_nodes (plan->graph);

  for (int i = 0; i < (int) nodes->len; i++)
    {
      const LimnNode   *node = nodes->pdata[i];
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

/* Where each tensor goes, beside @scratch_size bytes for whichever kernel runs. @offsets: one a tensor */
static LimnPlacement
find_places (LimnPlan *plan,
             gsize     scratch_size,
             gsize    *offsets)
{
  int                   n = (int) limn_graph_tensors (plan->graph)->len;
  g_autofree LimnBlock *blocks = g_new0 (LimnBlock, n + 1);
  g_autofree int       *owner = g_new (int, n);
  LimnPlacement         placement = { .offsets = offsets };

  for (int t = 0; t < n; t++)
    owner[t] = t;
  find_lives (plan, blocks);
  share_blocks (plan, blocks, owner);
  blocks[n].size = scratch_size;
  blocks[n].last = plan->cost.nodes;

  placement.size = MAX (limn_arena_place (blocks, n + 1, plan->backend->segment), LIMN_ARENA_ALIGN);
  placement.scratch = blocks[n].offset;
  for (int t = 0; t < n; t++)
    offsets[t] = blocks[owner[t]].offset;
  plan->cost.arena = placement.size;
  return placement;
}

static gboolean
place (LimnPlan *plan,
       GError  **error)
{
  g_autofree gsize *offsets = g_new (gsize, limn_graph_tensors (plan->graph)->len);
  LimnPlacement     placement = find_places (plan, plan->program->scratch_size, offsets);

  return plan->backend->class->place (plan->program, &placement, error);
}

/* Fuses, and counts what that leaves. */
static void
measure (LimnPlan *plan)
{
  g_autofree gsize *offsets = g_new (gsize, limn_graph_tensors (plan->graph)->len);

  limn_graph_fuse (plan->graph);
  add_costs (plan);
  plan->cost.bytes += (double) plan->cost.weights;
  find_places (plan, 0, offsets);
}

LimnPlanCost
limn_graph_measure (LimnGraph         *graph,
                    const LimnBackend *backend)
{
  LimnPlan plan = { .graph = graph, .backend = (LimnBackend *) backend };

  if (limn_graph_check (graph, NULL))
    measure (&plan);
  return plan.cost;
}

LimnPlan *
limn_plan_new (LimnGraph   *graph,
               LimnBackend *backend,
               GError     **error)
{
  g_autoptr (LimnPlan) plan = g_new0 (LimnPlan, 1);

  plan->graph = graph;
  plan->backend = backend;
  if (!limn_graph_check (graph, error))
    return NULL;
  measure (plan);
  if (backend->room > 0 && backend->class->limit_weights != NULL)
    backend->class->limit_weights (backend, backend->room - MIN (backend->room, plan->cost.arena + LIMN_SCRATCH));
  plan->program = backend->class->prepare (backend, graph, error);
  if (plan->program == NULL || !place (plan, error))
    return NULL;
  plan->cost.streamed = plan->program->streamed;
  return g_steal_pointer (&plan);
}

void
limn_plan_free (LimnPlan *plan)
{
  if (plan == NULL)
    return;
  if (plan->program != NULL)
    plan->backend->class->free (plan->program);
  limn_graph_free (plan->graph);
  g_free (plan);
}

gboolean
limn_plan_run (LimnPlan *plan,
               GError  **error)
{
  return plan->backend->class->run (plan->program, error);
}

/* --- the host's side --------------------------------------------------------------------------------------------- */

void
limn_plan_write (LimnPlan    *plan,
                 const char  *name,
                 const float *values)
{
  const LimnTensor *tensor = limn_graph_find_input (plan->graph, name);

  g_return_if_fail (tensor != NULL);
  plan->backend->class->write (plan->program, tensor, values);
}

LimnShape
limn_plan_input_shape (LimnPlan   *plan,
                       const char *name)
{
  const LimnTensor *tensor = limn_graph_find_input (plan->graph, name);

  return tensor != NULL ? tensor->shape : (LimnShape){ 0, 0, 0, 0 };
}

gboolean
limn_plan_has_output (LimnPlan   *plan,
                      const char *name)
{
  return limn_graph_find_output (plan->graph, name) != NULL;
}

void
limn_plan_read_into (LimnPlan   *plan,
                     const char *name,
                     float      *values)
{
  const LimnTensor *tensor = limn_graph_find_output (plan->graph, name);

  g_return_if_fail (tensor != NULL);
  plan->backend->class->read (plan->program, tensor, values);
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
