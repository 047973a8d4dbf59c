/* A job of `limn generate`: a request made into one or more pictures on disk.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job.h"

#include "app/cancel.h"
#include "app/command.h"
#include "app/dump-file.h"
#include "app/job-inputs.h"
#include "app/metadata.h"
#include "app/model-place.h"
#include "app/safe-file.h"

/* Larger files take longer to hash than a picture takes to make. */
#define MAX_HASHED_BYTES ((gsize) 512 * 1024 * 1024)

/* What a running job has open. */
typedef struct
{
  LimnJob         *job;
  LimnCancel      *cancel;
  char            *path;
  GThread         *hasher;
  LimnEngine      *engine;
  LimnModel       *model;
  LimnJobInputs    inputs;
  LimnJsonWriter   list;
  int              index;   /* of the picture in work */
  gint64           started; /* when it was begun, in microseconds */
  LimnProgressMode progress;
  guint            told; /* notes of the model */
} Run;

static gpointer
hash_model (gpointer data)
{
  return limn_model_place_hash (data, MAX_HASHED_BYTES);
}

static void
run_clear (Run *run)
{
  limn_progress_hide (run->progress);
  limn_job_inputs_clear (&run->inputs);
  limn_json_writer_clear (&run->list);
  g_clear_pointer (&run->model, limn_model_free);
  g_clear_pointer (&run->engine, limn_engine_free);
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

static gboolean
on_progress (const LimnProgress *progress,
             gpointer            data)
{
  Run              *run = data;
  LimnProgressState state = {
    .stage = progress->stage,
    .picture = run->index + 1,
    .pictures = run->job->output.count,
    .step = progress->step,
    .steps = progress->steps,
    .seconds_left = seconds_left (run, progress->seconds_left),
  };

  limn_progress_show (run->progress, &state);
  return limn_cancel_signal (run->cancel) == 0;
}

static LimnGeneration
make_generation (const Run *run)
{
  const LimnRequest *request = &run->job->request;

  return (LimnGeneration){
    .prompt = request->prompt,
    .negative = request->negative,
    .width = run->inputs.width,
    .height = run->inputs.height,
    .steps = MAX (request->steps, 0),
    .guidance = request->guidance,
    .seed = (guint64) (request->seed + run->index),
    .sampler = request->sampler,
    .schedule = request->schedule,
    .clip_skip = MAX (request->clip_skip, 0),
    .strength = request->strength,
    .picture = run->inputs.picture,
    .mask = run->inputs.mask,
  };
}

static char *
base_name (const char *path)
{
  g_autofree char *base = path ? g_path_get_basename (path) : NULL;

  return base ? g_filename_display_name (base) : NULL;
}

/* The request with everything filled in that the engine decided, and with names in place of paths, which are nobody's business. */
/* Only names: where they lie is nobody's business who gets the picture. */
static GPtrArray *
named_loras (const GPtrArray *loras)
{
  GPtrArray *named = loras != NULL ? limn_lora_list_new () : NULL;

  for (guint i = 0; loras != NULL && i < loras->len; i++)
    {
      const LimnLora  *lora = loras->pdata[i];
      g_autofree char *name = base_name (lora->name);

      limn_lora_list_add (named, name, lora->weight);
    }

  return named;
}

static void
describe (Run              *run,
          const LimnResult *result,
          LimnRequest      *made)
{
  const LimnRequest    *asked = &run->job->request;
  const LimnGeneration *settings = &result->settings;

  if (run->hasher != NULL)
    {
      g_autofree char *hash = g_thread_join (g_steal_pointer (&run->hasher));

      g_free (run->job->request.model_hash);
      run->job->request.model_hash = g_steal_pointer (&hash);
    }

  limn_request_init (made);
  made->prompt = asked->prompt ? g_strdup (settings->prompt) : NULL; /* with its choices made */
  made->negative = *settings->negative ? g_strdup (settings->negative) : NULL;
  made->model = limn_model_place_name (run->path);
  made->model_hash = g_strdup (asked->model_hash);
  made->sampler = g_strdup (settings->sampler);
  made->schedule = g_strdup (settings->schedule);
  made->picture = base_name (asked->picture);
  made->mask = base_name (asked->mask);
  made->type = g_strdup (asked->type);
  made->seed = (gint64) settings->seed;
  made->steps = settings->steps;
  made->width = result->image->shape.w;
  made->height = result->image->shape.h;
  made->guidance = settings->guidance;
  made->strength = run->inputs.picture ? settings->strength : -1;
  made->clip_skip = settings->clip_skip > 1 ? settings->clip_skip : -1;
  made->loras = named_loras (asked->loras);
}

static gboolean
write_dump (Run              *run,
            const LimnResult *result,
            GError          **error)
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
tell_notes (Run              *run,
            const LimnResult *result)
{
  guint n = g_strv_length (result->notes);

  for (; run->told < n; run->told++)
    g_printerr ("limn: note: %s\n", result->notes[run->told]);
}

/* Ctrl+C while a finished picture is written does not lose it. */
static char *
write_picture (Run               *run,
               const LimnResult  *result,
               const LimnRequest *made,
               GError           **error)
{
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

static gboolean
make_picture (Run     *run,
              GError **error)
{
  LimnGeneration generation = make_generation (run);
  g_autoptr (LimnResult) result = NULL;
  g_auto (LimnRequest) made = { 0 };
  g_autofree char *path = NULL;

  run->started = g_get_monotonic_time ();
  result = limn_generate (run->model, &generation, run->job->dump != NULL, on_progress, run, error);
  if (result == NULL)
    return FALSE;

  describe (run, result, &made);
  path = write_picture (run, result, &made, error);
  if (path == NULL)
    return FALSE;

  limn_progress_hide (run->progress);
  tell_notes (run, result);
  return report (run, path, &made, seconds_since (run->started), error);
}

static gboolean
set_loras (LimnModel       *model,
           const GPtrArray *loras,
           GError         **error)
{
  gsize                   n = loras != NULL ? loras->len : 0;
  g_autofree LimnAdapter *adapters = g_new0 (LimnAdapter, n);

  for (gsize i = 0; i < n; i++)
    {
      const LimnLora *lora = loras->pdata[i];

      adapters[i] = (LimnAdapter){ lora->name, lora->weight, lora->weight };
    }

  return limn_model_set_adapters (model, adapters, n, error);
}

static gboolean
open_model (Run     *run,
            GError **error)
{
  LimnProgressState loading = {
    .stage = "load", .picture = 1, .pictures = run->job->output.count, .seconds_left = -1
  };

  run->path = limn_model_place_find (run->job->request.model, error);
  if (run->path == NULL)
    return FALSE;

  run->cancel = limn_cancel_new ();
  limn_progress_show (run->progress, &loading);
  run->engine = limn_engine_new (&run->job->options, error);
  run->model = run->engine ? limn_model_open (run->engine, run->path, NULL, error) : NULL;
  if (run->model == NULL)
    return FALSE;

  if (!set_loras (run->model, run->job->request.loras, error))
    return FALSE;

  run->hasher = g_thread_new ("hash", hash_model, run->path);
  return limn_job_inputs_load (&run->inputs, &run->job->request, limn_model_info (run->model),
                               error);
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

  if (!prepare (job, error) || !open_model (&run, error))
    return FALSE;

  limn_json_writer_init (&run.list, TRUE);
  limn_json_writer_open (&run.list, NULL, '[');
  for (run.index = 0; run.index < job->output.count; run.index++)
    if (!make_picture (&run, error))
      return FALSE;
  limn_json_writer_close (&run.list, ']');

  return !job->json || limn_command_print (run.list.text->str, error);
}
