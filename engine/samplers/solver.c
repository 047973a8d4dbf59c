/* Solver: a run of a sampler, and the arithmetic that all samplers share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/solver.h"

#include <math.h>
#include <string.h>

LimnSolver *
limn_solver_new (const LimnSampler    *sampler,
                 const LimnSamplerRun *run,
                 float                *x)
{
  LimnSolver *solver = g_new0 (LimnSolver, 1);

  solver->run = run;
  solver->n = run->n;
  solver->eta = run->eta > 0 ? run->eta : sampler->eta;
  solver->x = x;
  solver->denoised = g_new0 (float, run->n);
  solver->estimate = g_new0 (float, run->n);
  solver->trial = g_new0 (float, run->n);
  solver->kept = g_new0 (float, run->n);
  for (int i = 0; i < LIMN_SOLVER_PAST; i++)
    solver->past[i] = g_new0 (float, run->n);
  return solver;
}

void
limn_solver_free (LimnSolver *solver)
{
  g_free (solver->denoised);
  g_free (solver->estimate);
  g_free (solver->trial);
  g_free (solver->kept);
  for (int i = 0; i < LIMN_SOLVER_PAST; i++)
    g_free (solver->past[i]);
  g_free (solver);
}

void
limn_solver_resume (LimnSolver             *solver,
                    const LimnSamplerPoint *point)
{
  gsize n = solver->n, bytes = n * sizeof (float);

  memcpy (solver->x, point->numbers, bytes);
  memcpy (solver->kept, point->numbers + n, bytes);
  solver->n_past = MIN (point->remembered, LIMN_SOLVER_PAST);
  for (int i = 0; i < solver->n_past; i++)
    memcpy (solver->past[i], point->numbers + (2 + i) * n, bytes);
}

void
limn_solver_begin (LimnSolver *solver,
                   int         step)
{
  solver->step = step;
  solver->from = solver->run->levels->levels[step];
  solver->to = solver->run->levels->levels[step + 1];
  solver->up = limn_solver_split (solver, &solver->from, &solver->to, &solver->down);
}

gboolean
limn_solver_denoise (LimnSolver           *solver,
                     const float          *x,
                     const LimnNoiseLevel *level,
                     float                *denoised,
                     GError              **error)
{
  const LimnSamplerRun *run = solver->run;
  double                sum = 0;

  if (!run->denoise (run->data, x, level, denoised, error))
    return FALSE;

  for (gsize i = 0; i < solver->n; i++)
    sum += denoised[i];
  if (isfinite (sum))
    return TRUE;

  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_RESULT,
               "step %d of %d: the model's answer is not finite; try f32, less guidance or "
               "another sampler",
               solver->step + 1, run->levels->steps);
  return FALSE;
}

void
limn_solver_move (const LimnSolver     *solver,
                  const float          *x,
                  const float          *picture,
                  const LimnNoiseLevel *from,
                  const LimnNoiseLevel *to,
                  float                *moved)
{
  double keep = to->sigma / from->sigma, take = to->alpha - keep * from->alpha;

  for (gsize i = 0; i < solver->n; i++)
    moved[i] = (float) (keep * x[i] + take * picture[i]);
}

double
limn_solver_split (const LimnSolver     *solver,
                   const LimnNoiseLevel *from,
                   const LimnNoiseLevel *to,
                   LimnNoiseLevel       *down)
{
  double shrink = to->sigma * from->alpha / (to->alpha * from->sigma);
  double up = 0;

  if (solver->eta > 0)
    up = fmin (to->sigma, solver->eta * to->sigma * sqrt (MAX (0, 1 - shrink * shrink))); /* ∞ · 0 counts as all */

  *down = *to;
  down->sigma = sqrt (MAX (0, to->sigma * to->sigma - up * up));
  return up;
}

/* Whenever noise is added, the estimate has been used already: its place takes the draw. */
void
limn_solver_renoise (LimnSolver           *solver,
                     const LimnNoiseLevel *from,
                     const LimnNoiseLevel *to,
                     double                up,
                     float                *x)
{
  const LimnSamplerRun *run = solver->run;
  float                *noise = solver->estimate;

  if (up <= 0)
    return;

  run->draw (run->data, from, to, noise, solver->n);
  for (gsize i = 0; i < solver->n; i++)
    x[i] = (float) (x[i] + up * noise[i]);
}

void
limn_solver_remember (LimnSolver  *solver,
                      const float *values)
{
  float *oldest = solver->past[LIMN_SOLVER_PAST - 1];

  for (int i = LIMN_SOLVER_PAST - 1; i > 0; i--)
    solver->past[i] = solver->past[i - 1];
  solver->past[0] = oldest;
  memcpy (oldest, values, solver->n * sizeof *values);
  solver->n_past = MIN (solver->n_past + 1, LIMN_SOLVER_PAST);
}

double
limn_solver_log_step (const LimnNoiseLevel *from,
                      const LimnNoiseLevel *to)
{
  return log (limn_level_ratio (from)) - log (limn_level_ratio (to));
}

const LimnNoiseLevel *
limn_solver_level (const LimnSolver *solver,
                   int               back)
{
  return &solver->run->levels->levels[solver->step - back];
}
