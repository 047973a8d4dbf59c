/* A job of `limn generate`: a request made into one or more pictures on disk.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job.h"

#include "app/cancel.h"
#include "app/command.h"
#include "app/dump-file.h"
#include "app/engine-client.h"
#include "app/metadata.h"
#include "app/model-place.h"
#include "app/safe-file.h"
#include "app/settings.h"

/* Larger files take longer to hash than a picture takes to make. */
#define MAX_HASHED_BYTES ((gsize) 512 * 1024 * 1024)

/* What a running job has open. */
typedef struct
{
  LimnJob          *job;
  LimnCancel       *cancel;
  char             *path;
  GThread          *hasher;
  LimnEngineClient *client;
  LimnJsonWriter    list;
  int               index;   /* of the picture in work */
  gint64            started; /* when it was begun, in microseconds */
  LimnProgressMode  progress;
  guint             told; /* notes of the model */
} Run;

/* An answer that is waited for. */
typedef struct
{
  GAsyncResult *result;
} Wait;

static gpointer
hash_model (gpointer data)
{
  return limn_model_place_hash (data, MAX_HASHED_BYTES);
}

static void
run_clear (Run *run)
{
  limn_progress_hide (run->progress);
  limn_json_writer_clear (&run->list);
  g_clear_object (&run->client);
  if (run->hasher != NULL)
    g_free (g_thread_join (run->hasher));
  g_free (run->path);
  g_clear_pointer (&run->cancel, limn_cancel_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static double
seconds_since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1e6;
}

/* The pictures that follow will take what this one takes. */
static double
seconds_left (const Run *run,
              double     of_picture)
{
  int following = run->job->output.count - 1 - run->index;

  return of_picture < 0 ? -1 : of_picture + following * (seconds_since (run->started) + of_picture);
}

static void
on_progress (const LimnEngineProgress *progress,
             gpointer                  data)
{
  Run              *run = data;
  LimnProgressState state = {
    .stage = g_str_equal (progress->stage, "restart") ? "load" : progress->stage,
    .picture = run->index + 1,
    .pictures = run->job->output.count,
    .step = progress->step,
    .steps = progress->steps,
    .seconds_left = seconds_left (run, progress->seconds_left),
  };

  limn_progress_show (run->progress, &state);
}

static void
add_hash (Run         *run,
          LimnRequest *made)
{
  if (run->hasher != NULL)
    {
      g_free (run->job->request.model_hash);
      run->job->request.model_hash = g_thread_join (g_steal_pointer (&run->hasher));
    }
  g_free (made->model_hash);
  made->model_hash = g_strdup (run->job->request.model_hash);
}

static gboolean
write_dump (Run                    *run,
            const LimnEngineResult *result,
            GError                **error)
{
  g_autofree char *number = run->job->output.count > 1
                                ? g_strdup_printf ("dump-%d.safetensors", run->index + 1)
                                : g_strdup ("dump.safetensors");
  g_autofree char *path = run->job->dump ? g_build_filename (run->job->dump, number, NULL) : NULL;

  return path == NULL || result->dump == NULL || limn_dump_file_write (path, result->dump, error);
}

static gboolean
report (Run               *run,
        const char        *path,
        const LimnRequest *made,
        double             seconds,
        GError           **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *line = NULL;

  if (!run->job->json)
    {
      line = g_strdup_printf ("%s: seed %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
                              "x%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " steps, %.2f s",
                              shown, made->seed, made->width, made->height, made->steps, seconds);
      return limn_command_print (line, error);
    }

  limn_json_writer_open (&run->list, NULL, '{');
  limn_json_writer_string (&run->list, "path", shown);
  limn_request_write (made, &run->list);
  limn_json_writer_real (&run->list, "seconds", seconds);
  limn_json_writer_close (&run->list, '}');
  return TRUE;
}

/* What was done otherwise than usual is told when it is new, beside what is printed for programs. */
static void
tell_notes (Run                    *run,
            const LimnEngineResult *result)
{
  guint n = g_strv_length (result->notes);

  for (; run->told < n; run->told++)
    g_printerr ("limn: note: %s\n", result->notes[run->told]);
}

/* Ctrl+C while a finished picture is written does not lose it. */
static char *
write_picture (Run                    *run,
               const LimnEngineResult *result,
               GError                **error)
{
  const LimnRequest *made = &result->made;
  g_autoptr (GPtrArray) all = limn_metadata_texts (made);
  g_autoptr (GPtrArray) texts = limn_share_texts (all, run->job->share);
  char *path;

  limn_cancel_hold (run->cancel);
  path = write_dump (run, result, error)
             ? limn_output_place_write (&run->job->output, run->index, made->seed,
                                        result->image, texts, error)
             : NULL;
  limn_cancel_release (run->cancel);
  return path;
}

static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  Wait *wait = data;

  wait->result = g_object_ref (result);
}

