/* Samplers that extrapolate from earlier steps: DPM++ 2M and 3M, with or without fresh noise.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/solver.h"

#include <math.h>

/*
 * How many of the remembered pictures can be used, at most @most: as many as finite steps of log (alpha/sigma) lead up to this one,
 * itself finite. @h gets this step's length, then those before it.
 */
static int
usable_past (const LimnSolver *solver,
             int               most,
             double           *h)
{
  int usable = 0;

  h[0] = limn_solver_log_step (&solver->from, &solver->to);
  if (!isfinite (h[0]))
    return 0;

  while (usable < MIN (most, solver->n_past))
    {
      h[usable + 1] = limn_solver_log_step (limn_solver_level (solver, usable + 1),
                                            limn_solver_level (solver, usable));
      if (!isfinite (h[usable + 1]))
        break;
      usable++;
    }
  return usable;
}

/* estimate = now · denoised + Σ before[k] · past[k]; then denoised is past. */
static void
combine (LimnSolver   *solver,
         double        now,
         const double *before,
         int           n_before)
{
  for (gsize i = 0; i < solver->n; i++)
    {
      double value = now * solver->denoised[i];

      for (int k = 0; k < n_before; k++)
        value += before[k] * solver->past[k][i];
      solver->estimate[i] = (float) value;
    }
  limn_solver_remember (solver, solver->denoised);
}

/* Lu et al., 2022 (DPM-Solver++, algorithm 2): the picture in the middle of the step, on the line through the last two. */
gboolean
limn_estimate_dpmpp_2m (LimnSolver *solver,
                        GError    **error)
{
  double h[2];
  int    usable = usable_past (solver, 1, h);
  double share = usable > 0 ? h[0] / (2 * h[1]) : 0;

  combine (solver, 1 + share, (double[]){ -share }, usable);
  return TRUE;
}

/* k-diffusion's DPM++ 3M SDE: first and second derivative of the picture over log (alpha/sigma), weighted by how the step forgets. */
gboolean
limn_estimate_dpmpp_3m (LimnSolver *solver,
                        GError    **error)
{
  double h[3], before[2] = { 0, 0 };
  int    usable = usable_past (solver, 2, h);
  double length = h[0] * (1 + solver->eta), gone = -expm1 (-length);
  double first = (1 - gone / length) / gone;                   /* φ2, as a share of the move */
  double second = ((1 - gone / length) / length - 0.5) / gone; /* φ3 */
  double r0 = usable > 0 ? h[1] / h[0] : 1, r1 = usable > 1 ? h[2] / h[0] : 1;

  if (usable == 1)
    before[0] = -first / r0;
  if (usable == 2)
    {
      /* slopes of the last two steps: s0 = (D - D1) / r0, s1 = (D1 - D2) / r1 */
      double slope0 = first * (1 + r0 / (r0 + r1)) - second / (r0 + r1);
      double slope1 = -first * r0 / (r0 + r1) + second / (r0 + r1);

      before[0] = slope1 / r1 - slope0 / r0;
      before[1] = -slope1 / r1;
    }

  combine (solver, 1 - before[0] - before[1], before, usable);
  return TRUE;
}
