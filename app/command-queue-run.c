/* limn queue run: works the queue without a window until it is empty.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-queue.h"

#include "app/cancel.h"
#include "app/number.h"
#include "app/progress.h"
#include "app/queue/queue.h"
#include "app/settings.h"

#define KEEP_SECONDS 3

typedef struct
{
  LimnProgressMode  progress;
  LimnCancel       *cancel;
  LimnLibrary      *library;
  LimnEngineClient *client;
  LimnQueue        *queue;
  GMainLoop        *loop;
  GHashTable       *open; /* numbers of jobs that are not over */
  guint             done, failed, keep_ms;
  gboolean          signalled;
  GError           *error;
} Run;

static void
run_clear (Run *run)
{
  limn_progress_hide (run->progress);
  g_clear_object (&run->queue);
  g_clear_object (&run->client);
  g_clear_object (&run->library);
  g_clear_pointer (&run->cancel, limn_cancel_free);
  g_clear_pointer (&run->loop, g_main_loop_unref);
  g_clear_pointer (&run->open, g_hash_table_unref);
  g_clear_error (&run->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* @left: of all jobs that wait; those of which nothing is known do not count. Returns: how many wait or run */
static int
count_waiting (Run    *run,
               double *left)
{
  GListModel *list = G_LIST_MODEL (run->queue);
  int         n = 0;

  *left = 0;
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (LimnQueueJob) job = g_list_model_get_item (list, i);
      const LimnJobRow *row = limn_queue_job_row (job);
      double            seconds = limn_job_row_seconds_left (row);

      if (row->state > LIMN_JOB_RUNNING)
        continue;
      n++;
      if (row->state == LIMN_JOB_QUEUED && seconds > 0)
        *left += seconds;
    }
  return n;
}

static void
on_step (LimnQueueJob *job,
         GParamSpec   *spec,
         gpointer      data)
{
  Run              *run = data;
  g_autofree char  *stage = NULL;
  LimnProgressState state = { .picture = run->done + run->failed + 1 };
  double            others;

  g_object_get (job, "stage", &stage, "step", &state.step, "steps", &state.steps, "seconds-left", &state.seconds_left, NULL);
  if (stage == NULL)
    return;
  state.pictures = run->done + run->failed + count_waiting (run, &others);
  state.stage = g_str_equal (stage, "restart") || g_str_equal (stage, "paused") ? "load" : stage;
  if (state.seconds_left >= 0)
    state.seconds_left += others;
  limn_progress_show (run->progress, &state);
}

static void
on_added (LimnQueue    *queue,
          LimnQueueJob *job,
          gpointer      data)
{
  Run              *run = data;
  const LimnJobRow *row = limn_queue_job_row (job);

  g_signal_connect (job, "notify::step", G_CALLBACK (on_step), run);
  if (!limn_job_state_is_over (row->state))
    g_hash_table_add (run->open, g_memdup2 (&row->id, sizeof row->id));
}

static void
tell_done (Run              *run,
           const LimnJobRow *row)
{
  g_autofree char *line = g_strdup_printf ("job %" G_GINT64_FORMAT ": picture %" G_GINT64_FORMAT ", seed %" G_GINT64_FORMAT, row->id, row->result,
                                           row->request.seed);

  run->done++;
  limn_progress_hide (run->progress);
  limn_command_print (line, NULL);
}

static void
tell_failed (Run              *run,
             const LimnJobRow *row)
{
  run->failed++;
  limn_progress_hide (run->progress);
  g_printerr ("limn: job %" G_GINT64_FORMAT ": %s\n", row->id, row->error != NULL ? row->error : "failed");
}

/* Only what ended here and now is told. One that failed may be resumed, and end again. */
static void
on_changed (LimnQueue    *queue,
            LimnQueueJob *job,
            gpointer      data)
{
  Run              *run = data;
  const LimnJobRow *row = limn_queue_job_row (job);

  if (!limn_job_state_is_over (row->state))
    {
      g_hash_table_add (run->open, g_memdup2 (&row->id, sizeof row->id));
      return;
    }
  if (!g_hash_table_remove (run->open, &row->id))
    return;
  if (row->state == LIMN_JOB_DONE)
    tell_done (run, row);
  else if (row->state == LIMN_JOB_FAILED)
    tell_failed (run, row);
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_main_loop_quit (((Run *) data)->loop);
}

static void
stop (Run *run)
{
  limn_queue_stop_async (run->queue, on_stopped, run);
}

static void
on_drained (LimnQueue *queue,
            gpointer   data)
{
  stop (data);
}

static void
on_failed (LimnQueue    *queue,
           const GError *error,
           gpointer      data)
{
  Run *run = data;

  run->error = g_error_copy (error);
  g_main_loop_quit (run->loop);
}

static gboolean
on_signal (GCancellable *cancellable,
           gpointer      data)
{
  Run *run = data;

  run->signalled = TRUE;
  stop (run);
  return G_SOURCE_REMOVE;
}

static void
on_started (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  Run *run = data;

  if (!limn_queue_start_finish (run->queue, result, &run->error))
    g_main_loop_quit (run->loop);
}

/* Signals are taken before there are other threads. */
static gboolean
work (Run               *run,
      LimnEngineOptions *engine,
      GError           **error)
{
  g_autoptr (GSettings) settings = limn_settings_new ();
  LimnEngineClientOptions options = { .engine = *engine };
  g_autoptr (LimnMaker) maker = NULL;
  g_autoptr (GSource) source = NULL;

  run->cancel = limn_cancel_new ();
  run->library = limn_library_open (NULL, error);
  if (run->library == NULL)
    return FALSE;

  run->open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  run->loop = g_main_loop_new (NULL, FALSE);
  limn_settings_take_engine (settings, &options.engine);
  options.idle_ms = limn_settings_idle_ms (settings);
  run->client = limn_engine_client_new (&options);
  maker = limn_engine_maker_new (run->client);
  run->queue = limn_queue_new (run->library, maker);
  limn_queue_set_pace (run->queue, run->keep_ms, 0);
  g_signal_connect (run->queue, "job-added", G_CALLBACK (on_added), run);
  g_signal_connect (run->queue, "job-changed", G_CALLBACK (on_changed), run);
  g_signal_connect (run->queue, "drained", G_CALLBACK (on_drained), run);
  g_signal_connect (run->queue, "failed", G_CALLBACK (on_failed), run);
  source = g_cancellable_source_new (limn_cancel_cancellable (run->cancel));
  g_source_set_callback (source, G_SOURCE_FUNC (on_signal), run, NULL);
  g_source_attach (source, NULL);
  limn_queue_start_async (run->queue, on_started, run);
  g_main_loop_run (run->loop);
  g_source_destroy (source);
  return TRUE;
}

static gboolean
conclude (Run     *run,
          GError **error)
{
  limn_progress_hide (run->progress);
  if (run->error != NULL)
    g_propagate_error (error, g_steal_pointer (&run->error));
  else if (run->signalled)
    g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED, "queue: stopped: limn queue run goes on where it was");
  else if (run->failed > 0)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER, "queue: %u of %u jobs failed: limn queue resume JOB tries again", run->failed,
                 run->failed + run->done);
  else
    return TRUE;
  return FALSE;
}

