/* The queue: jobs in their order, one at a time, and none is lost.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/queue/jobs-run.h"
#include "app/queue/maker.h"

G_BEGIN_DECLS

#define LIMN_TYPE_QUEUE (limn_queue_get_type ())

/**
 * LimnQueue:
 *
 * A #GListModel of #LimnQueueJob: those that wait, run or are paused in their order, then those that are over, the newest first. All is of the
 * library: what other programs do to it is seen within a second.
 *
 * Is used from one thread, whose default main context it needs; it never waits for the disk there. The queue's rows are written in another thread, in the
 * order of the calls; when a call is answered, the list shows what it did.
 *
 * Signals, each with a #LimnQueueJob: `job-added`, `job-changed`, `job-removed`. `drained ()`: nothing waits any more. `failed (GError *)`: the library
 * cannot be written, so the queue has stopped; no picture counts as done that is not in it.
 */
G_DECLARE_FINAL_TYPE (LimnQueue, limn_queue, LIMN, QUEUE, GObject)

/**
 * limn_queue_new:
 * @maker: (nullable): makes the pictures; without one, jobs can be watched and changed only
 *
 * Nothing runs until limn_queue_start_async(). The list fills soon.
 */
LimnQueue *limn_queue_new (LimnLibrary *library,
                           LimnMaker   *maker);

/* How often a job's state is kept in the library, and how often a preview comes; 0: never. From the next job on; at first 3 s and none. */
void limn_queue_set_pace (LimnQueue *queue,
                          guint      keep_ms,
                          guint      preview_ms);

/* Returns: (nullable) (transfer none): the job with that number; the one that this queue has running */
LimnQueueJob *limn_queue_job (LimnQueue *queue,
                              gint64     id);
LimnQueueJob *limn_queue_running_job (LimnQueue *queue);

/**
 * limn_queue_start_async:
 *
 * Works from now on. A job that ran when the program was killed goes on from the state that was kept of it.
 *
 * limn_queue_start_finish() returns: %FALSE with %LIMN_APP_ERROR_FILE if another process runs this queue
 */
void     limn_queue_start_async (LimnQueue          *queue,
                                 GAsyncReadyCallback callback,
                                 gpointer            data);
gboolean limn_queue_start_finish (LimnQueue    *queue,
                                  GAsyncResult *result,
                                  GError      **error);

/* The job that runs stops between two steps and waits again, with its state kept. Another process may run the queue after that. */
void     limn_queue_stop_async (LimnQueue          *queue,
                                GAsyncReadyCallback callback,
                                gpointer            data);
gboolean limn_queue_stop_finish (LimnQueue    *queue,
                                 GAsyncResult *result,
                                 GError      **error);

/* See limn_jobs_add(); requests are completed. limn_queue_add_finish() returns: (transfer full) (element-type gint64): the jobs' numbers */
void    limn_queue_add_async (LimnQueue          *queue,
                              const GPtrArray    *requests,
                              gint64              priority,
                              GAsyncReadyCallback callback,
                              gpointer            data);
GArray *limn_queue_add_finish (LimnQueue    *queue,
                               GAsyncResult *result,
                               GError      **error);

/* See limn_jobs_act(), limn_jobs_move() and limn_jobs_set_priority(). A job that runs is paused or cancelled at its next step, after the call is answered. */
void     limn_queue_act_async (LimnQueue          *queue,
                               LimnJobsAction      action,
                               const gint64       *ids,
                               gsize               n,
                               GAsyncReadyCallback callback,
                               gpointer            data);
void     limn_queue_move_async (LimnQueue          *queue,
                                const gint64       *ids,
                                gsize               n,
                                gint64              before,
                                GAsyncReadyCallback callback,
                                gpointer            data);
void     limn_queue_set_priority_async (LimnQueue          *queue,
                                        const gint64       *ids,
                                        gsize               n,
                                        gint64              priority,
                                        GAsyncReadyCallback callback,
                                        gpointer            data);
gboolean limn_queue_change_finish (LimnQueue    *queue,
                                   GAsyncResult *result,
                                   GError      **error);

/**
 * limn_queue_estimate_async:
 *
 * What a request will take: from what was measured at its size, else as the maker says, else scaled from what was measured at another size.
 */
void     limn_queue_estimate_async (LimnQueue          *queue,
                                    const LimnRequest  *request,
                                    GAsyncReadyCallback callback,
                                    gpointer            data);
gboolean limn_queue_estimate_finish (LimnQueue    *queue,
                                     GAsyncResult *result,
                                     LimnTiming   *timing,
                                     GError      **error);

G_END_DECLS
