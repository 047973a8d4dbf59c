/* Jobs in the library: paused, resumed, cancelled, removed and moved.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/jobs-private.h"

#define LEAST_GAP 1e-9

typedef enum
{
  REFUSED,
  NOTHING,
  TO_QUEUED,
  TO_PAUSED,
  TO_CANCELLED,
  WISH_NONE,
  WISH_PAUSED,
  WISH_CANCELLED,
  AWAY
} Effect;

/* What an action does to a job of each state. */
static const struct
{
  Effect      of[LIMN_JOB_CANCELLED + 1];
  const char *refusal;
} effects[] = {
  [LIMN_JOBS_PAUSE] = { { TO_PAUSED, WISH_PAUSED, NOTHING, REFUSED, REFUSED, REFUSED }, "only what waits or runs can be paused" },
  [LIMN_JOBS_RESUME] = { { NOTHING, WISH_NONE, TO_QUEUED, REFUSED, TO_QUEUED, TO_QUEUED }, "its picture is in the library" },
  [LIMN_JOBS_CANCEL] = { { TO_CANCELLED, WISH_CANCELLED, TO_CANCELLED, REFUSED, TO_CANCELLED, NOTHING }, "its picture is in the library" },
  [LIMN_JOBS_REMOVE] = { { REFUSED, REFUSED, REFUSED, AWAY, AWAY, AWAY }, "only what is over can be removed" },
};

/* For all jobs at once, what has failed or was cancelled stays as it is. */
static const char *const meant[] = {
  [LIMN_JOBS_PAUSE] = "SELECT id FROM jobs WHERE state IN ('queued', 'running')",
  [LIMN_JOBS_RESUME] = "SELECT id FROM jobs WHERE state IN ('paused', 'running')",
  [LIMN_JOBS_CANCEL] = "SELECT id FROM jobs WHERE state IN ('queued', 'running', 'paused')",
  [LIMN_JOBS_REMOVE] = "SELECT id FROM jobs WHERE state IN ('done', 'failed', 'cancelled')",
};

static const char *const statements[] = {
  [TO_QUEUED] = "UPDATE jobs SET state = 'queued', error = NULL, finished = NULL, step = kept WHERE id = ?1",
  [TO_PAUSED] = "UPDATE jobs SET state = 'paused' WHERE id = ?1",
  [TO_CANCELLED] = "UPDATE jobs SET state = 'cancelled', latent = NULL, kept = 0, finished = ?2 WHERE id = ?1",
  [WISH_NONE] = "UPDATE jobs SET wish = NULL WHERE id = ?1",
  [WISH_PAUSED] = "UPDATE jobs SET wish = 'paused' WHERE id = ?1 AND wish IS NOT 'cancelled'",
  [WISH_CANCELLED] = "UPDATE jobs SET wish = 'cancelled' WHERE id = ?1",
  [AWAY] = "DELETE FROM jobs WHERE id = ?1",
};

typedef struct
{
  LimnJobsAction action;
  const gint64  *ids;
  gsize          n;
  gint64         before, priority;
} Change;

static gboolean
state_of (LimnDatabase *database,
          gint64        id,
          LimnJobState *state,
          GError      **error)
{
  g_autofree char *name = NULL;

  if (!limn_database_text (database, &name, error, "SELECT state FROM jobs WHERE id = ?1", "i", id))
    return FALSE;
  if (limn_job_state_parse (name, state))
    return TRUE;

  g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_NOT_FOUND, "job %" G_GINT64_FORMAT ": there is none: see limn queue list", id);
  return FALSE;
}

static gboolean
act_on (LimnDatabase  *database,
        LimnJobsAction action,
        gint64         id,
        GError       **error)
{
  LimnJobState state;
  Effect       effect;

  if (!state_of (database, id, &state, error))
    return FALSE;

  effect = effects[action].of[state];
  if (effect == NOTHING)
    return TRUE;
  if (effect != REFUSED)
    return limn_database_run (database, error, statements[effect], "ii", id, g_get_real_time ());

  g_set_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_STATE, "job %" G_GINT64_FORMAT ": is %s: %s", id, limn_job_state_name (state),
               effects[action].refusal);
  return FALSE;
}

static gboolean
find_meant (LimnDatabase  *database,
            LimnJobsAction action,
            GArray        *ids,
            GError       **error)
{
  sqlite3_stmt *statement = limn_database_prepare (database, meant[action], error);
  gboolean      row = statement != NULL;

  while (row)
    {
      gint64 id;

      if (!limn_database_step (database, statement, &row, error))
        return FALSE;
      id = row ? sqlite3_column_int64 (statement, 0) : 0;
      if (row)
        g_array_append_val (ids, id);
    }
  return statement != NULL;
}

static gboolean
act (LimnDatabase *database,
     gpointer      data,
     GError      **error)
{
  const Change *change = data;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (change->ids != NULL)
    g_array_append_vals (ids, change->ids, change->n);
  else if (!find_meant (database, change->action, ids, error))
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    if (!act_on (database, change->action, g_array_index (ids, gint64, i), error))
      return FALSE;
  return TRUE;
}