static gboolean
parse_keep (const char *text,
            guint      *keep_ms,
            GError    **error)
{
  g_autoptr (GSettings) settings = limn_settings_new ();
  double seconds = settings != NULL ? g_settings_get_double (settings, "keep-seconds") : KEEP_SECONDS;

  if (text != NULL && (!limn_number_parse_real (text, &seconds) || seconds < 0 || seconds > 3600))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--keep \"%s\": is no number of seconds from 0 (never) to 3600", text);
      return FALSE;
    }

  *keep_ms = (guint) (seconds * 1000);
  return TRUE;
}

static gboolean
run (char   **arguments,
     GError **error)
{
  g_auto (Run) run = { 0 };
  g_autofree char *threads = NULL, *progress = NULL, *kept = NULL;
  g_auto (GStrv) words = NULL;
  LimnEngineOptions  engine = { 0 };
  const GOptionEntry entries[] = {
    { "keep", 0, 0, G_OPTION_ARG_STRING, &kept, "Between two times that the step is kept (default: 3)", "SECONDS" },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &threads, "Of the processor (default: one a core)", "N" },
    { "progress", 0, 0, G_OPTION_ARG_STRING, &progress, "auto, json or none, on standard error", "HOW" },
    G_OPTION_ENTRY_NULL
  };

  if (!limn_command_parse (&limn_command_queue_run, arguments, "",
                           "Makes what waits, one after the other, and ends when nothing does. Ctrl+C keeps the step of the job that runs.\n"
                           "Pictures go into the library: limn library list",
                           entries, &words, error)
      || !limn_command_check_words (&limn_command_queue_run, words, 0, 0, "nothing", error)
      || !parse_keep (kept, &run.keep_ms, error) || !limn_command_parse_threads (threads, &engine.threads, error)
      || !limn_progress_mode (progress, limn_progress_terminal (), &run.progress, error))
    return FALSE;

  return work (&run, &engine, error) && conclude (&run, error);
}

const LimnCommand limn_command_queue_run = { .name = "queue run", .summary = "Make what waits", .run = run };
