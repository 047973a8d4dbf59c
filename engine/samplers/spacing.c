/* The schedules that there are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/schedule.h"

#include <math.h>

#include "engine/samplers/beta.h"

#define LAST (LIMN_PROCESS_TIMES - 1)

/* Steps of a latent consistency model's training. */
#define LCM_STEPS 50

/* The @i-th of @n numbers from @start to @end. */
static double
lerp (double start,
      double end,
      int    i,
      int    n)
{
  return n > 1 ? start + (end - start) * i / (n - 1) : start;
}

/* k-diffusion's: even times, to the least noise. */
static void
space_normal (LimnSpacing *spacing)
{
  const LimnProcess *process = spacing->process;
  double             first = limn_process_first_time (process), last = limn_process_last_time (process);

  for (int i = 0; i < spacing->steps; i++)
    spacing->add_sigma (spacing,
                        limn_process_sigma_at (process, lerp (first, last, i, spacing->steps)));
}

/* Karras et al., 2022, eq. 5: even in the seventh root of sigma. */
static void
space_karras (LimnSpacing *spacing)
{
  const double *sigmas = limn_process_sigmas (spacing->process);
  double        first = pow (sigmas[LAST], 1 / 7.0), last = pow (sigmas[0], 1 / 7.0);

  for (int i = 0; i < spacing->steps; i++)
    spacing->add_sigma (spacing, pow (lerp (first, last, i, spacing->steps), 7));
}

static void
space_exponential (LimnSpacing *spacing)
{
  const double *sigmas = limn_process_sigmas (spacing->process);

  for (int i = 0; i < spacing->steps; i++)
    spacing->add_sigma (spacing,
                        exp (lerp (log (sigmas[LAST]), log (sigmas[0]), i, spacing->steps)));
}

/* Stability's: even times, the one after the last step being 0. */
static void
space_sgm_uniform (LimnSpacing *spacing)
{
  const LimnProcess *process = spacing->process;
  double             first = limn_process_first_time (process);

  for (int i = 0; i < spacing->steps; i++)
    spacing->add_sigma (
        spacing, limn_process_sigma_at (process, lerp (first, 0, i, spacing->steps + 1)));
}

/* ComfyUI's: every n-th of the trained levels. */
static void
space_simple (LimnSpacing *spacing)
{
  double stride = (double) LIMN_PROCESS_TIMES / spacing->steps;

  for (int i = 0; i < spacing->steps; i++)
    spacing->add_time (spacing, LAST - (int) (i * stride));
}

/* Lee et al., 2024: times dense at both ends. */
static void
space_beta (LimnSpacing *spacing)
{
  for (int i = 0; i < spacing->steps; i++)
    spacing->add_time (
        spacing,
        (int) rint (limn_beta_quantile (1 - (double) i / spacing->steps, 0.6, 0.6) * LAST));
}

/* ComfyUI's: every n-th time from the second on, however many that are. */
static void
space_ddim_uniform (LimnSpacing *spacing)
{
  int stride = LIMN_PROCESS_TIMES / spacing->steps;

  for (int i = (LAST - 1) / stride; i >= 0; i--)
    spacing->add_time (spacing, 1 + i * stride);
}

/* The three ways of Lin et al., 2024, table 2, as diffusers rounds them; "linspace" is that of its multistep solvers. */
static void
space_leading (LimnSpacing *spacing)
{
  int stride = LIMN_PROCESS_TIMES / spacing->steps;

  for (int i = spacing->steps - 1; i >= 0; i--)
    spacing->add_time (spacing, i * stride + spacing->offset);
}

static void
space_trailing (LimnSpacing *spacing)
{
  double stride = (double) LIMN_PROCESS_TIMES / spacing->steps;

  for (int i = 0; i < spacing->steps; i++)
    spacing->add_time (spacing, (int) rint (LIMN_PROCESS_TIMES - i * stride) - 1);
}

static void
space_linspace (LimnSpacing *spacing)
{
  for (int i = spacing->steps; i > 0; i--)
    spacing->add_time (spacing, (int) rint ((double) LAST / spacing->steps * i));
}

/* Luo et al., 2023: some of the times that the model was distilled at. */
static void
space_lcm (LimnSpacing *spacing)
{
  int trained = MAX (LCM_STEPS, spacing->steps), stride = LIMN_PROCESS_TIMES / trained;

  for (int i = 0; i < spacing->steps; i++)
    spacing->add_time (spacing, (trained - i * trained / spacing->steps) * stride - 1);
}

const LimnSchedule limn_schedules[] = {
  { "normal", "Normal", space_normal },
  { "karras", "Karras", space_karras },
  { "exponential", "Exponential", space_exponential },
  { "sgm_uniform", "SGM Uniform", space_sgm_uniform },
  { "simple", "Simple", space_simple },
  { "beta", "Beta", space_beta },
  { "ddim_uniform", "DDIM", space_ddim_uniform },
  { "leading", "Leading", space_leading },
  { "trailing", "Trailing", space_trailing },
  { "linspace", "Linspace", space_linspace },
  { "lcm", "LCM", space_lcm },
};
const guint limn_n_schedules = G_N_ELEMENTS (limn_schedules);
