/* The queue at work: one job after the other is begun, kept, paused, and ends in the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/queue-private.h"

/*
 * claim (pool) → make (maker) → finish or end (pool) → over. What is wanted of the job meanwhile is in @end: RUNNING where nothing is. A job that is to
 * stop is held; when the maker says that it is, its state is kept and the maker's work is dropped.
 */
struct _LimnQueueRun
{
  LimnQueue    *queue;
  LimnJobRow   *row;   /* nullable: none was found */
  GBytes       *state; /* nullable: what it goes on from */
  GCancellable *cancel;
  LimnJobState  end, becomes; /* @becomes: for the pool's thread, once it is certain */
  gboolean      stepped, dropped;
  GError       *error; /* of the maker */
};

static void
run_free (LimnQueueRun *run)
{
  g_clear_pointer (&run->row, limn_job_row_free);
  g_clear_pointer (&run->state, g_bytes_unref);
  g_clear_object (&run->cancel);
  g_clear_error (&run->error);
  g_object_unref (run->queue);
  g_free (run);
}

gint64
limn_queue_run_id (LimnQueue *queue)
{
  return queue->run != NULL && queue->run->row != NULL ? queue->run->row->id : 0;
}

/* What it was begun for is dropped; a picture that is whole by then counts all the same. */
static void
drop (LimnQueueRun *run)
{
  run->dropped = TRUE;
  g_cancellable_cancel (run->cancel);
}

/* Before its first step there is nothing new to keep. */
static void
want (LimnQueueRun *run,
      LimnJobState  end)
{
  LimnMaker *maker = run->queue->maker;

  if (run->dropped || run->end == end)
    return;

  run->end = end;
  if (end == LIMN_JOB_RUNNING)
    LIMN_MAKER_GET_IFACE (maker)->hold (maker, FALSE);
  else if (end == LIMN_JOB_CANCELLED || !run->stepped)
    drop (run);
  else
    LIMN_MAKER_GET_IFACE (maker)->hold (maker, TRUE);
}

/* While the queue stops, a job that is resumed waits for the next time. */
void
limn_queue_run_look (LimnQueue        *queue,
                     const LimnJobRow *row)
{
  if (limn_queue_run_id (queue) != row->id || row->state != LIMN_JOB_RUNNING)
    return;
  if (row->wish == LIMN_JOB_RUNNING && queue->stop != NULL)
    return;

  want (queue->run, row->wish);
}

gboolean
limn_queue_run_suspend (LimnQueue *queue)
{
  if (queue->run == NULL)
    return FALSE;

  if (queue->run->end == LIMN_JOB_RUNNING)
    want (queue->run, LIMN_JOB_QUEUED);
  return TRUE;
}

typedef struct
{
  gint64  id;
  int     step, steps;
  GBytes *state;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *keeping = data;

  g_bytes_unref (keeping->state);
  g_free (keeping);
}

/* A state that cannot be written is no reason to stop: the older one is there still. */
static gboolean
keep (LimnQueue *queue,
      gpointer   data,
      GError   **error)
{
  const Keeping *keeping = data;
  g_autoptr (GError) why = NULL;

  if (!limn_jobs_keep (queue->library, keeping->id, keeping->step, keeping->steps, keeping->state, &why))
    g_debug ("queue: the state of job %" G_GINT64_FORMAT " is not kept: %s", keeping->id, why->message);
  return TRUE;
}

static void
on_progress (const LimnEngineProgress *progress,
             gpointer                  data)
{
  LimnQueueRun *run = data;
  LimnQueueJob *job = limn_queue_running_job (run->queue);
  Keeping      *keeping;

  run->stepped |= progress->steps > 0 && g_str_equal (progress->stage, "sample");
  if (job != NULL)
    limn_queue_job_progress (job, progress->stage, progress->step, progress->steps, progress->seconds_left, progress->preview);
  if (progress->saved != NULL)
    {
      keeping = g_new (Keeping, 1);
      *keeping = (Keeping){ run->row->id, progress->step, progress->steps, g_bytes_ref (progress->saved) };
      limn_queue_work (run->queue, keep, keeping, keeping_free, NULL, NULL);
    }
  if (run->end != LIMN_JOB_RUNNING && progress->saved != NULL && g_str_equal (progress->stage, "paused"))
    drop (run);
}

