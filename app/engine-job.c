/* A job of an engine's client: the picture is made by the worker, and once more on a smaller plan if that fails.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-job.h"

#include "app/crash-report.h"
#include "app/engine-progress.h"
#include "app/engine-result.h"
#include "app/job-inputs.h"
#include "app/request-resolve.h"
#include "app/request-variant.h"

struct _LimnEngineWork
{
  LimnEngineJob job; /* its request is the one that follows */
  LimnRequest   request;
};

/* What one try has. */
typedef struct
{
  LimnEngineCore   *core;
  LimnEngineWork   *work;
  LimnEngineLink   *link;
  LimnEngineKeeper *keeper;
  LimnJobInputs     inputs;
  char             *path;
  GVariant         *info;
  gint64            started;
} Try;

static void
try_clear (Try *try)
{
  limn_job_inputs_clear (&try->inputs);
  g_clear_pointer (&try->path, g_free);
  g_clear_pointer (&try->info, g_variant_unref);
  try->link = NULL;
}

LimnEngineWork *
limn_engine_work_new (const LimnEngineJob *job)
{
  LimnEngineWork *work = g_new0 (LimnEngineWork, 1);

  work->job = *job;
  limn_request_copy (&work->request, job->request);
  work->job.request = &work->request;
  work->job.hints = job->n_hints > 0 ? g_memdup2 (job->hints, job->n_hints * sizeof *job->hints) : NULL;
  work->job.resume = job->resume != NULL ? g_bytes_ref (job->resume) : NULL;
  if (work->request.seed < 0)
    work->request.seed = g_random_int ();
  if (work->request.variation > 0 && work->request.variation_seed < 0)
    work->request.variation_seed = g_random_int ();
  return work;
}

void
limn_engine_work_free (LimnEngineWork *work)
{
  limn_request_clear (&work->request);
  g_free ((gpointer) work->job.hints);
  g_clear_pointer (&work->job.resume, g_bytes_unref);
  g_free (work);
}

const LimnRequest *
limn_engine_work_request (const LimnEngineWork *work)
{
  return &work->request;
}

/* What sizes depend on. */
static LimnModelInfo
model_info (GVariant *facts)
{
  LimnModelInfo info = { 0 };

  g_variant_lookup (facts, "width", "i", &info.width);
  g_variant_lookup (facts, "height", "i", &info.height);
  g_variant_lookup (facts, "size_step", "i", &info.size_step);
  g_variant_lookup (facts, "max_size", "i", &info.max_size);
  g_variant_lookup (facts, "native", "i", &info.native);
  return info;
}

static gboolean
load_inputs (Try     *try,
             GError **error)
{
  const LimnEngineJob *job = &try->work->job;
  LimnModelInfo        info = model_info (try->info);

  return limn_job_inputs_load (&try->inputs, &try->work->request, &info, job->picture, job->mask, error);
}

static gboolean
put_array (Try             *try,
           GVariantBuilder *builder,
           GUnixFDList     *descriptors,
           const char      *key,
           const LimnArray *array,
           GError         **error)
{
  GVariant *carried;

  if (array == NULL)
    return TRUE;
  carried = limn_carrier_put_array (limn_engine_link_carrier (try->link), descriptors, array, error);
  if (carried != NULL)
    g_variant_builder_add (builder, "{sv}", key, carried);
  return carried != NULL;
}

/* Those that the caller has made, or those that were made of the request's pictures. */
static gboolean
put_hints (Try             *try,
           GVariantBuilder *builder,
           GUnixFDList     *descriptors,
           GError         **error)
{
  const LimnEngineJob    *job = &try->work->job;
  guint                   n = job->n_hints > 0 ? job->n_hints : try->inputs.hints->len;
  const LimnArray *const *hints = job->n_hints > 0 ? job->hints : (const LimnArray *const *) try->inputs.hints->pdata;
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  for (guint i = 0; i < n; i++)
    {
      GVariant *carried = limn_carrier_put_array (limn_engine_link_carrier (try->link), descriptors, hints[i], error);

      if (carried == NULL)
        return FALSE;
      g_variant_builder_add (&list, "v", carried);
    }
  if (n > 0)
    g_variant_builder_add (builder, "{sv}", "hints", g_variant_builder_end (&list));
  return TRUE;
}

