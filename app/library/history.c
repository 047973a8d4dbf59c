/* Where a picture came from, and what came from it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/history.h"

typedef struct
{
  LimnLibrary *library;
  GHashTable  *known; /* of gint64: what has a node */
  GPtrArray   *nodes;
  guint        left;
} Walk;

static void
node_free (gpointer data)
{
  LimnHistoryNode *node = data;

  limn_facts_free (node->facts);
  g_free (node);
}

/* What is gone, or was met before, gets none. */
static LimnHistoryNode *
add (Walk  *walk,
     gint64 id,
     gint64 parent,
     int    depth)
{
  LimnFacts       *facts;
  LimnHistoryNode *node;

  if (walk->left == 0 || g_hash_table_contains (walk->known, &id))
    return NULL;
  facts = limn_library_facts (walk->library, id, NULL);
  if (facts == NULL)
    return NULL;
  walk->left--;
  node = g_new0 (LimnHistoryNode, 1);
  *node = (LimnHistoryNode){ id, parent, depth, facts };
  g_ptr_array_add (walk->nodes, node);
  g_hash_table_add (walk->known, g_memdup2 (&id, sizeof id));
  return node;
}

static void
add_children (Walk                  *walk,
              const LimnHistoryNode *above)
{
  for (guint i = 0; i < above->facts->children->len; i++)
    {
      LimnHistoryNode *node = add (walk, g_array_index (above->facts->children, gint64, i), above->id, above->depth + 1);

      if (node != NULL)
        add_children (walk, node);
    }
}

/* A generation at a time, so that those next to the picture come first. */
static void
add_ancestors (Walk *walk,
               guint begin)
{
  for (guint at = begin; at < walk->nodes->len; at++)
    {
      const LimnHistoryNode *node = walk->nodes->pdata[at];

      for (guint i = 0; i < node->facts->parents->len; i++)
        add (walk, g_array_index (node->facts->parents, gint64, i), 0, node->depth - 1);
    }
}

static int
by_age (gconstpointer a,
        gconstpointer b)
{
  return (*(LimnHistoryNode *const *) a)->depth - (*(LimnHistoryNode *const *) b)->depth;
}

GPtrArray *
limn_library_history (LimnLibrary *library,
                      gint64       id,
                      guint        most,
                      GError     **error)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func (node_free);
  g_autoptr (GPtrArray) below = g_ptr_array_new_with_free_func (node_free);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Walk             up = { library, known, nodes, most + 1 }, down = { library, known, below, most };
  LimnHistoryNode *self = add (&up, id, 0, 0);

  if (self == NULL)
    {
      g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_NOT_FOUND, "picture %" G_GINT64_FORMAT ": is not in the library", id);
      return NULL;
    }
  add_ancestors (&up, 0);
  g_ptr_array_sort (nodes, by_age);
  add_children (&down, self);
  g_ptr_array_extend_and_steal (nodes, g_steal_pointer (&below));
  return g_steal_pointer (&nodes);
}

typedef struct
{
  gint64 id;
  guint  most;
} Asked;

static void
history_thread (GTask        *task,
                gpointer      library,
                gpointer      data,
                GCancellable *cancellable)
{
  const Asked *asked = data;
  GError      *error = NULL;
  GPtrArray   *nodes = limn_library_history (library, asked->id, asked->most, &error);

  if (nodes != NULL)
    g_task_return_pointer (task, nodes, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
limn_library_history_async (LimnLibrary        *library,
                            gint64              id,
                            guint               most,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            data)
{
  g_autoptr (GTask) task = g_task_new (library, cancellable, callback, data);
  Asked *asked = g_new (Asked, 1);

  *asked = (Asked){ id, most };
  g_task_set_task_data (task, asked, g_free);
  g_task_run_in_thread (task, history_thread);
}

GPtrArray *
limn_library_history_finish (LimnLibrary  *library,
                             GAsyncResult *result,
                             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
