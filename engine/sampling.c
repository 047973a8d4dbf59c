/* Sampling: the generator as a denoiser with classifier-free guidance, and what happens between two steps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

#define BETA_START 0.00085
#define BETA_END 0.012

/* One run: what the sampler's callbacks are given. */
typedef struct
{
  LimnSampling *sampling;
  LimnArray    *input; /* of the generator: all samples */
  LimnArray    *source_noise;
  GArray       *times; /* told to the network */
  float        *scaled, *known;
  gint64        started;
  int           steps, draws, resumed; /* of all; of noise; of an earlier run */
  double        progress;              /* share of the steps that are done */
} Run;

LimnProcess *
limn_model_process (LimnModel *model)
{
  if (model->facts.prediction == LIMN_PREDICTION_FLOW)
    return limn_process_new_flow (1, FALSE);
  return limn_process_new_diffusion (BETA_START, BETA_END, model->facts.zero_snr);
}

static gboolean
denoise (gpointer              data,
         const float          *x,
         const LimnNoiseLevel *level,
         float                *denoised,
         GError              **error)
{
  Run             *run = data;
  LimnSampling    *sampling = run->sampling;
  LimnPrediction   prediction = sampling->model->facts.prediction;
  float            scale = limn_level_input_scale (level, prediction), time = level->time;
  gsize            n = limn_shape_elements (sampling->x->shape);
  const LimnText **texts = limn_texts_at (sampling->texts, (int) run->times->len);
  gboolean         guides = limn_generation_guides (sampling->settings, &sampling->model->facts, run->progress, time);
  g_autoptr (LimnArray) predicted = NULL;
  g_autoptr (LimnResiduals) residuals = NULL;

  for (gsize i = 0; i < n; i++)
    run->scaled[i] = x[i] * scale;
  limn_inpaint_fill_input (sampling->inpaint, run->scaled, sampling->x->shape.c, run->input);
  g_array_append_val (run->times, time);

  if (!limn_generation_control (sampling->settings, run->progress, run->input, sampling->x->shape.c, level->time, texts, &residuals, error))
    return FALSE;
  predicted = limn_model_predict_with (sampling->model, run->input, level->time, texts, residuals, error);
  if (predicted == NULL)
    return FALSE;
  limn_texts_combine (sampling->texts, guides ? sampling->settings->guidance : 1, predicted->data, run->scaled, n);
  if (guides && limn_texts_guided (sampling->texts))
    limn_guidance_rescale (sampling->settings->guidance_rescale, predicted->data, run->scaled, n);
  limn_level_denoise (level, prediction, x, run->scaled, denoised, n);
  return TRUE;
}

static void
draw (gpointer              data,
      const LimnNoiseLevel *from,
      const LimnNoiseLevel *to,
      float                *noise,
      gsize                 n)
{
  Run          *run = data;
  LimnSampling *sampling = run->sampling;

  run->draws++;
  limn_draw_latent (sampling->noise, &sampling->model->facts, sampling->x->shape, noise);
}

/* What is not to be repainted goes back to the picture, noised as the latent is now; a model that sees the mask does without. */
static void
restore_source (Run                   *run,
                const LimnSamplerStep *step)
{
  const LimnInpaint *inpaint = run->sampling->inpaint;
  int                channels = run->sampling->x->shape.c;

  if (inpaint->mask == NULL || inpaint->masked != NULL)
    return;
  if (step->step == step->steps)
    memcpy (run->known, inpaint->source->data, step->n * sizeof (float));
  else
    limn_level_mix (step->level, inpaint->source->data, run->source_noise->data, run->known,
                    step->n);
  limn_inpaint_blend (inpaint, run->known, channels, step->x);
}

static void
dump_values (const LimnSampling *sampling,
             char               *name,
             const float        *values)
{
  LimnArray *array = limn_array_new (sampling->x->shape);

  memcpy (array->data, values, limn_shape_elements (array->shape) * sizeof (float));
  g_hash_table_insert (sampling->dump, name, array);
}

static gboolean
after_step (gpointer               data,
            const LimnSamplerStep *step)
{
  Run          *run = data;
  LimnSampling *sampling = run->sampling;
  LimnStanding  standing = { .step = step, .shape = sampling->x->shape, .draws = run->draws };
  LimnArray     denoised = { .shape = sampling->x->shape, .data = (float *) step->denoised };
  LimnProgress  progress = {
     .stage = "sample", .picture = 1, .pictures = 1, .step = sampling->before + step->step, .steps = sampling->before + step->steps + sampling->after, .standing = &standing, .denoised = &denoised
  };

  run->progress = (double) step->step / step->steps;
  sampling->step_seconds = (g_get_monotonic_time () - run->started) / 1e6 / (step->step - run->resumed);
  restore_source (run, step);
  if (sampling->dump != NULL)
    dump_values (sampling, g_strdup_printf ("denoised-%d", step->step), step->denoised);

  progress.seconds_left = sampling->step_seconds * (step->steps - step->step);
  return sampling->progress == NULL || sampling->progress (&progress, sampling->data);
}

