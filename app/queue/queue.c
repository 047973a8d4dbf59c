/* The queue as an object: its list, its signals, its calls.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/queue-private.h"

#define KEEP_MS 3000
#define LOOK_MS 300

static void limn_queue_be_list (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LimnQueue, limn_queue, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, limn_queue_be_list))

static GType
get_item_type (GListModel *list)
{
  return LIMN_TYPE_QUEUE_JOB;
}

static guint
get_n_items (GListModel *list)
{
  return LIMN_QUEUE (list)->jobs->len;
}

static gpointer
get_item (GListModel *list,
          guint       at)
{
  LimnQueue *queue = LIMN_QUEUE (list);

  return at < queue->jobs->len ? g_object_ref (queue->jobs->pdata[at]) : NULL;
}

static void
limn_queue_be_list (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

/* Work under way has a reference, so there is none any more. */
static void
limn_queue_finalize (GObject *object)
{
  LimnQueue *queue = LIMN_QUEUE (object);

  g_clear_handle_id (&queue->timer, g_source_remove);
  g_thread_pool_free (queue->pool, FALSE, TRUE);
  g_clear_pointer (&queue->lock, limn_queue_lock_free);
  g_hash_table_unref (queue->hashes);
  g_hash_table_unref (queue->by_id);
  g_ptr_array_unref (queue->jobs);
  g_clear_object (&queue->maker);
  g_clear_object (&queue->library);
  G_OBJECT_CLASS (limn_queue_parent_class)->finalize (object);
}

