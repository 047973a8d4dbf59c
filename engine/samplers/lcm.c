/* LCM: latent consistency models.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/solver.h"

#include <math.h>
#include <string.h>

#define SIGMA_DATA 0.5
#define TIME_SCALE 10

/* Luo et al., 2023, eq. 9: near time 0 the latent itself is the answer. A flow's time has another scale, and needs no such border. */
gboolean
limn_estimate_lcm (LimnSolver *solver,
                   GError    **error)
{
  double time = solver->from.time * TIME_SCALE, size = hypot (time, SIGMA_DATA);
  double skip = SIGMA_DATA / size * (SIGMA_DATA / size) * limn_level_input_scale (&solver->from, LIMN_PREDICTION_NOISE);

  if (solver->run->levels->path == LIMN_PATH_STRAIGHT)
    {
      memcpy (solver->estimate, solver->denoised, solver->n * sizeof *solver->estimate);
      return TRUE;
    }

  for (gsize i = 0; i < solver->n; i++)
    solver->estimate[i] = (float) (skip * solver->x[i] + time / size * solver->denoised[i]);
  return TRUE;
}