/* From noise alone, or from the picture noised to the first level. */
static void
begin (Run              *run,
       const LimnLevels *levels)
{
  LimnSampling *sampling = run->sampling;
  LimnArray    *x = sampling->x;
  gsize         n = limn_shape_elements (x->shape);
  double        scale = limn_levels_noise_scale (levels);

  if (sampling->inpaint->source != NULL && (sampling->settings->strength < 1 || sampling->inpaint->mask == NULL))
    limn_level_mix (&levels->levels[0], sampling->inpaint->source->data,
                    run->source_noise->data, x->data, n);
  else
    for (gsize i = 0; i < n; i++)
      x->data[i] *= scale;

  if (sampling->dump != NULL)
    dump_values (sampling, g_strdup ("latent-0"), x->data);
}

static void
dump_times (Run *run)
{
  LimnArray *times = limn_array_new ((LimnShape){ 1, 1, 1, run->times->len });

  memcpy (times->data, run->times->data, run->times->len * sizeof (float));
  g_hash_table_insert (run->sampling->dump, g_strdup ("times"), times);
}

/* Draws again, and forgets, what the interrupted run drew, so that the noise goes on from there. */
static gboolean
resume (Run              *run,
        const LimnSaved  *saved,
        LimnSamplerPoint *point,
        GError          **error)
{
  LimnSampling *sampling = run->sampling;

  if (!limn_saved_check (saved, sampling->x->shape, run->steps, error))
    return FALSE;
  for (run->draws = 0; run->draws < saved->draws; run->draws++)
    limn_draw_latent (sampling->noise, &sampling->model->facts, sampling->x->shape, run->known);
  run->resumed = saved->step;
  run->progress = (double) saved->step / saved->steps;
  *point = (LimnSamplerPoint){ .step = saved->step, .remembered = saved->remembered, .numbers = saved->latents->data };
  return TRUE;
}

static gboolean
run_levels (LimnSampling      *sampling,
            const LimnSampler *sampler,
            const LimnLevels  *levels,
            GError           **error)
{
  LimnShape shape = sampling->x->shape, wide = { limn_texts_samples (sampling->texts), shape.h, shape.w,
                                                 sampling->model->facts.generator_channels };
  gsize     n = limn_shape_elements (shape);
  g_autoptr (LimnArray) input = limn_array_new (wide);
  g_autoptr (LimnArray) source_noise = limn_array_copy (sampling->x);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (float));
  g_autofree float *scaled = g_new (float, n), *known = g_new (float, n);
  Run               run = { .sampling = sampling,
                            .input = input,
                            .source_noise = source_noise,
                            .times = times,
                            .scaled = scaled,
                            .known = known,
                            .steps = levels->steps,
                            .started = g_get_monotonic_time () };
  LimnSamplerRun    sampler_run = { .levels = levels,
                                    .n = n,
                                    .denoise = denoise,
                                    .draw = draw,
                                    .after_step = after_step,
                                    .data = &run };
  LimnSamplerPoint  point;
  const LimnSaved  *saved = sampling->settings->parts != NULL ? sampling->settings->parts->resume : NULL;

  if (saved != NULL && !resume (&run, saved, &point, error))
    return FALSE;
  if (saved != NULL)
    sampler_run.resume = &point;
  else
    begin (&run, levels);
  if (saved != NULL && saved->step == levels->steps)
    memcpy (sampling->x->data, point.numbers, n * sizeof (float));
  else if (!limn_sample (sampler, &sampler_run, sampling->x->data, error))
    return FALSE;
  if (sampling->dump != NULL)
    dump_times (&run);
  return TRUE;
}

gboolean
limn_sampling_run (LimnSampling *sampling,
                   GError      **error)
{
  const LimnGeneration *settings = sampling->settings;
  g_autoptr (LimnProcess) process = limn_model_process (sampling->model);
  const LimnSampler  *sampler = limn_sampler_find (settings->sampler, error);
  const LimnSchedule *schedule = sampler != NULL ? limn_schedule_find (settings->schedule, error) : NULL;
  double              strength = sampling->inpaint->source != NULL ? settings->strength : 1;
  g_autoptr (LimnLevels) levels = NULL;

  if (schedule == NULL)
    return FALSE;
  if (strength == 0) /* nothing of the picture is to change */
    {
      memcpy (sampling->x->data, sampling->inpaint->source->data,
              limn_shape_elements (sampling->x->shape) * sizeof (float));
      return TRUE;
    }
  if (settings->parts != NULL && settings->parts->levels != NULL)
    return run_levels (sampling, sampler, settings->parts->levels, error);

  levels = limn_sampler_levels (sampler, schedule, process, settings->steps, strength, error);
  return levels != NULL && run_levels (sampling, sampler, levels, error);
}