static gboolean
put_resume (Try             *try,
            GVariantBuilder *builder,
            GUnixFDList     *descriptors,
            GError         **error)
{
  g_autoptr (GBytes) state = limn_engine_keeper_state (try->keeper);
  GVariant *carried;

  if (state == NULL)
    return TRUE;
  carried = limn_carrier_put (limn_engine_link_carrier (try->link), descriptors, g_bytes_get_data (state, NULL), g_bytes_get_size (state), error);
  if (carried != NULL)
    g_variant_builder_add (builder, "{sv}", "resume", carried);
  return carried != NULL;
}

static GVariant *
make_inputs (Try         *try,
             GUnixFDList *descriptors,
             GError     **error)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (!put_array (try, &builder, descriptors, "picture", try->inputs.picture, error)
      || !put_array (try, &builder, descriptors, "mask", try->inputs.mask, error)
      || !put_hints (try, &builder, descriptors, error) || !put_resume (try, &builder, descriptors, error))
    return NULL;
  return g_variant_builder_end (&builder);
}

static GVariant *
make_options (const LimnEngineJob *job)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&builder, "{sv}", "dump", g_variant_new_boolean (job->dump));
  g_variant_builder_add (&builder, "{sv}", "keep", g_variant_new_uint32 (job->keep_ms));
  g_variant_builder_add (&builder, "{sv}", "preview", g_variant_new_uint32 (job->preview_ms));
  return g_variant_builder_end (&builder);
}

/* The request with the size that the pictures have. */
static GVariant *
make_request (Try *try)
{
  g_auto (LimnRequest) request = { 0 };

  limn_request_copy (&request, &try->work->request);
  if (try->inputs.width > 0 && try->inputs.height > 0)
    {
      request.width = try->inputs.width;
      request.height = try->inputs.height;
    }
  return limn_request_to_variant (&request);
}

static LimnEngineResult *
generate (Try     *try,
          GError **error)
{
  g_autoptr (GUnixFDList) descriptors = limn_carrier_descriptors (limn_engine_link_carrier (try->link));
  g_autoptr (GUnixFDList) answered = NULL;
  g_autoptr (GVariant) request = make_request (try);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) facts = NULL;
  GVariant         *inputs = make_inputs (try, descriptors, error);
  LimnEngineResult *result;
  guint64           job;

  if (inputs == NULL)
    return NULL;
  job = limn_engine_core_begin (try->core, limn_engine_keeper_progress, limn_engine_keeper_preview, try->keeper);
  limn_engine_keeper_begin (try->keeper, try->link, job);
  answer = limn_engine_link_call (try->link, "Generate",
                                  g_variant_new ("(t@a{sv}@a{sv}@a{sv})", job, request, inputs, make_options (&try->work->job)),
                                  G_VARIANT_TYPE ("(a{sv})"), descriptors, &answered, error);
  limn_engine_keeper_end (try->keeper);
  limn_engine_core_end (try->core);
  if (answer == NULL)
    return NULL;

  facts = g_variant_get_child_value (answer, 0);
  result = limn_engine_result_read (facts, limn_engine_link_carrier (try->link), answered, &try->work->request, try->path, error);
  if (result != NULL)
    limn_job_inputs_finish (&try->inputs, &result->image, &result->made);
  return result;
}

