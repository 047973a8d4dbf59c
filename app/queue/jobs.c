/* Jobs in the library: added and listed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/jobs.h"

#include "app/queue/inputs.h"
#include "app/queue/jobs-private.h"
#include "app/queue/timings.h"
#include "app/request-grid.h"

typedef struct
{
  const GPtrArray *requests;
  gint64           priority;
  GArray          *ids;
} Addition;

static char *
write_request (const LimnRequest *request)
{
  g_auto (LimnJsonWriter) writer = { 0 };

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_request_write (request, &writer);
  limn_json_writer_close (&writer, '}');
  return g_strdup (writer.text->str);
}

/* What it will take comes from what others took. */
static gboolean
add_one (LimnDatabase      *database,
         const LimnRequest *request,
         gint64             priority,
         gint64             batch,
         GArray            *ids,
         GError           **error)
{
  g_autofree char *json = write_request (request);
  LimnTiming       timing;
  gint64           id;

  if (!limn_timing_find (database, request, &timing, error)
      || !limn_database_run (database, error,
                             "INSERT INTO jobs (position, priority, created, request, steps, step_seconds, rest_seconds, memory) VALUES"
                             " ((SELECT coalesce (max (position), 0) + 1 FROM jobs), ?1, ?2, ?3, ?4, CASE WHEN ?5 >= 0 THEN ?5 END,"
                             " CASE WHEN ?6 >= 0 THEN ?6 END, nullif (?7, 0))",
                             "iisirri", priority, g_get_real_time (), json, (gint64) timing.steps, timing.step_seconds, timing.rest_seconds,
                             timing.memory))
    return FALSE;

  id = limn_database_last_id (database);
  if (ids != NULL)
    g_array_append_val (ids, id);
  return limn_database_run (database, error, "UPDATE jobs SET batch = ?2 WHERE id = ?1", "ii", id, batch > 0 ? batch : id);
}

static gboolean
add_all (LimnDatabase *database,
         gpointer      data,
         GError      **error)
{
  const Addition *addition = data;
  gint64          batch = 0;

  for (guint i = 0; i < addition->requests->len; i++)
    {
      if (!add_one (database, addition->requests->pdata[i], addition->priority, batch, addition->ids, error))
        return FALSE;
      if (i == 0 && !limn_database_integer (database, &batch, error, "SELECT max (id) FROM jobs", ""))
        return FALSE;
    }
  return TRUE;
}

gboolean
limn_jobs_add (LimnLibrary     *library,
               const GPtrArray *requests,
               gint64           priority,
               GArray          *ids,
               GError         **error)
{
  g_autoptr (GArray) added = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) whole = limn_request_list_new ();
  Addition addition = { whole, priority, added };

  for (guint i = 0; i < requests->len; i++)
    if (!limn_inputs_take (library, limn_request_list_add (whole, requests->pdata[i]), error))
      return FALSE;
  if (!limn_library_write (library, add_all, &addition, error))
    return FALSE;
  if (ids != NULL)
    g_array_append_vals (ids, added->data, added->len);
  return TRUE;
}

/* A name that is no file here is looked up when the job is done. */
static void
make_absolute (char **path)
{
  char *whole;

  if (*path == NULL || g_path_is_absolute (*path) || !g_file_test (*path, G_FILE_TEST_EXISTS))
    return;
  whole = g_canonicalize_filename (*path, NULL);
  g_free (*path);
  *path = whole;
}

void
limn_jobs_complete (LimnRequest *request)
{
  if (request->seed < 0)
    request->seed = g_random_int ();
  make_absolute (&request->model);
  make_absolute (&request->picture);
  make_absolute (&request->mask);
  make_absolute (&request->hires_upscaler);
  for (guint i = 0; request->loras != NULL && i < request->loras->len; i++)
    make_absolute (&((LimnLora *) request->loras->pdata[i])->name);
  for (guint i = 0; request->embeddings != NULL && i < request->embeddings->len; i++)
    make_absolute ((char **) &request->embeddings->pdata[i]);
  for (guint i = 0; request->controls != NULL && i < request->controls->len; i++)
    {
      make_absolute (&((LimnRequestControl *) request->controls->pdata[i])->model);
      make_absolute (&((LimnRequestControl *) request->controls->pdata[i])->picture);
    }
  for (guint i = 0; request->parts != NULL && i < request->parts->len; i++)
    make_absolute (&((LimnRequestPart *) request->parts->pdata[i])->file);
}

