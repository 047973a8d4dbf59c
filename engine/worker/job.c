/* One picture that the worker makes: from the call to its answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/worker/job.h"

#include "engine/wire/errors.h"
#include "engine/worker/request.h"

/* The cancel and pause flags, and the state kept, are the mutex's; all else is the desk's. */
struct _LimnWorkerJob
{
  LimnDbusEngine1       *object;
  LimnCarrier           *carrier;
  guint64                id;
  GDBusMethodInvocation *invocation;
  GUnixFDList           *descriptors;
  GVariant              *request, *inputs, *options;
  LimnModel             *model; /* nullable: none is open yet */
  guint                  keep_ms, preview_ms;
  gint64                 kept_at, previewed_at;
  gint64                 began, rested; /* sampling; while it was paused, in microseconds */
  int                    first;         /* step that was there when sampling began */
  double                 step_seconds;

  GMutex   mutex;
  GCond    wake;
  gboolean cancelled, paused, done;
  GBytes  *state;
  int      state_step;
};

/* What came beside the request. */
typedef struct
{
  LimnArray          *picture, *mask;
  GPtrArray          *hints; /* of the request's ControlNets, in their order */
  LimnSaved          *resume;
  LimnGenerationParts parts;
} Inputs;

static void
inputs_clear (Inputs *inputs)
{
  limn_array_free (inputs->picture);
  limn_array_free (inputs->mask);
  g_clear_pointer (&inputs->hints, g_ptr_array_unref);
  limn_saved_free (inputs->resume);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Inputs, inputs_clear)

LimnWorkerJob *
limn_worker_job_new (LimnDbusEngine1       *object,
                     LimnCarrier           *carrier,
                     guint64                id,
                     GDBusMethodInvocation *invocation,
                     GUnixFDList           *descriptors,
                     GVariant              *request,
                     GVariant              *inputs,
                     GVariant              *options)
{
  LimnWorkerJob *job = g_atomic_rc_box_new0 (LimnWorkerJob);

  job->object = g_object_ref (object);
  job->carrier = carrier;
  job->id = id;
  job->invocation = invocation;
  job->descriptors = descriptors != NULL ? g_object_ref (descriptors) : NULL;
  job->request = g_variant_ref (request);
  job->inputs = g_variant_ref (inputs);
  job->options = g_variant_ref (options);
  g_variant_lookup (options, "keep", "u", &job->keep_ms);
  g_variant_lookup (options, "preview", "u", &job->preview_ms);
  job->kept_at = g_get_monotonic_time ();
  g_mutex_init (&job->mutex);
  g_cond_init (&job->wake);
  return job;
}

LimnWorkerJob *
limn_worker_job_ref (LimnWorkerJob *job)
{
  return g_atomic_rc_box_acquire (job);
}

static void
job_clear (gpointer data)
{
  LimnWorkerJob *job = data;

  g_object_unref (job->object);
  g_clear_object (&job->descriptors);
  g_variant_unref (job->request);
  g_variant_unref (job->inputs);
  g_variant_unref (job->options);
  g_clear_pointer (&job->state, g_bytes_unref);
  g_mutex_clear (&job->mutex);
  g_cond_clear (&job->wake);
}

void
limn_worker_job_unref (LimnWorkerJob *job)
{
  g_atomic_rc_box_release_full (job, job_clear);
}

void
limn_worker_job_cancel (LimnWorkerJob *job)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&job->mutex);

  job->cancelled = TRUE;
  g_cond_broadcast (&job->wake);
}

void
limn_worker_job_pause (LimnWorkerJob *job,
                       gboolean       paused)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&job->mutex);

  job->paused = paused;
  g_cond_broadcast (&job->wake);
}

gboolean
limn_worker_job_done (LimnWorkerJob *job)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&job->mutex);

  return job->done;
}

