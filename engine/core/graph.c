/* Graph: a model's forward pass, recorded as calls of operations.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/graph.h"

typedef struct
{
  char       *name;
  LimnTensor *tensor;
} NamedTensor;

struct _LimnGraph
{
  LimnType   type;
  GPtrArray *nodes;
  GPtrArray *tensors;
  GArray    *inputs;  /* NamedTensor */
  GArray    *outputs; /* NamedTensor */
  char      *label;
  gboolean   quantised;
  GError    *error;
};

static void
node_free (gpointer data)
{
  LimnNode *node = data;

  g_free (node->label);
  g_free (node);
}

static void
named_tensor_clear (gpointer data)
{
  g_free (((NamedTensor *) data)->name);
}

LimnGraph *
limn_graph_new (LimnType type)
{
  LimnGraph *graph = g_new0 (LimnGraph, 1);

  graph->type = type;
  graph->nodes = g_ptr_array_new_with_free_func (node_free);
  graph->tensors = g_ptr_array_new_with_free_func (g_free);
  graph->inputs = g_array_new (FALSE, TRUE, sizeof (NamedTensor));
  graph->outputs = g_array_new (FALSE, TRUE, sizeof (NamedTensor));
  g_array_set_clear_func (graph->inputs, named_tensor_clear);
  g_array_set_clear_func (graph->outputs, named_tensor_clear);
  return graph;
}

void
limn_graph_free (LimnGraph *graph)
{
  if (graph == NULL)
    return;
  g_ptr_array_unref (graph->nodes);
  g_ptr_array_unref (graph->tensors);
  g_array_unref (graph->inputs);
  g_array_unref (graph->outputs);
  g_free (graph->label);
  g_clear_error (&graph->error);
  g_free (graph);
}

static LimnTensor *
add_tensor (LimnGraph *graph,
            LimnShape  shape,
            LimnType   type)
{
  LimnTensor *tensor = g_new0 (LimnTensor, 1);

  tensor->shape = shape;
  tensor->type = type;
  tensor->id = (int) graph->tensors->len;
  g_ptr_array_add (graph->tensors, tensor);
  return tensor;
}

static void
add_name (GArray     *names,
          const char *name,
          LimnTensor *tensor)
{
  NamedTensor entry = { g_strdup (name), tensor };

  g_array_append_val (names, entry);
}

static LimnTensor *
find_name (GArray     *names,
           const char *name)
{
  for (guint i = 0; i < names->len; i++)
    {
      const NamedTensor *entry = &g_array_index (names, NamedTensor, i);

      if (g_str_equal (entry->name, name))
        return entry->tensor;
    }
  return NULL;
}

LimnTensor *
limn_graph_input (LimnGraph  *graph,
                  const char *name,
                  LimnShape   shape,
                  LimnType    type)
{
  LimnTensor *tensor = add_tensor (graph, shape, type);

  add_name (graph->inputs, name, tensor);
  tensor->name = g_array_index (graph->inputs, NamedTensor, graph->inputs->len - 1).name;
  return tensor;
}

void
limn_graph_output (LimnGraph  *graph,
                   const char *name,
                   LimnTensor *tensor)
{
  add_name (graph->outputs, name, tensor);
}

/* No model has an activation of 2³¹ elements; one that claims to is damaged. */
static gboolean
shape_is_sound (LimnShape shape)
{
  const gint64 limit = G_MAXINT32;

  if (shape.n <= 0 || shape.h <= 0 || shape.w <= 0 || shape.c <= 0)
    return FALSE;
  return (gint64) shape.h * shape.w <= limit && (gint64) shape.h * shape.w * shape.n <= limit / shape.c;
}

static gboolean
infer (LimnGraph *graph,
       LimnNode  *node,
       LimnShape *shape)
{
  if (!node->op->infer (node, shape, &graph->error))
    return FALSE;
  if (!shape_is_sound (*shape))
    return limn_shape_error (&graph->error, node, "a result of %d × %d × %d × %d", shape->n,
                             shape->h, shape->w, shape->c);
  return TRUE;
}

LimnTensor *
limn_graph_add (LimnGraph      *graph,
                const LimnCall *call)
{
  LimnNode *node;
  LimnShape shape = { 1, 1, 1, 1 };
  LimnType  type = graph->type;

  g_assert (call->args_size <= LIMN_MAX_ARGS);
  if (graph->error != NULL)
    return add_tensor (graph, shape, type);

  node = g_new0 (LimnNode, 1);
  g_ptr_array_add (graph->nodes, node);
  node->op = call->op;
  node->quantised = graph->quantised;
  node->label = g_strdup (graph->label != NULL ? graph->label : "");
  if (call->args_size > 0)
    memcpy (node->args.bytes, call->args, call->args_size);
  memcpy (node->weights, call->weights, sizeof node->weights);
  while (node->n_inputs < LIMN_MAX_INPUTS && call->inputs[node->n_inputs] != NULL)
    {
      node->inputs[node->n_inputs] = call->inputs[node->n_inputs];
      node->n_inputs++;
    }

  if (!infer (graph, node, &shape))
    return add_tensor (graph, (LimnShape){ 1, 1, 1, 1 }, type);
  if (node->op->output_type != NULL)
    type = node->op->output_type (node);
  else if (node->n_inputs > 0)
    type = node->inputs[0]->type;
  node->output = add_tensor (graph, shape, type);
  node->output->producer = node;
  return node->output;
}

LimnTensor *
limn_graph_fail (LimnGraph *graph,
                 GError    *error)
{
  if (graph->error == NULL)
    graph->error = error;
  else
    g_error_free (error);
  return add_tensor (graph, (LimnShape){ 1, 1, 1, 1 }, graph->type);
}

gboolean
limn_graph_check (const LimnGraph *graph,
                  GError         **error)
{
  if (graph->error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (graph->error);
  return FALSE;
}

LimnType
limn_graph_type (const LimnGraph *graph)
{
  return graph->type;
}

void
limn_graph_set_label (LimnGraph  *graph,
                      const char *label)
{
  g_free (graph->label);
  graph->label = g_strdup (label);
}

void
limn_graph_set_quantised (LimnGraph *graph,
                          gboolean   quantised)
{
  graph->quantised = quantised;
}

GPtrArray *
limn_graph_nodes (LimnGraph *graph)
{
  return graph->nodes;
}

GPtrArray *
limn_graph_tensors (LimnGraph *graph)
{
  return graph->tensors;
}

LimnTensor *
limn_graph_find_input (LimnGraph  *graph,
                       const char *name)
{
  return find_name (graph->inputs, name);
}

LimnTensor *
limn_graph_find_output (LimnGraph  *graph,
                        const char *name)
{
  return find_name (graph->outputs, name);
}

gboolean
limn_graph_is_output (LimnGraph        *graph,
                      const LimnTensor *tensor)
{
  for (guint i = 0; i < graph->outputs->len; i++)
    if (g_array_index (graph->outputs, NamedTensor, i).tensor == tensor)
      return TRUE;
  return FALSE;
}

gboolean
limn_shape_error (GError        **error,
                  const LimnNode *node,
                  const char     *format,
                  ...)
{
  g_autofree char *what = NULL;
  va_list          args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_SHAPE,
               "the model does not fit together at %s (%s): %s",
               node->label[0] != '\0' ? node->label : "its start", node->op->name, what);
  return FALSE;
}
