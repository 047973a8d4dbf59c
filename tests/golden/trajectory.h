/* A recorded run of a sampler, repeated on a mixture with the recorded draws.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/samplers/sampler.h"
#include "tests/golden/golden.h"
#include "tests/golden/mixture.h"

G_BEGIN_DECLS

/**
 * Trajectory:
 * @name: of the run: the tensor's without ".trajectory"
 * @n: numbers in a latent
 * @process: (nullable): whose trained level at the whole time is what the network knows of the noise; %NULL: it is told the level itself
 * @draws: (nullable): recorded noise, @n_draws latents
 * @seen: latents that the model was called with
 * @times: that it was told
 * @states: latents after each step
 * @intervals: sigma before and after each draw
 */
typedef struct
{
  GoldenCase        *golden;
  const Mixture     *mixture;
  char              *name;
  const float       *start;
  gsize              n;
  double             limit;
  LimnPrediction     prediction;
  const LimnProcess *process;
  float             *draws;
  gsize              n_draws, n_drawn;
  GArray            *seen, *times, *states, *intervals;
} Trajectory;

Trajectory *trajectory_new (GoldenCase    *golden,
                            const Mixture *mixture,
                            const char    *tensor,
                            const float   *start,
                            gsize          n,
                            double         limit);
void        trajectory_free (Trajectory *trajectory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Trajectory, trajectory_free)

/* Runs from the start noise times @scale, or on from the last state if there is one. */
gboolean trajectory_run (Trajectory        *trajectory,
                         const LimnSampler *sampler,
                         const LimnLevels  *levels,
                         double             eta,
                         double             scale,
                         GError           **error);

/* d.NAME.STEPS: with the settings that the case has for NAME. */
gboolean trajectory_run_diffusers (Trajectory *trajectory,
                                   GError    **error);

/* Compares what was recorded of the run: trajectory, noise and noise_interval, and timesteps. */
void trajectory_compare (Trajectory *trajectory);

G_END_DECLS