GBytes *
limn_worker_job_state (LimnWorkerJob *job,
                       int           *step)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&job->mutex);

  *step = job->state_step;
  return job->state != NULL ? g_bytes_ref (job->state) : NULL;
}

static gboolean
is_paused (LimnWorkerJob *job)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&job->mutex);

  return job->paused && !job->cancelled;
}

static gboolean
is_due (const LimnWorkerJob *job)
{
  return job->keep_ms > 0 && g_get_monotonic_time () - job->kept_at >= (gint64) job->keep_ms * 1000;
}

static void
keep (LimnWorkerJob      *job,
      const LimnProgress *progress)
{
  g_autoptr (LimnSaved) saved = limn_progress_save (progress);
  g_autoptr (GBytes) bytes = saved != NULL ? limn_saved_to_bytes (saved) : NULL;
  g_autoptr (GMutexLocker) locker = NULL;

  if (bytes == NULL)
    return;
  locker = g_mutex_locker_new (&job->mutex);
  g_clear_pointer (&job->state, g_bytes_unref);
  job->state = g_steal_pointer (&bytes);
  job->state_step = saved->step;
  job->kept_at = g_get_monotonic_time ();
}

/* The state is kept before the pause is told: whoever pauses a job may want to end the program. */
static void
wait_while_paused (LimnWorkerJob      *job,
                   const LimnProgress *progress)
{
  gint64 start = g_get_monotonic_time ();

  if (!is_paused (job))
    return;

  keep (job, progress);
  limn_dbus_engine1_emit_progress (job->object, job->id, "paused", progress->step, progress->steps, -1);
  g_mutex_lock (&job->mutex);
  while (job->paused && !job->cancelled)
    g_cond_wait (&job->wake, &job->mutex);
  g_mutex_unlock (&job->mutex);
  job->rested += g_get_monotonic_time () - start;
}

static gboolean
is_cancelled (LimnWorkerJob *job)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&job->mutex);

  return job->cancelled;
}

/* As the engine tells it, but without the time that the job was paused. Returns: seconds left */
static double
measure (LimnWorkerJob      *job,
         const LimnProgress *progress)
{
  gint64   now = g_get_monotonic_time ();
  gboolean samples = g_str_equal (progress->stage, "sample");

  if (!samples || progress->standing == NULL || job->began == 0)
    {
      job->began = now;
      job->rested = 0;
      job->first = progress->step;
      return progress->seconds_left;
    }
  if (progress->step <= job->first)
    return progress->seconds_left;

  job->step_seconds = (double) (now - job->began - job->rested) / G_USEC_PER_SEC / (progress->step - job->first);
  return job->step_seconds * (progress->steps - progress->step);
}

static GVariant *
to_bytes (const LimnArray *picture)
{
  gsize   n = limn_shape_elements (picture->shape);
  guint8 *bytes = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    bytes[i] = (guint8) (CLAMP (picture->data[i], 0, 1) * 255 + 0.5f);
  return g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, bytes, n, TRUE, g_free, bytes);
}

static void
preview (LimnWorkerJob      *job,
         const LimnProgress *progress)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr (LimnArray) picture = NULL;

  if (job->preview_ms == 0 || progress->denoised == NULL || now - job->previewed_at < (gint64) job->preview_ms * 1000)
    return;
  picture = limn_model_preview (job->model, progress->denoised);
  job->previewed_at = now;
  if (picture != NULL)
    limn_dbus_engine1_emit_preview (job->object, job->id, progress->step, picture->shape.w, picture->shape.h, to_bytes (picture));
}

/* Between two steps, on the desk's thread. */
static gboolean
on_progress (const LimnProgress *progress,
             gpointer            data)
{
  LimnWorkerJob *job = data;
  double         left = measure (job, progress);

  if (is_due (job))
    keep (job, progress);
  preview (job, progress);
  limn_dbus_engine1_emit_progress (job->object, job->id, progress->stage, progress->step, progress->steps, left);
  wait_while_paused (job, progress);
  return !is_cancelled (job);
}