static void
limn_queue_class_init (LimnQueueClass *class)
{
  G_OBJECT_CLASS (class)->finalize = limn_queue_finalize;

  for (int i = 0; i < 3; i++)
    {
      static const char *const names[] = { "job-added", "job-changed", "job-removed" };

      g_signal_new (names[i], LIMN_TYPE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, LIMN_TYPE_QUEUE_JOB);
    }
  g_signal_new ("drained", LIMN_TYPE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("failed", LIMN_TYPE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
limn_queue_init (LimnQueue *queue)
{
  queue->jobs = g_ptr_array_new_with_free_func (g_object_unref);
  queue->by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  queue->hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  queue->keep_ms = KEEP_MS;
  queue->seen = -1;
}

static gboolean
on_look (gpointer data)
{
  LimnQueue *queue = data;

  if (g_thread_pool_unprocessed (queue->pool) == 0)
    limn_queue_work (queue, NULL, NULL, NULL, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

void
limn_queue_set_pace (LimnQueue *queue,
                     guint      keep_ms,
                     guint      preview_ms)
{
  queue->keep_ms = keep_ms;
  queue->preview_ms = preview_ms;
}

LimnQueueJob *
limn_queue_job (LimnQueue *queue,
                gint64     id)
{
  return g_hash_table_lookup (queue->by_id, &id);
}

LimnQueueJob *
limn_queue_running_job (LimnQueue *queue)
{
  return limn_queue_job (queue, limn_queue_run_id (queue));
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return limn_jobs_compare (limn_queue_job_row (*(LimnQueueJob **) a), limn_queue_job_row (*(LimnQueueJob **) b));
}

static guint
place_of (LimnQueue    *queue,
          LimnQueueJob *job)
{
  guint low = 0, high = queue->jobs->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (compare (&queue->jobs->pdata[middle], &job) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
remember (LimnQueue    *queue,
          LimnQueueJob *job)
{
  gint64 id = limn_queue_job_row (job)->id;

  g_hash_table_insert (queue->by_id, g_memdup2 (&id, sizeof id), job);
}

static void
put_in (LimnQueue    *queue,
        LimnQueueJob *job)
{
  guint at = place_of (queue, job);

  g_ptr_array_insert (queue->jobs, at, job);
  g_list_model_items_changed (G_LIST_MODEL (queue), at, 0, 1);
}

/* Returns: (transfer full) */
static LimnQueueJob *
take_out (LimnQueue *queue,
          guint      at)
{
  LimnQueueJob *job = g_ptr_array_steal_index (queue->jobs, at);

  g_list_model_items_changed (G_LIST_MODEL (queue), at, 1, 0);
  return job;
}

static void
change_job (LimnQueue    *queue,
            LimnQueueJob *job,
            LimnJobRow   *row)
{
  guint    at = 0;
  gboolean stays;

  g_ptr_array_find (queue->jobs, job, &at);
  limn_queue_job_take_row (job, row);
  stays = (at == 0 || compare (&queue->jobs->pdata[at - 1], &job) < 0)
          && (at + 1 == queue->jobs->len || compare (&job, &queue->jobs->pdata[at + 1]) < 0);
  if (!stays)
    put_in (queue, take_out (queue, at));
  g_signal_emit_by_name (queue, "job-changed", job);
}

static void
apply_row (LimnQueue  *queue,
           LimnJobRow *row)
{
  LimnQueueJob *job = limn_queue_job (queue, row->id);

  limn_queue_run_look (queue, row);
  if (job != NULL)
    {
      change_job (queue, job, row);
      return;
    }

  job = limn_queue_job_new (row);
  remember (queue, job);
  put_in (queue, job);
  g_signal_emit_by_name (queue, "job-added", job);
}

static void
remove_lost (LimnQueue       *queue,
             const GPtrArray *rows)
{
  g_autoptr (GHashTable) there = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (there, &((LimnJobRow *) rows->pdata[i])->id);
  for (guint i = queue->jobs->len; i-- > 0;)
    {
      gint64 id = limn_queue_job_row (queue->jobs->pdata[i])->id;
      g_autoptr (LimnQueueJob) job = g_hash_table_contains (there, &id) ? NULL : take_out (queue, i);

      if (job == NULL)
        continue;
      g_hash_table_remove (queue->by_id, &id);
      g_signal_emit_by_name (queue, "job-removed", job);
    }
}

/* All at once, for a list that has shown nothing. */
static void
fill (LimnQueue *queue,
      GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      g_ptr_array_add (queue->jobs, limn_queue_job_new (rows->pdata[i]));
      remember (queue, queue->jobs->pdata[i]);
    }
  g_ptr_array_sort (queue->jobs, compare);
  g_list_model_items_changed (G_LIST_MODEL (queue), 0, 0, queue->jobs->len);
  for (guint i = 0; i < queue->jobs->len; i++)
    g_signal_emit_by_name (queue, "job-added", queue->jobs->pdata[i]);
}

void
limn_queue_apply (LimnQueue *queue,
                  GPtrArray *rows,
                  gboolean   whole)
{
  if (whole)
    remove_lost (queue, rows);

  g_ptr_array_set_free_func (rows, NULL); /* the jobs have them */
  if (queue->jobs->len == 0 && rows->len > 0)
    fill (queue, rows);
  else
    for (guint i = 0; i < rows->len; i++)
      apply_row (queue, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
  limn_queue_next (queue);
}

static void run_work (gpointer task,
                      gpointer queue);

LimnQueue *
limn_queue_new (LimnLibrary *library,
                LimnMaker   *maker)
{
  LimnQueue *queue = g_object_new (LIMN_TYPE_QUEUE, NULL);

  queue->library = g_object_ref (library);
  queue->maker = maker != NULL ? g_object_ref (maker) : NULL;
  queue->pool = g_thread_pool_new (run_work, queue, 1, FALSE, NULL);
  queue->timer = g_timeout_add (LOOK_MS, on_look, queue);
  on_look (queue);
  return queue;
}

/* What is done in the pool's thread. */
typedef struct
{
  LimnQueueFunc  func;
  gpointer       data;
  GDestroyNotify free;
  GError        *error;
  GPtrArray     *rows; /* nullable: nothing is known */
  gboolean       whole;
} Work;

static void
work_free (Work *work)
{
  g_clear_error (&work->error);
  g_clear_pointer (&work->rows, g_ptr_array_unref);
  if (work->free != NULL)
    work->free (work->data);
  g_free (work);
}

/* Rows that went leave no trace but their number: then all is read anew. */
static void
look (LimnQueue *queue,
      Work      *work)
{
  gint64 now = queue->seen, count = 0;

  work->rows = limn_jobs_list (queue->library, queue->seen, &now, &count, NULL);
  if (work->rows == NULL)
    return;

  for (guint i = 0; i < work->rows->len; i++)
    if (((LimnJobRow *) work->rows->pdata[i])->id > queue->last_id)
      {
        queue->last_id = ((LimnJobRow *) work->rows->pdata[i])->id;
        queue->known++;
      }
  work->whole = queue->known != count;
  if (work->whole)
    {
      g_ptr_array_unref (work->rows);
      work->rows = limn_jobs_list (queue->library, -1, &now, &count, NULL);
      queue->known = count;
    }
  queue->seen = now;
}

static gboolean
deliver (gpointer data)
{
  GTask     *task = data;
  Work      *work = g_task_get_task_data (task);
  LimnQueue *queue = g_task_get_source_object (task);

  if (work->rows != NULL && (work->rows->len > 0 || work->whole))
    limn_queue_apply (queue, work->rows, work->whole);
  if (work->error != NULL)
    g_task_return_error (task, g_steal_pointer (&work->error));
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

static void
run_work (gpointer data,
          gpointer user)
{
  GTask     *task = data;
  LimnQueue *queue = user;
  Work      *work = g_task_get_task_data (task);
  g_autoptr (GSource) source = g_idle_source_new ();

  if (work->func == NULL || work->func (queue, work->data, &work->error))
    look (queue, work);
  else if (work->error == NULL)
    work->error = g_error_new_literal (LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_FAILED, "queue: the library could not be changed");

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, task, NULL);
  g_source_attach (source, g_task_get_context (task));
}

void
limn_queue_work (LimnQueue          *queue,
                 LimnQueueFunc       func,
                 gpointer            data,
                 GDestroyNotify      free,
                 GAsyncReadyCallback callback,
                 gpointer            callback_data)
{
  GTask *task = g_task_new (queue, NULL, callback, callback_data);
  Work  *work = g_new0 (Work, 1);

  *work = (Work){ .func = func, .data = data, .free = free };
  g_task_set_task_data (task, work, (GDestroyNotify) work_free);
  g_thread_pool_push (queue->pool, task, NULL);
}

gboolean
limn_queue_work_finish (LimnQueue    *queue,
                        GAsyncResult *result,
                        gpointer     *data,
                        GError      **error)
{
  if (data != NULL)
    *data = ((Work *) g_task_get_task_data (G_TASK (result)))->data;
  return g_task_propagate_boolean (G_TASK (result), error);
}