static LimnEngineResult *
generate (Run     *run,
          GError **error)
{
  g_auto (LimnRequest) request = { 0 };
  LimnEngineJob     job = { .request = &request, .dump = run->job->dump != NULL, .progress = on_progress, .progress_data = run };
  Wait              wait = { 0 };
  LimnEngineResult *result;

  limn_request_copy (&request, &run->job->request);
  request.seed += run->index;
  limn_engine_client_generate_async (run->client, &job, limn_cancel_cancellable (run->cancel), on_done, &wait);
  while (wait.result == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = limn_engine_client_generate_finish (run->client, wait.result, error);
  g_object_unref (wait.result);
  return result;
}

static gboolean
make_picture (Run     *run,
              GError **error)
{
  g_autoptr (LimnEngineResult) result = NULL;
  g_autofree char *path = NULL;

  run->started = g_get_monotonic_time ();
  result = generate (run, error);
  if (result == NULL)
    return FALSE;

  add_hash (run, &result->made);
  path = write_picture (run, result, error);
  if (path == NULL)
    return FALSE;

  limn_progress_hide (run->progress);
  tell_notes (run, result);
  return report (run, path, &result->made, seconds_since (run->started), error);
}

/* Signals are taken before there are other threads. */
static gboolean
start (Run     *run,
       GError **error)
{
  g_autoptr (GSettings) settings = limn_settings_new ();
  LimnEngineClientOptions options = { .engine = run->job->options };

  limn_settings_take_engine (settings, &options.engine);
  run->path = limn_model_place_find (run->job->request.model, error);
  if (run->path == NULL)
    return FALSE;

  run->cancel = limn_cancel_new ();
  run->client = limn_engine_client_new (&options);
  run->hasher = g_thread_new ("hash", hash_model, run->path);
  return TRUE;
}

static gboolean
prepare (LimnJob *job,
         GError **error)
{
  g_autofree char *file = job->dump ? g_build_filename (job->dump, "dump.safetensors", NULL) : NULL;

  if (job->request.seed < 0)
    job->request.seed = g_random_int ();
  if (job->request.seed > G_MAXINT64 - job->output.count)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE,
                   "seed %" G_GINT64_FORMAT
                   ": leaves no seeds for %d pictures: take a smaller one",
                   job->request.seed, job->output.count);
      return FALSE;
    }
  if (file == NULL)
    return TRUE;

  g_mkdir_with_parents (job->dump, 0777);
  return limn_safe_file_can_write (file, error);
}

gboolean
limn_job_run (LimnJob *job,
              GError **error)
{
  g_auto (Run) run = { .job = job, .progress = job->progress };

  if (!prepare (job, error) || !start (&run, error))
    return FALSE;

  limn_json_writer_init (&run.list, TRUE);
  limn_json_writer_open (&run.list, NULL, '[');
  for (run.index = 0; run.index < job->output.count; run.index++)
    if (!make_picture (&run, error))
      return FALSE;
  limn_json_writer_close (&run.list, ']');

  return !job->json || limn_command_print (run.list.text->str, error);
}
