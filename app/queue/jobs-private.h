/* What the files of the queue that speak SQL share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/connection.h"
#include "app/queue/jobs.h"

G_BEGIN_DECLS

/* Returns: (transfer full): a statement that selects what limn_job_row_read() reads; @rest: WHERE and so on */
char *limn_job_row_sql (const char *rest);

/* The row that @statement stands at. */
LimnJobRow *limn_job_row_read (sqlite3_stmt *statement);

G_END_DECLS
