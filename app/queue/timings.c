/* What pictures took, measured: estimates of what others will take.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/timings.h"

#include "app/model-place.h"

char *
limn_timing_model (const LimnRequest *request)
{
  return request->model != NULL ? limn_model_place_name (request->model) : g_strdup ("");
}

/* A request without a size takes the model's, which is the one that was measured last without one asked for. */
static sqlite3_stmt *
nearest (LimnDatabase      *database,
         const LimnRequest *request,
         gboolean          *row,
         GError           **error)
{
  static const char sql[] = "SELECT steps, step_seconds, rest_seconds, memory, width * height FROM timings WHERE model = ?1"
                            " ORDER BY CASE WHEN ?2 > 0 THEN abs (width * height - ?2) ELSE 0 END, measured DESC LIMIT 1";
  g_autofree char  *model = limn_timing_model (request);
  gint64            pixels = request->width > 0 && request->height > 0 ? request->width * request->height : 0;
  sqlite3_stmt     *statement = limn_database_prepare (database, sql, error);

  if (statement == NULL)
    return NULL;
  limn_database_bind (statement, "si", model, pixels);
  return limn_database_step (database, statement, row, error) ? statement : NULL;
}

gboolean
limn_timing_find (LimnDatabase      *database,
                  const LimnRequest *request,
                  LimnTiming        *timing,
                  GError           **error)
{
  gboolean      row = FALSE;
  sqlite3_stmt *statement = nearest (database, request, &row, error);
  double        scale = 1;

  *timing = (LimnTiming){ .steps = MAX (request->steps, 0), .step_seconds = -1, .rest_seconds = -1 };
  if (statement == NULL || !row)
    return statement != NULL;

  if (request->width > 0 && request->height > 0)
    scale = (double) request->width * request->height / MAX (sqlite3_column_int64 (statement, 4), 1);
  if (timing->steps == 0)
    timing->steps = sqlite3_column_int (statement, 0);
  timing->step_seconds = sqlite3_column_double (statement, 1) * scale;
  timing->rest_seconds = sqlite3_column_double (statement, 2) * scale;
  timing->memory = sqlite3_column_int64 (statement, 3) * scale;
  timing->exact = scale == 1;
  sqlite3_reset (statement);
  return TRUE;
}

gboolean
limn_timing_keep (LimnDatabase      *database,
                  const LimnRequest *request,
                  int                width,
                  int                height,
                  const LimnTiming  *timing,
                  GError           **error)
{
  g_autofree char *model = limn_timing_model (request);

  return limn_database_run (database, error,
                            "INSERT INTO timings (model, width, height, steps, step_seconds, rest_seconds, memory, measured)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (model, width, height) DO UPDATE SET"
                            " steps = ?4, step_seconds = (step_seconds + ?5) / 2, rest_seconds = (rest_seconds + ?6) / 2,"
                            " memory = CASE WHEN ?7 > 0 THEN ?7 ELSE memory END, measured = ?8",
                            "siiirrii", model, (gint64) width, (gint64) height, (gint64) timing->steps, timing->step_seconds, timing->rest_seconds,
                            timing->memory, g_get_real_time ());
}
