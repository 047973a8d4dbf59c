/* Samplers that look at the middle of a step: DPM2, DPM++ 2S and DPM++ SDE.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/solver.h"

#include <math.h>
#include <string.h>

/* There is no middle, counted in the logarithm of noise, to a level without noise or from one without picture. */
static gboolean
find_middle (const LimnSolver     *solver,
             const LimnNoiseLevel *to,
             LimnNoiseLevel       *middle)
{
  const LimnLevels *levels = solver->run->levels;

  if (!isfinite (limn_solver_log_step (&solver->from, to)))
    return FALSE;
  *middle = limn_process_level_between (levels->process, levels->path, &solver->from, to);
  return TRUE;
}

static gboolean
estimate_denoised (LimnSolver *solver)
{
  memcpy (solver->estimate, solver->denoised, solver->n * sizeof *solver->estimate);
  return TRUE;
}

/* Lu et al., 2022 (DPM-Solver-2; Karras et al., 2022, algorithm 2): the slope in the middle is taken for that of the whole step. */
gboolean
limn_estimate_dpm2 (LimnSolver *solver,
                    GError    **error)
{
  gboolean       preserving = solver->run->levels->path == LIMN_PATH_PRESERVING;
  LimnNoiseLevel middle;
  double         weight, weight_middle;

  if (!find_middle (solver, &solver->down, &middle))
    return estimate_denoised (solver);

  limn_solver_move (solver, solver->x, solver->denoised, &solver->from, &middle, solver->trial);
  if (!limn_solver_denoise (solver, solver->trial, &middle, solver->estimate, error))
    return FALSE;

  weight = preserving ? solver->from.alpha : 1;
  weight_middle = preserving ? middle.alpha : 1;
  for (gsize i = 0; i < solver->n; i++)
    {
      double slope = (solver->trial[i] - weight_middle * solver->estimate[i]) / middle.sigma;

      solver->estimate[i] = (float) ((solver->x[i] - solver->from.sigma * slope) / weight);
    }
  return TRUE;
}

/* Lu et al., 2022 (DPM-Solver++, algorithm 1, r = 1/2): the picture seen in the middle is taken for that of the whole step. */
gboolean
limn_estimate_dpmpp_2s (LimnSolver *solver,
                        GError    **error)
{
  LimnNoiseLevel middle;

  if (!find_middle (solver, &solver->down, &middle))
    return estimate_denoised (solver);

  limn_solver_move (solver, solver->x, solver->denoised, &solver->from, &middle, solver->trial);
  return limn_solver_denoise (solver, solver->trial, &middle, solver->estimate, error);
}

/* k-diffusion's stochastic DPM-Solver++: the middle is reached with fresh noise, too. */
gboolean
limn_estimate_dpmpp_sde (LimnSolver *solver,
                         GError    **error)
{
  LimnNoiseLevel middle, down;
  double         up;

  if (!find_middle (solver, &solver->to, &middle))
    return estimate_denoised (solver);

  up = limn_solver_split (solver, &solver->from, &middle, &down);
  limn_solver_move (solver, solver->x, solver->denoised, &solver->from, &down, solver->trial);
  limn_solver_renoise (solver, &solver->from, &middle, up, solver->trial);
  return limn_solver_denoise (solver, solver->trial, &middle, solver->estimate, error);
}
