/* UniPC: predict, then correct with what the model saw where the prediction led.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/solver.h"

#include <math.h>
#include <string.h>

/* Zhao et al., 2023, with B (h) = exp (h) - 1 ("bh2"), order 2, in terms of the picture. */
#define ORDER 2

/* Orders grow from 1, and fall to 1 for the last step; a picture that was seen where nothing of it was left leads nowhere. */
static int
order_of_step (const LimnSolver *solver,
               int               step)
{
  const LimnNoiseLevel *levels = solver->run->levels->levels;
  int                   order = MIN (MIN (ORDER, solver->run->levels->steps - step), step + 1);

  if (order == 2 && (!isfinite (limn_solver_log_step (&levels[step - 1], &levels[step])) || !isfinite (limn_solver_log_step (&levels[step], &levels[step + 1]))))
    return 1;
  return order;
}

/*
 * The shares of the corrector's slopes: @older towards the picture of the step before the last, @newer towards the one just seen;
 * from two equations, R ρ = b, that make it exact for lines (the paper's eq. 5).
 */
static void
corrector_shares (double  h,
                  double  r,
                  double *older,
                  double *newer)
{
  double phi1 = expm1 (-h), phi2 = phi1 / -h - 1, phi3 = phi2 / -h - 0.5;
  double b1 = phi2 / phi1, b2 = 2 * phi3 / phi1;

  *older = (b1 - b2) / (1 - r);
  *newer = b1 - *older;
}

/* x, where the last step's prediction led, is moved anew from where that step began, to a better picture. */
static void
correct (LimnSolver *solver)
{
  const LimnNoiseLevel *from = limn_solver_level (solver, 1), *to = limn_solver_level (solver, 0);
  double                older = 0, newer = 0.5, r = 1;

  if (order_of_step (solver, solver->step - 1) == 2)
    {
      double h = limn_solver_log_step (from, to);

      r = -limn_solver_log_step (limn_solver_level (solver, 2), from) / h;
      corrector_shares (h, r, &older, &newer);
    }

  for (gsize i = 0; i < solver->n; i++)
    {
      double then = solver->past[0][i];
      double slope = older != 0 ? older * (solver->past[1][i] - then) / r : 0;

      solver->estimate[i] = (float) (then + slope + newer * (solver->denoised[i] - then));
    }
  limn_solver_move (solver, solver->kept, solver->estimate, from, to, solver->x);
}

/* The predictor of order 2 is DPM++ 2M's. */
static void
predict (LimnSolver *solver)
{
  double share = 0;

  if (order_of_step (solver, solver->step) == 2)
    share = limn_solver_log_step (&solver->from, &solver->to) / (2 * limn_solver_log_step (limn_solver_level (solver, 1), &solver->from));

  for (gsize i = 0; i < solver->n; i++)
    solver->estimate[i] = (float) (solver->denoised[i] + share * ((double) solver->denoised[i] - solver->past[1][i]));
}

gboolean
limn_estimate_unipc (LimnSolver *solver,
                     GError    **error)
{
  if (solver->step > 0)
    correct (solver);

  limn_solver_remember (solver, solver->denoised);
  memcpy (solver->kept, solver->x, solver->n * sizeof *solver->kept);
  predict (solver);
  return TRUE;
}