static void
over (LimnQueueRun *run,
      const GError *error)
{
  g_autoptr (LimnQueue) queue = g_object_ref (run->queue);

  queue->run = NULL;
  run_free (run);
  limn_queue_run_over (queue, error);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (GError) error = NULL;

  limn_queue_work_finish (LIMN_QUEUE (source), result, NULL, &error);
  over (data, error);
}

/* A job that was gone on with and failed before its first step may have a state that is of no use: it is begun from the beginning. */
static gboolean
end_job (LimnQueue *queue,
         gpointer   data,
         GError   **error)
{
  LimnQueueRun *run = data;
  gint64        id = run->row->id;
  gboolean      stale = run->error != NULL && run->state != NULL && !run->stepped;

  if (run->error == NULL)
    return limn_jobs_end (queue->library, id, run->becomes, NULL, error);
  if (stale)
    return limn_jobs_forget (queue->library, id, error) && limn_jobs_end (queue->library, id, LIMN_JOB_QUEUED, NULL, error);

  return limn_jobs_end (queue->library, id, LIMN_JOB_FAILED, run->error->message, error);
}

static void
end (LimnQueueRun *run)
{
  run->becomes = run->end == LIMN_JOB_RUNNING ? LIMN_JOB_QUEUED : run->end;
  limn_queue_work (run->queue, end_job, run, NULL, on_written, run);
}

static void
finish_free (gpointer data)
{
  LimnQueueFinish *finish = data;

  limn_engine_result_free (finish->result);
  g_free (finish);
}

/* The row stays the run's. */
static void
on_made (GObject      *source,
         GAsyncResult *answer,
         gpointer      data)
{
  LimnQueueRun     *run = data;
  LimnMaker        *maker = run->queue->maker;
  LimnQueueFinish  *finish;
  LimnEngineResult *result = LIMN_MAKER_GET_IFACE (maker)->make_finish (maker, answer, &run->error);

  LIMN_MAKER_GET_IFACE (maker)->hold (maker, FALSE);
  if (result == NULL)
    {
      if (run->dropped || g_error_matches (run->error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED))
        g_clear_error (&run->error);
      end (run);
      return;
    }

  finish = g_new0 (LimnQueueFinish, 1);
  *finish = (LimnQueueFinish){ .row = run->row, .result = result, .memory = run->row->memory };
  limn_queue_work (run->queue, limn_queue_finish_job, finish, finish_free, on_written, run);
}

static void
make (LimnQueueRun *run)
{
  LimnQueue    *queue = run->queue;
  LimnEngineJob job = {
    .request = &run->row->request,
    .resume = run->state,
    .keep_ms = queue->keep_ms,
    .preview_ms = queue->preview_ms,
    .progress = on_progress,
    .progress_data = run,
  };

  LIMN_MAKER_GET_IFACE (queue->maker)->make_async (queue->maker, &job, run->cancel, on_made, run);
}

static void
on_claimed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  LimnQueueRun *run = data;
  g_autoptr (GError) error = NULL;

  if (!limn_queue_work_finish (LIMN_QUEUE (source), result, NULL, &error) || run->row == NULL)
    over (run, error);
  else if (run->end != LIMN_JOB_RUNNING)
    end (run);
  else
    make (run);
}

static gboolean
claim (LimnQueue *queue,
       gpointer   data,
       GError   **error)
{
  LimnQueueRun *run = data;

  return limn_jobs_claim (queue->library, &run->row, &run->state, error);
}

static gboolean
one_waits (LimnQueue *queue)
{
  for (guint i = 0; i < queue->jobs->len; i++)
    if (limn_queue_job_row (queue->jobs->pdata[i])->state == LIMN_JOB_QUEUED)
      return TRUE;

  return FALSE;
}

void
limn_queue_next (LimnQueue *queue)
{
  LimnQueueRun *run;

  if (queue->lock == NULL || queue->maker == NULL || queue->run != NULL || queue->stop != NULL)
    return;
  if (!one_waits (queue))
    {
      if (queue->busy)
        g_signal_emit_by_name (queue, "drained");
      queue->busy = FALSE;
      return;
    }

  run = g_new0 (LimnQueueRun, 1);
  *run = (LimnQueueRun){ .queue = g_object_ref (queue), .cancel = g_cancellable_new (), .end = LIMN_JOB_RUNNING };
  queue->run = run;
  queue->busy = TRUE;
  limn_queue_work (queue, claim, run, NULL, on_claimed, run);
}
