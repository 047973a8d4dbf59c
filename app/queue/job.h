/* A job of the queue: its row, and an object that tells when it changes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app/request.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/* In the order of a job's life; limn_job_state_name() gives the words that the library and `limn queue list` have. */
typedef enum
{
  LIMN_JOB_QUEUED,
  LIMN_JOB_RUNNING,
  LIMN_JOB_PAUSED,
  LIMN_JOB_DONE,
  LIMN_JOB_FAILED,
  LIMN_JOB_CANCELLED
} LimnJobState;

const char *limn_job_state_name (LimnJobState state);

/* Returns: %FALSE if @name is none */
gboolean limn_job_state_parse (const char   *name,
                               LimnJobState *state);

/* Returns: whether it is done, failed or cancelled */
gboolean limn_job_state_is_over (LimnJobState state);

/**
 * LimnJobRow:
 * @wish: what the job that runs shall become; @state where nothing is wanted
 * @position: order among jobs of one @priority; those with higher priorities come first
 * @batch: number of the first job of those that were added together
 * @steps: 0 while unknown
 * @kept: step of the state that is kept in the library; 0: none is
 * @resumed: step that it went on from when it was last begun; 0: from the beginning
 * @attempts: how often it was begun
 * @created, @started, @finished: microseconds since 1970; 0: not yet
 * @result: its picture in the library; 0 if there is none
 * @step_seconds, @rest_seconds: what a step and all else take; negative while unknown. Estimated before it runs, then measured
 * @memory: bytes; 0 while unknown
 * @changed: the queue's clock when it was written last
 */
typedef struct
{
  gint64       id, priority, batch;
  LimnJobState state, wish;
  double       position;
  int          step, steps, kept, resumed, attempts;
  gint64       created, started, finished, result, memory, changed;
  double       step_seconds, rest_seconds;
  char        *error;
  LimnRequest  request;
} LimnJobRow;

void limn_job_row_free (LimnJobRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnJobRow, limn_job_row_free)

/* Returns: seconds from now until it is done, once it runs; negative while unknown, 0 if it is over */
double limn_job_row_seconds_left (const LimnJobRow *row);

/* Writes the object of `limn queue list --json`. */
void limn_job_row_write (const LimnJobRow *row,
                         LimnJsonWriter   *writer);

#define LIMN_TYPE_QUEUE_JOB (limn_queue_job_get_type ())

/**
 * LimnQueueJob:
 *
 * Belongs to the thread of its queue. Properties, to bind to: `id` (int64), `state` (a #LimnJobState as int), `stage` (what is being done, while it runs),
 * `step`, `steps`, `seconds-left` (negative while unknown), `prompt`, `error`, `result` (int64), `memory` (int64). `notify::preview` tells of a new preview.
 */
G_DECLARE_FINAL_TYPE (LimnQueueJob, limn_queue_job, LIMN, QUEUE_JOB, GObject)

/* Takes @row over. */
LimnQueueJob *limn_queue_job_new (LimnJobRow *row);
void          limn_queue_job_take_row (LimnQueueJob *job,
                                       LimnJobRow   *row);

/* Returns: (transfer none): until the job gets another row */
const LimnJobRow *limn_queue_job_row (LimnQueueJob *job);

/* What is known of it between two writes. @preview: (nullable): is copied; [1, h, w, 3], 0…1 */
void limn_queue_job_progress (LimnQueueJob    *job,
                              const char      *stage,
                              int              step,
                              int              steps,
                              double           seconds_left,
                              const LimnArray *preview);

/* Returns: (nullable) (transfer none): the newest preview of a job that runs */
const LimnArray *limn_queue_job_preview (LimnQueueJob *job);

G_END_DECLS
