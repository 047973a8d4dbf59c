/* Progress of a job in the worker, on its way to who wants to know, and the states that are kept of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine-core.h"

G_BEGIN_DECLS

/* Counted: an answer may come after the job's. */
typedef struct _LimnEngineKeeper LimnEngineKeeper;

LimnEngineKeeper *limn_engine_keeper_new (LimnEngineCore      *core,
                                          const LimnEngineJob *job);
void              limn_engine_keeper_unref (LimnEngineKeeper *keeper);

/* The job @id runs on @link, and does not any more. */
void limn_engine_keeper_begin (LimnEngineKeeper *keeper,
                               LimnEngineLink   *link,
                               guint64           id);
void limn_engine_keeper_end (LimnEngineKeeper *keeper);

/* For limn_engine_core_begin(). */
void limn_engine_keeper_progress (guint64     job,
                                  const char *stage,
                                  int         step,
                                  int         steps,
                                  double      seconds_left,
                                  gpointer    keeper);

void limn_engine_keeper_preview (guint64    job,
                                 LimnArray *preview,
                                 gpointer   keeper);

/* A stage without steps. */
void limn_engine_keeper_tell (LimnEngineKeeper *keeper,
                              const char       *stage);

/* What was told last. @stage: (nullable) (transfer none): a constant */
void limn_engine_keeper_standing (const LimnEngineKeeper *keeper,
                                  const char            **stage,
                                  int                    *step,
                                  int                    *steps);

/* Returns: (transfer full) (nullable): what to go on from: the newest state, at first what the job was given */
GBytes *limn_engine_keeper_state (LimnEngineKeeper *keeper);
void    limn_engine_keeper_forget (LimnEngineKeeper *keeper);

G_END_DECLS
