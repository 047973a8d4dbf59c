/* The calls of the queue: started, stopped, added to, and changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/queue-private.h"

#include "app/queue/inputs.h"

/* One of the calls. */
typedef struct
{
  LimnQueueLock *lock;
  GPtrArray     *requests;
  LimnJobsAction action;
  GArray        *ids;
  gboolean       all;
  gint64         before, priority;
} Call;

static Call *
call_new (const gint64 *ids,
          gsize         n)
{
  Call *call = g_new0 (Call, 1);

  call->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  call->all = ids == NULL;
  if (n > 0)
    g_array_append_vals (call->ids, ids, n);
  return call;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_pointer (&call->lock, limn_queue_lock_free);
  g_clear_pointer (&call->requests, g_ptr_array_unref);
  g_array_unref (call->ids);
  g_free (call);
}

static gboolean
start (LimnQueue *queue,
       gpointer   data,
       GError   **error)
{
  Call *call = data;

  call->lock = limn_queue_lock_take (limn_library_path (queue->library), NULL, error);
  if (call->lock == NULL)
    return FALSE;
  if (limn_jobs_recover (queue->library, error))
    {
      limn_inputs_clean (queue->library);
      return TRUE;
    }

  g_clear_pointer (&call->lock, limn_queue_lock_free);
  return FALSE;
}

static void
on_started (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  LimnQueue *queue = LIMN_QUEUE (source);
  g_autoptr (GTask) task = data;
  GError  *error = NULL;
  gpointer call;

  if (!limn_queue_work_finish (queue, result, &call, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  queue->lock = g_steal_pointer (&((Call *) call)->lock);
  queue->busy = TRUE;
  g_task_return_boolean (task, TRUE);
  limn_queue_next (queue);
}

void
limn_queue_start_async (LimnQueue          *queue,
                        GAsyncReadyCallback callback,
                        gpointer            data)
{
  GTask *task = g_task_new (queue, NULL, callback, data);

  if (queue->lock != NULL)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  limn_queue_work (queue, start, call_new (NULL, 0), call_free, on_started, task);
}

gboolean
limn_queue_start_finish (LimnQueue    *queue,
                         GAsyncResult *result,
                         GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
limn_queue_run_over (LimnQueue    *queue,
                     const GError *error)
{
  g_autoptr (GTask) stop = g_steal_pointer (&queue->stop);

  if (stop != NULL || error != NULL)
    g_clear_pointer (&queue->lock, limn_queue_lock_free);
  if (error != NULL)
    g_signal_emit_by_name (queue, "failed", error);
  if (stop != NULL)
    g_task_return_boolean (stop, TRUE);
  limn_queue_next (queue);
}

void
limn_queue_stop_async (LimnQueue          *queue,
                       GAsyncReadyCallback callback,
                       gpointer            data)
{
  g_autoptr (GTask) task = g_task_new (queue, NULL, callback, data);

  if (queue->stop != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "queue: it is being stopped");
  else if (queue->run == NULL)
    {
      g_clear_pointer (&queue->lock, limn_queue_lock_free);
      g_task_return_boolean (task, TRUE);
    }
  else
    {
      queue->stop = g_object_ref (task);
      limn_queue_run_suspend (queue);
    }
}

gboolean
limn_queue_stop_finish (LimnQueue    *queue,
                        GAsyncResult *result,
                        GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static LimnRequest *
copy_request (const LimnRequest *request)
{
  LimnRequest *copy = g_new0 (LimnRequest, 1);

  limn_request_init (copy);
  limn_request_copy (copy, request);
  return copy;
}

static void
free_request (gpointer data)
{
  limn_request_clear (data);
  g_free (data);
}

static gboolean
add (LimnQueue *queue,
     gpointer   data,
     GError   **error)
{
  Call *call = data;

  for (guint i = 0; i < call->requests->len; i++)
    limn_jobs_complete (call->requests->pdata[i]);
  return limn_jobs_add (queue->library, call->requests, call->priority, call->ids, error);
}

void
limn_queue_add_async (LimnQueue          *queue,
                      const GPtrArray    *requests,
                      gint64              priority,
                      GAsyncReadyCallback callback,
                      gpointer            data)
{
  Call *call = call_new (NULL, 0);

  call->priority = priority;
  call->requests = g_ptr_array_new_with_free_func (free_request);
  for (guint i = 0; i < requests->len; i++)
    g_ptr_array_add (call->requests, copy_request (requests->pdata[i]));
  limn_queue_work (queue, add, call, call_free, callback, data);
}

GArray *
limn_queue_add_finish (LimnQueue    *queue,
                       GAsyncResult *result,
                       GError      **error)
{
  gpointer call;

  return limn_queue_work_finish (queue, result, &call, error) ? g_array_ref (((Call *) call)->ids) : NULL;
}

static gboolean
act (LimnQueue *queue,
     gpointer   data,
     GError   **error)
{
  const Call *call = data;

  return limn_jobs_act (queue->library, call->action, call->all ? NULL : (const gint64 *) call->ids->data, call->ids->len, error);
}

void
limn_queue_act_async (LimnQueue          *queue,
                      LimnJobsAction      action,
                      const gint64       *ids,
                      gsize               n,
                      GAsyncReadyCallback callback,
                      gpointer            data)
{
  Call *call = call_new (ids, n);

  call->action = action;
  limn_queue_work (queue, act, call, call_free, callback, data);
}

static gboolean
move (LimnQueue *queue,
      gpointer   data,
      GError   **error)
{
  const Call *call = data;

  return limn_jobs_move (queue->library, (const gint64 *) call->ids->data, call->ids->len, call->before, error);
}

void
limn_queue_move_async (LimnQueue          *queue,
                       const gint64       *ids,
                       gsize               n,
                       gint64              before,
                       GAsyncReadyCallback callback,
                       gpointer            data)
{
  Call *call = call_new (ids, n);

  call->before = before;
  limn_queue_work (queue, move, call, call_free, callback, data);
}

static gboolean
set_priority (LimnQueue *queue,
              gpointer   data,
              GError   **error)
{
  const Call *call = data;

  return limn_jobs_set_priority (queue->library, (const gint64 *) call->ids->data, call->ids->len, call->priority, error);
}

void
limn_queue_set_priority_async (LimnQueue          *queue,
                               const gint64       *ids,
                               gsize               n,
                               gint64              priority,
                               GAsyncReadyCallback callback,
                               gpointer            data)
{
  Call *call = call_new (ids, n);

  call->priority = priority;
  limn_queue_work (queue, set_priority, call, call_free, callback, data);
}

gboolean
limn_queue_change_finish (LimnQueue    *queue,
                          GAsyncResult *result,
                          GError      **error)
{
  return limn_queue_work_finish (queue, result, NULL, error);
}
