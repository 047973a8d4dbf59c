/* A job of the queue in a list: what it makes, how far it is, and what can be done about it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/queue/queue.h"

G_BEGIN_DECLS

#define LIMN_TYPE_JOB_ROW_WIDGET (limn_job_row_widget_get_type ())
G_DECLARE_FINAL_TYPE (LimnJobRowWidget, limn_job_row_widget, LIMN, JOB_ROW_WIDGET, AdwBin)

GtkWidget *limn_job_row_widget_new (LimnQueue    *queue,
                                    LimnQueueJob *job);

G_END_DECLS