static LimnEngineResult *
attempt (Try                  *try,
         const LimnEnginePlan *plan,
         GError              **error)
{
  LimnEngineResult *result;

  limn_engine_keeper_tell (try->keeper, "load");
  try->link = limn_engine_work_open (try->core, &try->work->request, plan, &try->path, &try->info, error);
  if (try->link == NULL || !load_inputs (try, error))
    return NULL;

  result = generate (try, error);
  if (result != NULL)
    {
      result->seconds = (g_get_monotonic_time () - try->started) / 1e6;
      limn_engine_core_praise (try->core);
    }
  return result;
}

static gboolean
may_help (Try          *try,
          const GError *error)
{
  const char *device = NULL;

  if (limn_engine_core_cancelled (try->core))
    return FALSE;
  if (g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER))
    return !limn_engine_core_gave_up (try->core);
  if (try->info != NULL)
    g_variant_lookup (try->info, "device", "&s", &device);
  return g_error_matches (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY) && device != NULL && !g_str_equal (device, "cpu");
}

/* The worker ended by itself: what it was doing. */
static void
report (const Try            *try,
        const LimnEnginePlan *plan,
        const GError         *why)
{
  LimnCrash        crash = { .reason = why->message, .request = &try->work->request, .plan = plan };
  g_autofree char *path = NULL;

  if (!g_error_matches (why, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER) || try->info == NULL)
    return;
  g_variant_lookup (try->info, "device", "&s", &crash.device);
  limn_engine_keeper_standing (try->keeper, &crash.stage, &crash.step, &crash.steps);
  path = limn_crash_report_write (&crash);
  g_info ("limn-engine ended by itself: %s", path != NULL ? path : "no report could be written");
}

/* States of another device do not go on to the same picture. Returns: (transfer full): how it is tried again */
static char *
shrink (Try            *try,
        LimnEnginePlan *plan)
{
  const char *device = NULL;
  char       *how;

  if (try->info != NULL)
    g_variant_lookup (try->info, "device", "&s", &device);
  how = limn_engine_plan_shrink (plan, device, limn_engine_core_is_remote (try->core));
  if (plan->device != NULL && device != NULL && !g_str_equal (plan->device, device))
    limn_engine_keeper_forget (try->keeper);
  try_clear (try);
  return how;
}

static LimnEngineResult *
attempt_again (Try            *try,
               LimnEnginePlan *plan,
               const GError   *why,
               GError        **error)
{
  g_autofree char *how = shrink (try, plan);
  g_autofree char *note = g_strdup_printf ("%s: it was tried again %s", why->message, how);
  g_autoptr (GError) again = NULL;
  LimnEngineResult *result;

  limn_engine_core_drop (try->core, why->message);
  limn_engine_keeper_tell (try->keeper, "restart");
  result = attempt (try, plan, &again);
  if (result != NULL)
    {
      limn_engine_result_note (result, note);
      return result;
    }
  if (!g_error_matches (again, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER))
    {
      g_propagate_error (error, g_steal_pointer (&again));
      return NULL;
    }

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_WORKER, "%s, and %s: take a smaller picture, another model or LIMN_DEVICE=cpu", note,
               again->message);
  limn_engine_core_fail (try->core, note);
  return NULL;
}

gpointer
limn_engine_work_generate (LimnEngineCore *core,
                           gpointer        data,
                           GError        **error)
{
  LimnEngineWork *work = data;
  g_auto (LimnEnginePlan) plan = { 0 };
  g_autoptr (GError) why = NULL;
  Try               try = { .core = core, .work = work, .started = g_get_monotonic_time () };
  LimnEngineResult *result;

  try.keeper = limn_engine_keeper_new (core, &work->job);
  limn_engine_core_plan (core, &plan);
  result = limn_request_resolve (&work->request, !limn_engine_core_is_remote (core), &why) ? attempt (&try, &plan, &why) : NULL;
  if (result == NULL && !limn_engine_core_cancelled (core))
    report (&try, &plan, why);
  if (result == NULL && may_help (&try, why))
    result = attempt_again (&try, &plan, why, error);
  else if (result == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  try_clear (&try);
  limn_engine_keeper_unref (try.keeper);
  return result;
}
