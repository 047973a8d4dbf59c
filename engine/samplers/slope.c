/* Samplers that average slopes: Heun, LMS and PLMS.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/solver.h"

#include <math.h>
#include <string.h>

/*
 * The slope dx/ds along a path is (x - weight · picture) / sigma: ε where the latent is counted so that its picture keeps its size,
 * and ε - picture on the straight path. The other way round, a slope means the picture (x - sigma · slope) / weight.
 */
static double
slope_weight (const LimnSolver     *solver,
              const LimnNoiseLevel *level)
{
  return solver->run->levels->path == LIMN_PATH_PRESERVING ? level->alpha : 1;
}

/* What s is on this path. */
static double
slope_place (const LimnSolver     *solver,
             const LimnNoiseLevel *level)
{
  return level->sigma / slope_weight (solver, level);
}

static gboolean
estimate_denoised (LimnSolver *solver)
{
  memcpy (solver->estimate, solver->denoised, solver->n * sizeof *solver->estimate);
  return TRUE;
}

/* Remembers the slope at x; there is none where no picture is left. */
static gboolean
remember_slope (LimnSolver *solver)
{
  double weight = slope_weight (solver, &solver->from), sigma = solver->from.sigma;

  if (weight <= 0)
    return FALSE;
  for (gsize i = 0; i < solver->n; i++)
    solver->estimate[i] = (float) ((solver->x[i] - weight * solver->denoised[i]) / sigma);
  limn_solver_remember (solver, solver->estimate);
  return TRUE;
}

/* The picture that the remembered slopes mean, each times its @share; the shares sum to 1. */
static gboolean
estimate_from_slopes (LimnSolver   *solver,
                      const double *shares)
{
  double weight = slope_weight (solver, &solver->from);

  for (gsize i = 0; i < solver->n; i++)
    {
      double slope = 0;

      for (int k = 0; k < solver->n_past; k++)
        slope += shares[k] * solver->past[k][i];
      solver->estimate[i] = (float) ((solver->x[i] - solver->from.sigma * slope) / weight);
    }
  return TRUE;
}

/* Karras et al., 2022, algorithm 1: the mean of the slopes at both ends of the step. */
gboolean
limn_estimate_heun (LimnSolver *solver,
                    GError    **error)
{
  double weight = slope_weight (solver, &solver->from), sigma = solver->from.sigma;
  double weight_to = slope_weight (solver, &solver->to), sigma_to = solver->to.sigma;

  if (sigma_to <= 0 || weight <= 0)
    return estimate_denoised (solver);

  limn_solver_move (solver, solver->x, solver->denoised, &solver->from, &solver->to, solver->trial);
  if (!limn_solver_denoise (solver, solver->trial, &solver->to, solver->estimate, error))
    return FALSE;

  for (gsize i = 0; i < solver->n; i++)
    {
      double here = (solver->x[i] - weight * solver->denoised[i]) / sigma;
      double there = (solver->trial[i] - weight_to * solver->estimate[i]) / sigma_to;

      solver->estimate[i] = (float) ((solver->x[i] - sigma * (here + there) / 2) / weight);
    }
  return TRUE;
}

/* Value at @place of the polynomial that is 1 at the @j-th of @n places and 0 at the others. */
static double
lagrange (const double *places,
          int           n,
          int           j,
          double        place)
{
  double value = 1;

  for (int k = 0; k < n; k++)
    if (k != j)
      value *= (place - places[k]) / (places[j] - places[k]);
  return value;
}

/* Linear multistep (Adams-Bashforth with uneven steps): the mean over the step of the polynomial through the last slopes. */
gboolean
limn_estimate_lms (LimnSolver *solver,
                   GError    **error)
{
  double places[LIMN_SOLVER_PAST], shares[LIMN_SOLVER_PAST];
  double middle, reach;

  if (!remember_slope (solver))
    return estimate_denoised (solver);

  for (int k = 0; k < solver->n_past; k++)
    places[k] = slope_place (solver, limn_solver_level (solver, k));

  /* two points of Gauss and Legendre are exact for cubics */
  middle = (slope_place (solver, &solver->to) + places[0]) / 2;
  reach = (slope_place (solver, &solver->to) - places[0]) / 2 / sqrt (3);
  for (int k = 0; k < solver->n_past; k++)
    shares[k] = (lagrange (places, solver->n_past, k, middle - reach) + lagrange (places, solver->n_past, k, middle + reach)) / 2;
  return estimate_from_slopes (solver, shares);
}

/* Liu et al., 2022 (PNDM), without its Runge-Kutta start: Adams-Bashforth as if all steps were alike, its first step Heun's. */
gboolean
limn_estimate_plms (LimnSolver *solver,
                    GError    **error)
{
  static const double shares[LIMN_SOLVER_PAST][LIMN_SOLVER_PAST] = {
    { 1 },
    { 3.0 / 2, -1.0 / 2 },
    { 23.0 / 12, -16.0 / 12, 5.0 / 12 },
    { 55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24 },
  };
  gboolean only = solver->step + 1 == solver->run->levels->steps;

  if (!remember_slope (solver))
    return estimate_denoised (solver);
  if (solver->n_past == 1 && !only)
    return limn_estimate_heun (solver, error);
  return estimate_from_slopes (solver, shares[solver->n_past - 1]);
}
