/* Solver: a run of a sampler, and the arithmetic that all samplers share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/samplers/sampler.h"

G_BEGIN_DECLS

#define LIMN_SOLVER_PAST 4

/**
 * LimnSolver:
 * @step: 0, 1, …
 * @eta: share of fresh noise in this run
 * @from, @to: levels of this step
 * @down: @to without the noise that will be fresh
 * @up: how much noise will be fresh
 * @x: the latent at @from
 * @denoised: what the model sees in @x
 * @estimate: (out): the picture that the step goes to
 * @trial: for a second call of the model within a step
 * @kept: for what a sampler keeps until the next step
 * @past: what limn_solver_remember() was given, the latest first
 *
 * A run of a sampler; all arrays hold @n numbers.
 */
struct _LimnSolver
{
  const LimnSamplerRun *run;
  gsize                 n;
  int                   step;
  double                eta;
  LimnNoiseLevel        from, to, down;
  double                up;
  float                *x, *denoised, *estimate, *trial, *kept;
  float                *past[LIMN_SOLVER_PAST];
  int                   n_past;
};

/* Returns: (transfer full): a run of @run that starts from @x, which stays the caller's */
LimnSolver *limn_solver_new (const LimnSampler    *sampler,
                             const LimnSamplerRun *run,
                             float                *x);
void        limn_solver_free (LimnSolver *solver);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnSolver, limn_solver_free)

/* Takes the latent, and what is kept and remembered, from @point. */
void limn_solver_resume (LimnSolver             *solver,
                         const LimnSamplerPoint *point);

/* Sets the levels of @step. */
void limn_solver_begin (LimnSolver *solver,
                        int         step);

/* Calls the model; an answer that is not finite is an error. */
gboolean limn_solver_denoise (LimnSolver           *solver,
                              const float          *x,
                              const LimnNoiseLevel *level,
                              float                *denoised,
                              GError              **error);

/**
 * limn_solver_move:
 * @picture: where @x is going
 * @moved: (out): may be @x
 *
 * @x at @from → alpha' · picture + sigma' · (x - alpha · picture) / sigma at @to: DDIM (Song et al., 2021), which is Euler's method
 * on every path and DPM-Solver++'s first order.
 */
void limn_solver_move (const LimnSolver     *solver,
                       const float          *x,
                       const float          *picture,
                       const LimnNoiseLevel *from,
                       const LimnNoiseLevel *to,
                       float                *moved);

/**
 * limn_solver_split:
 * @down: (out): @to without its fresh noise
 *
 * Returns: how much of the noise at @to is fresh when coming from @from (Song et al., 2021, eq. 16; the same as
 * k-diffusion's ancestral step)
 */
double limn_solver_split (const LimnSolver     *solver,
                          const LimnNoiseLevel *from,
                          const LimnNoiseLevel *to,
                          LimnNoiseLevel       *down);

/* Adds @up times fresh noise to @x; none is drawn if @up is 0. */
void limn_solver_renoise (LimnSolver           *solver,
                          const LimnNoiseLevel *from,
                          const LimnNoiseLevel *to,
                          double                up,
                          float                *x);

/* Puts @values in front of the past; the oldest are forgotten. */
void limn_solver_remember (LimnSolver  *solver,
                           const float *values);

/**
 * limn_solver_log_step:
 *
 * Returns: h = log (alpha'/sigma') - log (alpha/sigma) from one level to the other; infinite where there is no picture or no noise
 */
double limn_solver_log_step (const LimnNoiseLevel *from,
                             const LimnNoiseLevel *to);

/* Returns: level of the @back-th step before this one: 0 for from, 1 for the one before */
const LimnNoiseLevel *limn_solver_level (const LimnSolver *solver,
                                         int               back);

/* What samplers estimate; each is explained where it is. */
gboolean limn_estimate_lcm (LimnSolver *solver,
                            GError    **error);
gboolean limn_estimate_heun (LimnSolver *solver,
                             GError    **error);
gboolean limn_estimate_lms (LimnSolver *solver,
                            GError    **error);
gboolean limn_estimate_plms (LimnSolver *solver,
                             GError    **error);
gboolean limn_estimate_dpm2 (LimnSolver *solver,
                             GError    **error);
gboolean limn_estimate_dpmpp_2s (LimnSolver *solver,
                                 GError    **error);
gboolean limn_estimate_dpmpp_sde (LimnSolver *solver,
                                  GError    **error);
gboolean limn_estimate_dpmpp_2m (LimnSolver *solver,
                                 GError    **error);
gboolean limn_estimate_dpmpp_3m (LimnSolver *solver,
                                 GError    **error);
gboolean limn_estimate_unipc (LimnSolver *solver,
                              GError    **error);

G_END_DECLS