gboolean
limn_jobs_act (LimnLibrary   *library,
               LimnJobsAction action,
               const gint64  *ids,
               gsize          n,
               GError       **error)
{
  Change change = { .action = action, .ids = ids, .n = n };

  return limn_library_write (library, act, &change, error);
}

static gboolean
check_all (LimnDatabase *database,
           const Change *change,
           GError      **error)
{
  LimnJobState state;

  for (gsize i = 0; i < change->n; i++)
    if (!state_of (database, change->ids[i], &state, error))
      return FALSE;
  return change->before <= 0 || state_of (database, change->before, &state, error);
}

/* Numbers between two neighbours run out when jobs are dragged to one place again and again. */
static gboolean
spread (LimnDatabase *database,
        GError      **error)
{
  return limn_database_run (database, error,
                            "UPDATE jobs SET position = o.n FROM (SELECT id, row_number () OVER (ORDER BY position, id) AS n FROM jobs) AS o"
                            " WHERE o.id = jobs.id AND jobs.position <> o.n",
                            "");
}

static gboolean
real (LimnDatabase *database,
      double       *value,
      GError      **error,
      const char   *sql,
      gint64        id)
{
  sqlite3_stmt *statement = limn_database_prepare (database, sql, error);
  gboolean      row;

  if (statement == NULL)
    return FALSE;
  limn_database_bind (statement, "i", id);
  if (!limn_database_step (database, statement, &row, error))
    return FALSE;
  if (row && sqlite3_column_type (statement, 0) != SQLITE_NULL)
    *value = sqlite3_column_double (statement, 0);
  sqlite3_reset (statement);
  return TRUE;
}

/* @low, @high: (out): the moved jobs come between */
static gboolean
find_gap (LimnDatabase *database,
          gint64        before,
          double       *low,
          double       *high,
          GError      **error)
{
  if (!real (database, high, error, "SELECT position FROM jobs WHERE id = ?1", before))
    return FALSE;
  *low = *high - 1;
  return real (database, low, error, "SELECT max (position) FROM jobs WHERE position < (SELECT position FROM jobs WHERE id = ?1)", before);
}

static gboolean
find_place (LimnDatabase *database,
            const Change *change,
            double       *low,
            double       *high,
            GError      **error)
{
  if (change->before == 0)
    {
      if (!real (database, low, error, "SELECT max (position) + ?1 FROM jobs", 0))
        return FALSE;
      *high = *low + change->n + 1;
      return TRUE;
    }
  if (change->before < 0)
    {
      if (!real (database, high, error, "SELECT min (position) + 0 * ?1 FROM jobs", 0))
        return FALSE;
      *low = *high - change->n - 1;
      return TRUE;
    }

  if (!find_gap (database, change->before, low, high, error))
    return FALSE;
  if (*high - *low > LEAST_GAP * (change->n + 1))
    return TRUE;
  return spread (database, error) && find_gap (database, change->before, low, high, error);
}

/* The priority that they get; none (-1): each keeps its own. */
static gboolean
find_priority (LimnDatabase *database,
               const Change *change,
               gint64       *priority,
               gboolean     *own,
               GError      **error)
{
  *own = change->before == 0;
  if (change->before > 0)
    return limn_database_integer (database, priority, error, "SELECT priority FROM jobs WHERE id = ?1", "i", change->before);
  if (change->before < 0)
    return limn_database_integer (database, priority, error, "SELECT max (priority) FROM jobs WHERE state IN ('queued', 'running', 'paused')", "");
  return TRUE;
}

static gboolean
move (LimnDatabase *database,
      gpointer      data,
      GError      **error)
{
  const Change *change = data;
  double        low = 0, high = 0;
  gint64        priority = 0;
  gboolean      own;

  if (!check_all (database, change, error) || !find_place (database, change, &low, &high, error)
      || !find_priority (database, change, &priority, &own, error))
    return FALSE;

  for (gsize i = 0; i < change->n; i++)
    if (change->ids[i] != change->before
        && !limn_database_run (database, error, "UPDATE jobs SET position = ?2, priority = CASE WHEN ?3 THEN priority ELSE ?4 END WHERE id = ?1",
                               "irii", change->ids[i], low + (high - low) * (i + 1) / (change->n + 1), (gint64) own, priority))
      return FALSE;
  return TRUE;
}

gboolean
limn_jobs_move (LimnLibrary  *library,
                const gint64 *ids,
                gsize         n,
                gint64        before,
                GError      **error)
{
  Change change = { .ids = ids, .n = n, .before = before };

  return limn_library_write (library, move, &change, error);
}

static gboolean
set_priority (LimnDatabase *database,
              gpointer      data,
              GError      **error)
{
  const Change *change = data;

  if (!check_all (database, change, error))
    return FALSE;
  for (gsize i = 0; i < change->n; i++)
    if (!limn_database_run (database, error, "UPDATE jobs SET priority = ?2, position = (SELECT max (position) + 1 FROM jobs) WHERE id = ?1", "ii",
                            change->ids[i], change->priority))
      return FALSE;
  return TRUE;
}

gboolean
limn_jobs_set_priority (LimnLibrary  *library,
                        const gint64 *ids,
                        gsize         n,
                        gint64        priority,
                        GError      **error)
{
  Change change = { .ids = ids, .n = n, .priority = priority };

  return limn_library_write (library, set_priority, &change, error);
}
