/* What the process that runs the queue does with its rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/jobs-run.h"

#include "app/queue/jobs-private.h"

static gboolean
recover (LimnDatabase *database,
         gpointer      data,
         GError      **error)
{
  return limn_database_run (database, error,
                            "UPDATE jobs SET state = 'cancelled', latent = NULL, kept = 0, wish = NULL, finished = ?1"
                            " WHERE state = 'running' AND wish = 'cancelled'",
                            "i", g_get_real_time ())
         && limn_database_run (database, error,
                               "UPDATE jobs SET state = coalesce (wish, 'queued'), wish = NULL, step = kept WHERE state = 'running'", "");
}

gboolean
limn_jobs_recover (LimnLibrary *library,
                   GError     **error)
{
  return limn_library_write (library, recover, NULL, error);
}

typedef struct
{
  LimnJobRow *row;
  GBytes     *state;
} Claim;

static gboolean
read_next (LimnDatabase *database,
           Claim        *claim,
           GError      **error)
{
  g_autofree char *sql = limn_job_row_sql ("WHERE state = 'queued' ORDER BY priority DESC, position, id LIMIT 1");
  sqlite3_stmt    *statement = limn_database_prepare (database, sql, error);
  gboolean         row;

  if (statement == NULL || !limn_database_step (database, statement, &row, error))
    return FALSE;
  if (row)
    claim->row = limn_job_row_read (statement);
  sqlite3_reset (statement);
  return TRUE;
}

static gboolean
read_state (LimnDatabase *database,
            Claim        *claim,
            GError      **error)
{
  sqlite3_stmt *statement = limn_database_prepare (database, "SELECT latent FROM jobs WHERE id = ?1 AND latent IS NOT NULL", error);
  gboolean      row;

  if (statement == NULL)
    return FALSE;
  limn_database_bind (statement, "i", claim->row->id);
  if (!limn_database_step (database, statement, &row, error))
    return FALSE;
  if (row)
    claim->state = g_bytes_new (sqlite3_column_blob (statement, 0), sqlite3_column_bytes (statement, 0));
  sqlite3_reset (statement);
  return TRUE;
}

static gboolean
claim_next (LimnDatabase *database,
            gpointer      data,
            GError      **error)
{
  Claim      *claim = data;
  LimnJobRow *row;

  if (!read_next (database, claim, error))
    return FALSE;
  row = claim->row;
  if (row == NULL)
    return TRUE;
  if (!read_state (database, claim, error))
    return FALSE;

  row->state = row->wish = LIMN_JOB_RUNNING;
  row->attempts++;
  row->started = g_get_real_time ();
  row->resumed = claim->state != NULL ? row->kept : 0;
  row->step = row->resumed;
  return limn_database_run (database, error,
                            "UPDATE jobs SET state = 'running', wish = NULL, attempts = attempts + 1, started = ?2, resumed = ?3, step = ?3, error = NULL"
                            " WHERE id = ?1",
                            "iii", row->id, row->started, (gint64) row->resumed);
}

gboolean
limn_jobs_claim (LimnLibrary *library,
                 LimnJobRow **row,
                 GBytes     **state,
                 GError     **error)
{
  Claim claim = { 0 };

  if (!limn_library_write (library, claim_next, &claim, error))
    {
      g_clear_pointer (&claim.row, limn_job_row_free);
      g_clear_pointer (&claim.state, g_bytes_unref);
      return FALSE;
    }

  *row = claim.row;
  *state = claim.state;
  return TRUE;
}

/* What is written of a job that runs. */
typedef struct
{
  const LimnJobRow *row;
  gint64            id;
  int               step, steps, width, height;
  GBytes           *latent;
  LimnJobState      state;
  const char       *why;
  const LimnTiming *timing;
} Entry;

static gboolean
keep (LimnDatabase *database,
      gpointer      data,
      GError      **error)
{
  const Entry *entry = data;

  if (entry->latent == NULL)
    return limn_database_run (database, error, "UPDATE jobs SET step = ?2, steps = ?3 WHERE id = ?1 AND state = 'running'", "iii", entry->id,
                              (gint64) entry->step, (gint64) entry->steps);

  return limn_database_run (database, error,
                            "UPDATE jobs SET step = ?2, kept = ?2, steps = max (steps, ?3), latent = ?4 WHERE id = ?1 AND state = 'running'", "iiib",
                            entry->id, (gint64) entry->step, (gint64) entry->steps, entry->latent);
}

