/* Crash reports: what ran when the worker ended by itself, in a file that can be shown to others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine-plan.h"

G_BEGIN_DECLS

/**
 * LimnCrash:
 * @reason: how the worker ended
 * @device: (nullable): id of what it computed on, @stage: (nullable): what it was doing; @step of @steps
 * @request: what was being made
 * @plan: how it was to be computed
 */
typedef struct
{
  const char           *reason, *device, *stage;
  int                   step, steps;
  const LimnRequest    *request;
  const LimnEnginePlan *plan;
} LimnCrash;

/**
 * limn_crash_report_text:
 * @prompts: whether they may be named
 *
 * Returns: (transfer full): the report: versions, the machine, what ran. Of files it has names without folders
 */
char *limn_crash_report_text (const LimnCrash *crash,
                              gboolean         prompts);

/**
 * limn_crash_report_write:
 *
 * Writes crash-DATE-PID.txt into limn_log_folder(), with prompts if the settings allow it. Of these files the newest 20 are kept.
 *
 * Returns: (transfer full) (nullable): its path; %NULL where it cannot be written
 */
char *limn_crash_report_write (const LimnCrash *crash);

G_END_DECLS
