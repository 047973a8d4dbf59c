/* The jobs of the queue that are not over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/queue/queue.h"

G_BEGIN_DECLS

/* @failed: those that failed too. Returns: (transfer full): a list that follows the queue */
GListModel *limn_open_jobs_new (LimnQueue *queue,
                                gboolean   failed);

/* Returns: (transfer full) (element-type gint64): the numbers of those in @jobs whose state is @state */
GArray *limn_open_jobs_in_state (GListModel  *jobs,
                                 LimnJobState state);

/* Seconds until all of @jobs are done, as far as that is known; 0: nothing waits or runs */
double limn_open_jobs_seconds_left (GListModel *jobs);

G_END_DECLS
