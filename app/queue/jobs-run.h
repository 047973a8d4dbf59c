/* What the process that runs the queue does with its rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/queue/jobs.h"
#include "app/queue/timings.h"

G_BEGIN_DECLS

/* All need the queue's lock; any thread. */

/* After a process that ran the queue was killed: its job waits again at its place, or is what was wanted of it. */
gboolean limn_jobs_recover (LimnLibrary *library,
                            GError     **error);

/**
 * limn_jobs_claim:
 * @row: (out) (nullable): the next job, which runs from now on; %NULL: none waits
 * @state: (out) (nullable): what is kept of it
 */
gboolean limn_jobs_claim (LimnLibrary *library,
                          LimnJobRow **row,
                          GBytes     **state,
                          GError     **error);

/* Keeps @state (nullable: only the numbers are new), which is of step @step. */
gboolean limn_jobs_keep (LimnLibrary *library,
                         gint64       id,
                         int          step,
                         int          steps,
                         GBytes      *state,
                         GError     **error);

/* The state that is kept cannot be gone on from. */
gboolean limn_jobs_forget (LimnLibrary *library,
                           gint64       id,
                           GError     **error);

/* What is estimated of a job. */
gboolean limn_jobs_estimate (LimnLibrary      *library,
                             gint64            id,
                             const LimnTiming *timing,
                             GError          **error);

/**
 * limn_jobs_end:
 * @state: what the job that runs becomes: waiting or paused with what is kept of it, failed or cancelled; it becomes done by limn_library_add() alone
 * @why: (nullable): the error of a job that failed
 */
gboolean limn_jobs_end (LimnLibrary *library,
                        gint64       id,
                        LimnJobState state,
                        const char  *why,
                        GError     **error);

/* What was measured while job @row was done. */
gboolean limn_jobs_measure (LimnLibrary      *library,
                            const LimnJobRow *row,
                            int               width,
                            int               height,
                            const LimnTiming *timing,
                            GError          **error);

G_END_DECLS