static gboolean
take_array (LimnWorkerJob *job,
            const char    *key,
            LimnArray    **array,
            GError       **error)
{
  g_autoptr (GVariant) carried = g_variant_lookup_value (job->inputs, key, NULL);

  if (carried == NULL)
    return TRUE;
  *array = limn_carrier_take_array (job->carrier, job->descriptors, carried, error);
  return *array != NULL;
}

static gboolean
take_hints (LimnWorkerJob *job,
            Inputs        *inputs,
            GError       **error)
{
  g_autoptr (GVariant) list = g_variant_lookup_value (job->inputs, "hints", G_VARIANT_TYPE ("av"));

  inputs->hints = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_array_free);
  for (gsize i = 0; list != NULL && i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (list, i);
      g_autoptr (GVariant) carried = g_variant_get_variant (boxed);
      LimnArray *hint = limn_carrier_take_array (job->carrier, job->descriptors, carried, error);

      if (hint == NULL)
        return FALSE;
      g_ptr_array_add (inputs->hints, hint);
    }
  return TRUE;
}

/* Each hint is for one ControlNet of the request. */
static gboolean
set_controls (LimnDesk          *desk,
              const Inputs      *inputs,
              LimnWorkerRequest *request,
              GError           **error)
{
  LimnControl *controls = (LimnControl *) (gpointer) request->controls->data;

  if (inputs->hints->len != request->controls->len)
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT, "%u pictures to steer by for %u ControlNets: give one for each",
                   inputs->hints->len, request->controls->len);
      return FALSE;
    }

  for (guint i = 0; i < request->controls->len; i++)
    {
      controls[i].hint = inputs->hints->pdata[i];
      controls[i].model = limn_desk_control (desk, request->control_paths->pdata[i], error);
      if (controls[i].model == NULL)
        return FALSE;
    }
  request->generation.controls = controls;
  request->generation.n_controls = (int) request->controls->len;
  return TRUE;
}

static gboolean
take_resume (LimnWorkerJob *job,
             Inputs        *inputs,
             GError       **error)
{
  g_autoptr (GVariant) carried = g_variant_lookup_value (job->inputs, "resume", NULL);
  g_autoptr (GBytes) bytes = NULL;

  if (carried == NULL)
    return TRUE;
  bytes = limn_carrier_take (job->carrier, job->descriptors, carried, error);
  inputs->resume = bytes != NULL ? limn_saved_from_bytes (bytes, error) : NULL;
  inputs->parts.resume = inputs->resume;
  return inputs->resume != NULL;
}

static gboolean
take_inputs (LimnWorkerJob *job,
             Inputs        *inputs,
             GError       **error)
{
  return take_array (job, "picture", &inputs->picture, error) && take_array (job, "mask", &inputs->mask, error) && take_hints (job, inputs, error)
         && take_resume (job, inputs, error);
}

static gboolean
set_extras (LimnModel               *model,
            const LimnWorkerRequest *request,
            GError                 **error)
{
  return limn_model_set_adapters (model, (const LimnAdapter *) (gpointer) request->adapters->data, request->adapters->len, error)
         && limn_model_set_embeddings (model, (const char *const *) request->words->pdata, (const char *const *) request->embeddings->pdata,
                                       request->embeddings->len, error);
}

static LimnResult *
make (LimnWorkerJob *job,
      LimnDesk      *desk,
      GError       **error)
{
  LimnModel *model = limn_desk_model (desk, error);
  g_autoptr (LimnWorkerRequest) request = model != NULL ? limn_worker_request_read (job->request, error) : NULL;
  g_auto (Inputs) inputs = { 0 };
  gboolean dump = FALSE;

  if (request == NULL || !take_inputs (job, &inputs, error) || !set_controls (desk, &inputs, request, error))
    return NULL;
  if (!set_extras (model, request, error))
    return NULL;

  job->model = model;
  request->generation.picture = inputs.picture;
  request->generation.mask = inputs.mask;
  request->generation.parts = inputs.resume != NULL ? &inputs.parts : NULL;
  g_variant_lookup (job->options, "dump", "b", &dump);
  return limn_generate (model, &request->generation, dump, on_progress, job, error);
}