gboolean
limn_jobs_keep (LimnLibrary *library,
                gint64       id,
                int          step,
                int          steps,
                GBytes      *state,
                GError     **error)
{
  Entry entry = { .id = id, .step = step, .steps = steps, .latent = state };

  return limn_library_write (library, keep, &entry, error);
}

static gboolean
forget (LimnDatabase *database,
        gpointer      data,
        GError      **error)
{
  const Entry *entry = data;

  return limn_database_run (database, error, "UPDATE jobs SET latent = NULL, kept = 0, resumed = 0, step = 0 WHERE id = ?1", "i", entry->id);
}

gboolean
limn_jobs_forget (LimnLibrary *library,
                  gint64       id,
                  GError     **error)
{
  Entry entry = { .id = id };

  return limn_library_write (library, forget, &entry, error);
}

static gboolean
estimate (LimnDatabase *database,
          gpointer      data,
          GError      **error)
{
  const Entry      *entry = data;
  const LimnTiming *timing = entry->timing;

  return limn_database_run (database, error,
                            "UPDATE jobs SET steps = CASE WHEN ?2 > 0 THEN ?2 ELSE steps END, step_seconds = CASE WHEN ?3 >= 0 THEN ?3 ELSE step_seconds END,"
                            " rest_seconds = CASE WHEN ?4 >= 0 THEN ?4 ELSE rest_seconds END, memory = CASE WHEN ?5 > 0 THEN ?5 ELSE memory END"
                            " WHERE id = ?1",
                            "iirri", entry->id, (gint64) timing->steps, timing->step_seconds, timing->rest_seconds, timing->memory);
}

gboolean
limn_jobs_estimate (LimnLibrary      *library,
                    gint64            id,
                    const LimnTiming *timing,
                    GError          **error)
{
  Entry entry = { .id = id, .timing = timing };

  return limn_library_write (library, estimate, &entry, error);
}

/* What was wanted of it meanwhile counts more than that it waits again. */
static gboolean
end (LimnDatabase *database,
     gpointer      data,
     GError      **error)
{
  const Entry *entry = data;
  gboolean     over = limn_job_state_is_over (entry->state);

  return limn_database_run (database, error,
                            "UPDATE jobs SET state = CASE WHEN ?2 = 'queued' THEN coalesce (wish, ?2) ELSE ?2 END, wish = NULL, error = ?3,"
                            " step = CASE WHEN ?2 = 'failed' THEN step ELSE kept END, finished = CASE WHEN ?4 THEN ?5 END,"
                            " latent = CASE WHEN ?2 = 'cancelled' THEN NULL ELSE latent END, kept = CASE WHEN ?2 = 'cancelled' THEN 0 ELSE kept END"
                            " WHERE id = ?1 AND state = 'running'",
                            "issii", entry->id, limn_job_state_name (entry->state), entry->why, (gint64) over, g_get_real_time ());
}

gboolean
limn_jobs_end (LimnLibrary *library,
               gint64       id,
               LimnJobState state,
               const char  *why,
               GError     **error)
{
  Entry entry = { .id = id, .state = state, .why = why };

  return limn_library_write (library, end, &entry, error);
}

static gboolean
measure (LimnDatabase *database,
         gpointer      data,
         GError      **error)
{
  const Entry *entry = data;

  return limn_timing_keep (database, &entry->row->request, entry->width, entry->height, entry->timing, error)
         && limn_database_run (database, error,
                               "UPDATE jobs SET step_seconds = ?2, rest_seconds = ?3, memory = nullif (?4, 0) WHERE id = ?1", "irri", entry->row->id,
                               entry->timing->step_seconds, entry->timing->rest_seconds, entry->timing->memory);
}

gboolean
limn_jobs_measure (LimnLibrary      *library,
                   const LimnJobRow *row,
                   int               width,
                   int               height,
                   const LimnTiming *timing,
                   GError          **error)
{
  Entry entry = { .row = row, .width = width, .height = height, .timing = timing };

  return limn_library_write (library, measure, &entry, error);
}
