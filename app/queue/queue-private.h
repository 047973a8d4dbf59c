/* What the files of LimnQueue share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/queue/lock.h"
#include "app/queue/queue.h"

G_BEGIN_DECLS

/* The job that runs, or the attempt to find one. */
typedef struct _LimnQueueRun LimnQueueRun;

struct _LimnQueue
{
  GObject      parent;
  LimnLibrary *library;
  LimnMaker   *maker; /* nullable */
  GThreadPool *pool;  /* one thread: writes in the order of the calls */
  GPtrArray   *jobs;  /* LimnQueueJob, sorted */
  GHashTable  *by_id; /* &id → LimnQueueJob */
  guint        timer;
  guint        keep_ms, preview_ms;

  /* the pool's thread's */
  gint64      seen, last_id, known;
  GHashTable *hashes; /* path → a model's hash, "" where it has none */

  LimnQueueLock *lock; /* nullable: it does not work */
  LimnQueueRun  *run;  /* nullable */
  GTask         *stop; /* nullable: who waits for the end of @run */
  gboolean       busy; /* "drained" is still to come */
};

/* Runs in the pool's thread. */
typedef gboolean (*LimnQueueFunc) (LimnQueue *queue,
                                   gpointer   data,
                                   GError   **error);

/**
 * limn_queue_work:
 * @func: (nullable): only looks what is new
 * @data: is freed by @free after @callback
 *
 * Runs @func in the pool's thread, then brings the list up to date, then answers.
 */
void limn_queue_work (LimnQueue          *queue,
                      LimnQueueFunc       func,
                      gpointer            data,
                      GDestroyNotify      free,
                      GAsyncReadyCallback callback,
                      gpointer            callback_data);

/* Returns: whether @func did; @data: (out) (nullable) (transfer none): what it was given, until the result is gone */
gboolean limn_queue_work_finish (LimnQueue    *queue,
                                 GAsyncResult *result,
                                 gpointer     *data,
                                 GError      **error);

/* Rows that are new. @whole: they are all that there are. */
void limn_queue_apply (LimnQueue *queue,
                       GPtrArray *rows,
                       gboolean   whole);

/* Begins the next job if it should. */
void limn_queue_next (LimnQueue *queue);

/* What is wanted of the job that runs may have changed. */
void limn_queue_run_look (LimnQueue        *queue,
                          const LimnJobRow *row);

/* Stops the job that runs; it waits again. Returns: %FALSE if none runs */
gboolean limn_queue_run_suspend (LimnQueue *queue);

/* Returns: of the job that runs, 0 if none does */
gint64 limn_queue_run_id (LimnQueue *queue);

/* After a run: gives the lock back if it was to stop, else begins the next. */
void limn_queue_run_over (LimnQueue    *queue,
                          const GError *error);

/* What became of a run, for the pool's thread. */
typedef struct
{
  LimnJobRow       *row;
  LimnEngineResult *result;
  gint64            memory; /* estimated */
} LimnQueueFinish;

/* (LimnQueueFunc): the picture, its metadata and the job's new state in one transaction; then what was measured. @data: a #LimnQueueFinish */
gboolean limn_queue_finish_job (LimnQueue *queue,
                                gpointer   data,
                                GError   **error);

G_END_DECLS