static gboolean
put_array (LimnWorkerJob   *job,
           GVariantBuilder *builder,
           const char      *key,
           GUnixFDList     *descriptors,
           const LimnArray *array,
           GError         **error)
{
  GVariant *carried = limn_carrier_put_array (job->carrier, descriptors, array, error);

  if (carried != NULL)
    g_variant_builder_add (builder, "{sv}", key, carried);
  return carried != NULL;
}

static GVariant *
put_dump (LimnWorkerJob *job,
          GHashTable    *dump,
          GUnixFDList   *descriptors,
          GError       **error)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GHashTableIter iter;
  gpointer       name, array;

  g_hash_table_iter_init (&iter, dump);
  while (g_hash_table_iter_next (&iter, &name, &array))
    if (!put_array (job, &builder, name, descriptors, array, error))
      return NULL;
  return g_variant_builder_end (&builder);
}

static GVariant *
seconds_of (const LimnWorkerJob *job,
            const LimnResult    *result)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sd}"));

  g_variant_builder_add (&builder, "{sd}", "load", result->load_seconds);
  g_variant_builder_add (&builder, "{sd}", "encode", result->encode_seconds);
  g_variant_builder_add (&builder, "{sd}", "step", job->step_seconds);
  g_variant_builder_add (&builder, "{sd}", "decode", result->decode_seconds);
  return g_variant_builder_end (&builder);
}

static GVariant *
describe (LimnWorkerJob    *job,
          LimnDesk         *desk,
          const LimnResult *result,
          GUnixFDList      *descriptors,
          GError          **error)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *device = limn_desk_device (desk);
  GVariant        *dump;

  if (!put_array (job, &builder, "image", descriptors, result->image, error))
    return NULL;
  if (result->dump != NULL)
    {
      dump = put_dump (job, result->dump, descriptors, error);
      if (dump == NULL)
        return NULL;
      g_variant_builder_add (&builder, "{sv}", "dump", dump);
    }
  g_variant_builder_add (&builder, "{sv}", "settings", limn_worker_request_settings (result));
  g_variant_builder_add (&builder, "{sv}", "seconds", seconds_of (job, result));
  g_variant_builder_add (&builder, "{sv}", "notes", g_variant_new_strv ((const char *const *) result->notes, -1));
  g_variant_builder_add (&builder, "{sv}", "device", g_variant_new_string (device));
  return g_variant_builder_end (&builder);
}

static void
answer (LimnWorkerJob    *job,
        LimnDesk         *desk,
        const LimnResult *result,
        GError           *error)
{
  g_autoptr (GUnixFDList) descriptors = limn_carrier_descriptors (job->carrier);
  GVariant *described = result != NULL ? describe (job, desk, result, descriptors, &error) : NULL;

  g_mutex_lock (&job->mutex);
  job->done = TRUE;
  g_mutex_unlock (&job->mutex);
  if (described != NULL)
    limn_dbus_engine1_complete_generate (job->object, job->invocation, descriptors, described);
  else
    limn_wire_error_return (job->invocation, error);
  g_clear_error (&error);
}

void
limn_worker_job_run (LimnWorkerJob *job,
                     LimnDesk      *desk)
{
  g_autoptr (LimnResult) result = NULL;
  GError *error = NULL;

  if (is_cancelled (job))
    error = g_error_new_literal (LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED, "generation: was cancelled");
  else
    result = make (job, desk, &error);
  if (result != NULL)
    limn_desk_measured (desk, result->settings.width, result->settings.height, job->step_seconds);
  answer (job, desk, result, error);
}
