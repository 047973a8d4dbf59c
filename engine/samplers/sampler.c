/* Samplers: from noise to a picture, level by level.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/sampler.h"

#include <math.h>
#include <string.h>

#include "engine/samplers/solver.h"

#define EXPLODING LIMN_PATH_EXPLODING
#define PRESERVING LIMN_PATH_PRESERVING

/* clang-format off */
const LimnSampler limn_samplers[] = {
  { "ddim",         "DDIM",             "leading",     PRESERVING, 0,        TRUE,  NULL },
  { "ddpm",         "DDPM",             "leading",     PRESERVING, 1,        FALSE, NULL },
  { "plms",         "PLMS",             "leading",     PRESERVING, 0,        TRUE,  limn_estimate_plms },
  { "euler",        "Euler",            "normal",      EXPLODING,  0,        FALSE, NULL },
  { "euler_a",      "Euler a",          "normal",      EXPLODING,  1,        FALSE, NULL },
  { "heun",         "Heun",             "normal",      EXPLODING,  0,        FALSE, limn_estimate_heun },
  { "dpm2",         "DPM2",             "normal",      EXPLODING,  0,        FALSE, limn_estimate_dpm2 },
  { "dpm2_a",       "DPM2 a",           "normal",      EXPLODING,  1,        FALSE, limn_estimate_dpm2 },
  { "dpmpp_2s_a",   "DPM++ 2S a",       "karras",      EXPLODING,  1,        FALSE, limn_estimate_dpmpp_2s },
  { "dpmpp_2m",     "DPM++ 2M",         "karras",      EXPLODING,  0,        FALSE, limn_estimate_dpmpp_2m },
  { "dpmpp_sde",    "DPM++ SDE",        "karras",      EXPLODING,  1,        FALSE, limn_estimate_dpmpp_sde },
  { "dpmpp_2m_sde", "DPM++ 2M SDE",     "karras",      EXPLODING,  1,        FALSE, limn_estimate_dpmpp_2m },
  { "dpmpp_3m_sde", "DPM++ 3M SDE",     "exponential", EXPLODING,  1,        FALSE, limn_estimate_dpmpp_3m },
  { "unipc",        "UniPC",            "linspace",    PRESERVING, 0,        FALSE, limn_estimate_unipc },
  { "lcm",          "LCM",              "lcm",         PRESERVING, INFINITY, FALSE, limn_estimate_lcm },
  { "lms",          "LMS",              "normal",      EXPLODING,  0,        FALSE, limn_estimate_lms },
  { "flow",         "flow-match Euler", "normal",      EXPLODING,  0,        FALSE, NULL },
};
/* clang-format on */
const guint limn_n_samplers = G_N_ELEMENTS (limn_samplers);

const LimnSampler *
limn_sampler_find (const char *id,
                   GError    **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < limn_n_samplers; i++)
    {
      if (g_strcmp0 (limn_samplers[i].id, id) == 0)
        return &limn_samplers[i];
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", limn_samplers[i].id);
    }

  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT,
               "no sampler is called \"%s\"; there are %s", id != NULL ? id : "", known->str);
  return NULL;
}

LimnLevels *
limn_sampler_levels (const LimnSampler  *sampler,
                     const LimnSchedule *schedule,
                     const LimnProcess  *process,
                     int                 steps,
                     double              strength,
                     GError            **error)
{
  gboolean          flow = limn_process_is_flow (process);
  LimnLevelsOptions options = {
    .process = process,
    .schedule = schedule,
    .steps = steps,
    .strength = strength,
    .path = flow ? LIMN_PATH_STRAIGHT : sampler->path,
    .offset = flow ? 0 : 1, /* Stable Diffusion's steps_offset */
    .ends_at_least = sampler->ends_at_least,
  };

  if (schedule == NULL)
    options.schedule = limn_schedule_find (flow ? "sgm_uniform" : sampler->schedule, NULL);
  return limn_levels_new (&options, error);
}

int
limn_sampler_calls (const LimnSampler *sampler)
{
  gboolean twice = sampler->estimate == limn_estimate_heun || sampler->estimate == limn_estimate_dpm2
                   || sampler->estimate == limn_estimate_dpmpp_2s || sampler->estimate == limn_estimate_dpmpp_sde;

  return twice ? 2 : 1;
}

/* Where @to needs no estimate of its own, it is what the model saw. */
static gboolean
take_step (const LimnSampler *sampler,
           LimnSolver        *solver,
           GError           **error)
{
  if (!limn_solver_denoise (solver, solver->x, &solver->from, solver->denoised, error))
    return FALSE;

  if (sampler->estimate == NULL)
    memcpy (solver->estimate, solver->denoised, solver->n * sizeof *solver->estimate);
  else if (!sampler->estimate (solver, error))
    return FALSE;

  limn_solver_move (solver, solver->x, solver->estimate, &solver->from, &solver->down, solver->x);
  limn_solver_renoise (solver, &solver->from, &solver->to, solver->up, solver->x);
  return TRUE;
}

static gboolean
report_step (const LimnSolver *solver)
{
  const LimnSamplerRun *run = solver->run;
  LimnSamplerStep       step = { solver->step + 1, run->levels->steps, &solver->to,
                                 solver->x, solver->denoised, solver->n, solver };

  return run->after_step == NULL || run->after_step (run->data, &step);
}

void
limn_sampler_step_save (const LimnSamplerStep *step,
                        LimnSamplerPoint      *point)
{
  const LimnSolver *solver = step->solver;
  gsize             n = solver->n, bytes = n * sizeof (float);
  float            *numbers = g_new (float, (2 + solver->n_past) * n);

  memcpy (numbers, solver->x, bytes);
  memcpy (numbers + n, solver->kept, bytes);
  for (int i = 0; i < solver->n_past; i++)
    memcpy (numbers + (2 + i) * n, solver->past[i], bytes);
  *point = (LimnSamplerPoint){ .step = step->step, .remembered = solver->n_past, .numbers = numbers };
}

gboolean
limn_sample (const LimnSampler    *sampler,
             const LimnSamplerRun *run,
             float                *x,
             GError              **error)
{
  g_autoptr (LimnSolver) solver = limn_solver_new (sampler, run, x);

  if (run->resume != NULL)
    limn_solver_resume (solver, run->resume);
  for (int step = run->resume != NULL ? run->resume->step : 0; step < run->levels->steps; step++)
    {
      limn_solver_begin (solver, step);
      if (!take_step (sampler, solver, error))
        return FALSE;
      if (!report_step (solver))
        {
          g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED,
                       "stopped after step %d of %d", step + 1, run->levels->steps);
          return FALSE;
        }
    }
  return TRUE;
}
