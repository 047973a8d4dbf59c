/* Fusion: folds activations and additions into the operation before them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/fuse.h"

#include "engine/ops/ops.h"

typedef struct
{
  int       *uses;     /* readers of each tensor; an output counts as one */
  LimnNode **consumer; /* last reader seen of each tensor */
  int       *position; /* of each tensor's producer in the order of computation; -1: an input */
} Readers;

static void
count_readers (LimnGraph *graph,
               Readers   *readers)
{
  GPtrArray *nodes = limn_graph_nodes (graph);
  GPtrArray *tensors = limn_graph_tensors (graph);

  for (guint t = 0; t < tensors->len; t++)
    {
      readers->position[t] = -1;
      readers->uses[t] = limn_graph_is_output (graph, tensors->pdata[t]) ? 1 : 0;
    }
  for (guint i = 0; i < nodes->len; i++)
    {
      LimnNode *node = nodes->pdata[i];

      readers->position[node->output->id] = (int) i;
      for (int k = 0; k < node->n_inputs; k++)
        {
          readers->uses[node->inputs[k]->id]++;
          readers->consumer[node->inputs[k]->id] = node;
        }
    }
}

/* Backwards, so that what only fed a dead node is dead too. */
static void
drop_unread (LimnGraph *graph,
             Readers   *readers)
{
  GPtrArray *nodes = limn_graph_nodes (graph);

  for (guint i = nodes->len; i-- > 0;)
    {
      LimnNode *node = nodes->pdata[i];

      if (readers->uses[node->output->id] > 0)
        continue;
      for (int k = 0; k < node->n_inputs; k++)
        readers->uses[node->inputs[k]->id]--;
      g_ptr_array_remove_index (nodes, i);
    }
}

/* Kernels add one tensor of the result's shape; any number of channel vectors would do, being summed into the bias. */
static gboolean
adds_whole_tensor (const LimnNode *node)
{
  for (int i = 0; i < node->n_epilogues; i++)
    if (node->epilogues[i].kind == LIMN_EPILOGUE_ADD && limn_shape_equal (node->inputs[node->epilogues[i].input]->shape, node->output->shape))
      return TRUE;
  return FALSE;
}

static gboolean
is_channel_vector (const LimnTensor *tensor)
{
  return limn_shape_rows (tensor->shape) == 1;
}

/* The tensor that @add brings to @value, or NULL where the kernels could not apply it. */
static LimnTensor *
addend (const LimnNode   *node,
        const LimnNode   *add,
        const LimnTensor *value)
{
  LimnTensor *other = add->inputs[0] == value ? add->inputs[1] : add->inputs[0];

  if (other == value)
    return NULL;
  if (limn_shape_equal (other->shape, value->shape) && other->type == value->type)
    return adds_whole_tensor (node) ? NULL : other;
  if (add->inputs[0] != value || !is_channel_vector (other) || other->type != value->type)
    return NULL;
  /* A vector joins the bias, which comes before any activation. */
  return node->n_epilogues == 0 ? other : NULL;
}

static gboolean
try_epilogue (LimnNode      *node,
              LimnNode      *next,
              const Readers *readers,
              int            position)
{
  LimnEpilogue *epilogue = &node->epilogues[node->n_epilogues];
  LimnTensor   *other;

  if (node->n_epilogues == LIMN_MAX_EPILOGUES)
    return FALSE;
  if (next->op == &limn_op_activation && (node->op->epilogues & LIMN_EPILOGUE_ACTIVATION))
    {
      epilogue->kind = LIMN_EPILOGUE_ACTIVATION;
      epilogue->activation = ((const LimnActivationArgs *) limn_node_args (next))->kind;
      node->n_epilogues++;
      return TRUE;
    }
  if (next->op != &limn_op_add || !(node->op->epilogues & LIMN_EPILOGUE_ADD) || node->n_inputs == LIMN_MAX_INPUTS)
    return FALSE;
  other = addend (node, next, node->output);
  if (other == NULL || next->n_epilogues > 0 || readers->position[other->id] >= position)
    return FALSE;
  epilogue->kind = LIMN_EPILOGUE_ADD;
  epilogue->input = node->n_inputs;
  node->inputs[node->n_inputs++] = other;
  node->n_epilogues++;
  return TRUE;
}

static void
fuse_after (GPtrArray *nodes,
            guint      i,
            Readers   *readers)
{
  LimnNode *node = nodes->pdata[i];

  while (readers->uses[node->output->id] == 1 && readers->consumer[node->output->id] != NULL)
    {
      LimnNode *next = readers->consumer[node->output->id];

      if (!try_epilogue (node, next, readers, (int) i))
        return;
      /* The addend is now read here instead of there: its count stays, its last reader may move. */
      if (node->epilogues[node->n_epilogues - 1].kind == LIMN_EPILOGUE_ADD)
        readers->consumer[node->inputs[node->n_inputs - 1]->id] = node;
      node->output = next->output;
      node->output->producer = node;
      readers->position[node->output->id] = (int) i;
      next->output = NULL;
    }
}

void
limn_graph_fuse (LimnGraph *graph)
{
  GPtrArray            *nodes = limn_graph_nodes (graph);
  guint                 n = limn_graph_tensors (graph)->len;
  g_autofree int       *uses = g_new0 (int, n);
  g_autofree LimnNode **consumer = g_new0 (LimnNode *, n);
  g_autofree int       *position = g_new0 (int, n);
  Readers               readers = { uses, consumer, position };

  count_readers (graph, &readers);
  drop_unread (graph, &readers);
  memset (consumer, 0, n * sizeof *consumer);
  count_readers (graph, &readers);

  for (guint i = 0; i < nodes->len; i++)
    if (((LimnNode *) nodes->pdata[i])->output != NULL && ((LimnNode *) nodes->pdata[i])->op->epilogues != 0)
      fuse_after (nodes, i, &readers);
  for (guint i = nodes->len; i-- > 0;)
    if (((LimnNode *) nodes->pdata[i])->output == NULL)
      g_ptr_array_remove_index (nodes, i);
}
