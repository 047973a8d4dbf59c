/* Samplers: from noise to a picture, level by level.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/samplers/schedule.h"

G_BEGIN_DECLS

typedef struct _LimnSolver LimnSolver;

/**
 * LimnSampler:
 * @id: as settings and files have it
 * @label: as people read it
 * @schedule: id of the schedule that it is usually run with on diffusion models; flows take "sgm_uniform"
 * @path: which way it is usually run on diffusion models
 * @eta: how much of the noise is fresh after each step: 0 none, 1 as much as if the process were played backwards (Song et al.,
 *   2021), ∞ all of it
 * @ends_at_least: see #LimnLevelsOptions
 * @estimate: (nullable): the picture to move to; by default what was denoised
 *
 * A step of every sampler is the same, `x' = alpha' · picture + down · ε + up · noise` with ε = (x - alpha · picture) / sigma and
 * down² + up² = sigma'²: they differ in which picture they trust, by @estimate, and in how much noise is fresh, by @eta.
 */
typedef struct
{
  const char *id, *label;
  const char *schedule;
  LimnPath    path;
  double      eta;
  gboolean    ends_at_least;
  gboolean (*estimate) (LimnSolver *solver,
                        GError    **error);
} LimnSampler;

/* (array length=limn_n_samplers): in the order of menus */
extern const LimnSampler limn_samplers[];
extern const guint       limn_n_samplers;

/**
 * limn_sampler_find:
 *
 * Returns: (transfer none): the sampler, or %NULL with %LIMN_ENGINE_ERROR_ARGUMENT that lists all ids
 */
const LimnSampler *limn_sampler_find (const char *id,
                                      GError    **error);

/* Returns: how often the sampler calls the network in a step: 2 for those of second order, but in their last step */
int limn_sampler_calls (const LimnSampler *sampler);

/**
 * limn_sampler_levels:
 * @schedule: (nullable): by default the sampler's own
 * @process: of the model; outlives the levels
 * @steps: 1…%LIMN_MAX_STEPS
 * @strength: 0…1: the share of the steps that is run, for picture to picture; 0 (not set) and 1: all
 *
 * Returns: (transfer full): the levels as other programs choose them for this sampler, or %NULL with %LIMN_ENGINE_ERROR_ARGUMENT
 */
LimnLevels *limn_sampler_levels (const LimnSampler  *sampler,
                                 const LimnSchedule *schedule,
                                 const LimnProcess  *process,
                                 int                 steps,
                                 double              strength,
                                 GError            **error);

/**
 * LimnDenoiseFunc:
 * @x: a latent at @level, not scaled
 * @denoised: (out caller-allocates): what picture the model sees in it; limn_level_denoise() makes it from a network's output
 *
 * Returns: %FALSE with an error to end the run with it
 */
typedef gboolean (*LimnDenoiseFunc) (gpointer              data,
                                     const float          *x,
                                     const LimnNoiseLevel *level,
                                     float                *denoised,
                                     GError              **error);

/**
 * LimnDrawFunc:
 * @from, @to: between which levels the noise is used; of use to those who draw from a path of Brownian motion
 * @noise: (out caller-allocates): @n fresh numbers of N (0, 1)
 */
typedef void (*LimnDrawFunc) (gpointer              data,
                              const LimnNoiseLevel *from,
                              const LimnNoiseLevel *to,
                              float                *noise,
                              gsize                 n);

/**
 * LimnSamplerStep:
 * @step: 1…@steps: how many were done
 * @level: where @x is now
 * @x: the latent; may be changed (inpainting puts the noised source back)
 * @denoised: the picture that the model saw at the beginning of the step
 * @solver: for limn_sampler_step_save()
 */
typedef struct
{
  int                   step, steps;
  const LimnNoiseLevel *level;
  float                *x;
  const float          *denoised;
  gsize                 n;
  const LimnSolver     *solver;
} LimnSamplerStep;

/**
 * LimnSamplerPoint:
 * @step: steps that were done
 * @remembered: results of earlier steps that the sampler goes on from
 * @numbers: (array): @remembered + 2 latents: where the run is, what the sampler keeps from step to step, then what it remembers, the
 *   latest first
 *
 * A run between two steps. From here on it goes as if it had not been interrupted, if the draws go on where they were.
 */
typedef struct
{
  int    step, remembered;
  float *numbers;
} LimnSamplerPoint;

/* Fills @point; its numbers are (transfer full). */
void limn_sampler_step_save (const LimnSamplerStep *step,
                             LimnSamplerPoint      *point);

/* Returns: %FALSE to stop */
typedef gboolean (*LimnStepFunc) (gpointer               data,
                                  const LimnSamplerStep *step);

/**
 * LimnSamplerRun:
 * @n: numbers in a latent
 * @eta: in place of the sampler's own; 0 (not set): its own
 * @draw: may be %NULL for a sampler whose eta is 0
 * @after_step: (nullable)
 * @resume: (nullable): go on from here; the latent given is not looked at
 * @data: for all three
 */
typedef struct
{
  const LimnLevels       *levels;
  gsize                   n;
  double                  eta;
  LimnDenoiseFunc         denoise;
  LimnDrawFunc            draw;
  LimnStepFunc            after_step;
  const LimnSamplerPoint *resume;
  gpointer                data;
} LimnSamplerRun;

/**
 * limn_sample:
 * @x: (inout): @run->n numbers: a latent at the first of the levels, see limn_level_mix() and limn_levels_noise_scale(); then at the last
 *
 * Takes memory once, before the first step. Any thread; the functions of @run are called from it.
 *
 * Returns: %FALSE with what @run's denoiser said, %LIMN_ENGINE_ERROR_CANCELLED if its step function stopped the run, or
 * %LIMN_ENGINE_ERROR_RESULT if numbers stopped being finite
 */
gboolean limn_sample (const LimnSampler    *sampler,
                      const LimnSamplerRun *run,
                      float                *x,
                      GError              **error);

G_END_DECLS