static const char columns[] = "id, state, wish, priority, coalesce (batch, id), position, step, steps, kept, resumed, attempts, created, coalesce (started, 0),"
                              " coalesce (finished, 0), coalesce (result, 0), coalesce (memory, 0), changed, coalesce (step_seconds, -1),"
                              " coalesce (rest_seconds, -1), error, request";

static gboolean
read_request (LimnJobRow   *row,
              sqlite3_stmt *statement,
              int           column,
              GError      **error)
{
  g_autofree char *name = g_strdup_printf ("job %" G_GINT64_FORMAT, row->id);
  const char      *text = (const char *) sqlite3_column_text (statement, column);

  return limn_request_parse (&row->request, text != NULL ? text : "", -1, name, error);
}

LimnJobRow *
limn_job_row_read (sqlite3_stmt *statement)
{
  LimnJobRow *row = g_new0 (LimnJobRow, 1);
  g_autoptr (GError) why = NULL;
  int i = 0;

  limn_request_init (&row->request);
  row->id = sqlite3_column_int64 (statement, i++);
  limn_job_state_parse ((const char *) sqlite3_column_text (statement, i++), &row->state);
  row->wish = row->state;
  limn_job_state_parse ((const char *) sqlite3_column_text (statement, i++), &row->wish);
  row->priority = sqlite3_column_int64 (statement, i++);
  row->batch = sqlite3_column_int64 (statement, i++);
  row->position = sqlite3_column_double (statement, i++);
  row->step = sqlite3_column_int (statement, i++);
  row->steps = sqlite3_column_int (statement, i++);
  row->kept = sqlite3_column_int (statement, i++);
  row->resumed = sqlite3_column_int (statement, i++);
  row->attempts = sqlite3_column_int (statement, i++);
  row->created = sqlite3_column_int64 (statement, i++);
  row->started = sqlite3_column_int64 (statement, i++);
  row->finished = sqlite3_column_int64 (statement, i++);
  row->result = sqlite3_column_int64 (statement, i++);
  row->memory = sqlite3_column_int64 (statement, i++);
  row->changed = sqlite3_column_int64 (statement, i++);
  row->step_seconds = sqlite3_column_double (statement, i++);
  row->rest_seconds = sqlite3_column_double (statement, i++);
  row->error = g_strdup ((const char *) sqlite3_column_text (statement, i++));
  if (!read_request (row, statement, i, &why) && row->error == NULL)
    row->error = g_strdup (why->message);
  return row;
}

char *
limn_job_row_sql (const char *rest)
{
  return g_strconcat ("SELECT ", columns, " FROM jobs ", rest, NULL);
}

typedef struct
{
  gint64     since, now, count;
  GPtrArray *rows;
} Listing;

static gboolean
list_rows (LimnDatabase *database,
           gpointer      data,
           GError      **error)
{
  Listing         *listing = data;
  g_autofree char *sql = limn_job_row_sql ("WHERE changed > ?1 ORDER BY id");
  sqlite3_stmt    *statement = limn_database_prepare (database, sql, error);
  gboolean         row = statement != NULL;

  if (statement != NULL)
    limn_database_bind (statement, "i", listing->since);
  while (row)
    {
      if (!limn_database_step (database, statement, &row, error))
        return FALSE;
      if (row)
        g_ptr_array_add (listing->rows, limn_job_row_read (statement));
    }

  return statement != NULL && limn_database_integer (database, &listing->now, error, "SELECT now FROM job_clock", "")
         && limn_database_integer (database, &listing->count, error, "SELECT count (*) FROM jobs", "");
}

GPtrArray *
limn_jobs_list (LimnLibrary *library,
                gint64       since,
                gint64      *now,
                gint64      *count,
                GError     **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_job_row_free);
  Listing listing = { since, 0, 0, rows };

  if (!limn_library_read (library, list_rows, &listing, error))
    return NULL;
  if (now != NULL)
    *now = listing.now;
  if (count != NULL)
    *count = listing.count;
  return g_steal_pointer (&rows);
}

int
limn_jobs_compare (const LimnJobRow *a,
                   const LimnJobRow *b)
{
  gboolean a_over = limn_job_state_is_over (a->state), b_over = limn_job_state_is_over (b->state);

  if (a_over != b_over)
    return a_over ? 1 : -1;
  if (a_over && a->finished != b->finished)
    return a->finished > b->finished ? -1 : 1;
  if (!a_over && a->priority != b->priority)
    return a->priority > b->priority ? -1 : 1;
  if (!a_over && a->position != b->position)
    return a->position < b->position ? -1 : 1;
  return a->id < b->id ? -1 : a->id > b->id;
}
