/* Jobs in the library: added, listed, moved, and what is wanted of them. No thread or main loop of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/library.h"
#include "app/queue/job.h"

G_BEGIN_DECLS

/*
 * All of it may be called from any thread and waits for the disk. Every change is one transaction. A job that runs belongs to the process that has the
 * queue's lock (app/queue/lock.h); others leave a wish in its row.
 */

/**
 * limn_jobs_add:
 * @requests: (element-type LimnRequest): each becomes a job at the end of its priority; complete, so that it gives the same picture anywhere: see
 *   limn_jobs_complete()
 * @ids: (nullable) (element-type gint64): gets their numbers
 *
 * They get the same batch. Pictures that they start from are kept beside the library: what becomes of the files does not matter any more.
 */
gboolean limn_jobs_add (LimnLibrary     *library,
                        const GPtrArray *requests,
                        gint64           priority,
                        GArray          *ids,
                        GError         **error);

/* Draws a seed if none is given, and makes paths absolute: the job may be done by another process, elsewhere. */
void limn_jobs_complete (LimnRequest *request);

/**
 * limn_jobs_list:
 * @since: only those whose row was written after that time of the queue's clock; -1: all
 * @now: (out): the clock
 * @count: (out): how many jobs there are at all
 *
 * Returns: (transfer full) (element-type LimnJobRow): in the order of their numbers
 */
GPtrArray *limn_jobs_list (LimnLibrary *library,
                           gint64       since,
                           gint64      *now,
                           gint64      *count,
                           GError     **error);

/* Which of two jobs is done first; those that are over come behind, the one that ended last first. */
int limn_jobs_compare (const LimnJobRow *a,
                       const LimnJobRow *b);

/**
 * LimnJobsAction:
 * @LIMN_JOBS_PAUSE: what waits is passed over; what runs keeps its state between two steps and lets others go first
 * @LIMN_JOBS_RESUME: what was paused, failed or was cancelled waits again, and goes on from the state that is kept, if any
 * @LIMN_JOBS_CANCEL: for good; what was done of it is dropped
 * @LIMN_JOBS_REMOVE: what is over leaves the list; its picture stays in the library
 */
typedef enum
{
  LIMN_JOBS_PAUSE,
  LIMN_JOBS_RESUME,
  LIMN_JOBS_CANCEL,
  LIMN_JOBS_REMOVE
} LimnJobsAction;

/**
 * limn_jobs_act:
 * @ids: (array length=n) (nullable): %NULL: all for which it can be done
 *
 * Returns: %FALSE with %LIMN_LIBRARY_ERROR_NOT_FOUND, or %LIMN_LIBRARY_ERROR_STATE for a job for which that cannot be done; nothing is changed then
 */
gboolean limn_jobs_act (LimnLibrary   *library,
                        LimnJobsAction action,
                        const gint64  *ids,
                        gsize          n,
                        GError       **error);

/**
 * limn_jobs_move:
 * @ids: (array length=n): in their new order
 * @before: a job, whose priority they take; 0: behind all others of theirs; -1: before all others of all priorities
 */
gboolean limn_jobs_move (LimnLibrary  *library,
                         const gint64 *ids,
                         gsize         n,
                         gint64        before,
                         GError      **error);

/* They come last in it. */
gboolean limn_jobs_set_priority (LimnLibrary  *library,
                                 const gint64 *ids,
                                 gsize         n,
                                 gint64        priority,
                                 GError      **error);

G_END_DECLS
