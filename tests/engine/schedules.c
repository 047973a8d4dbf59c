/* Schedules: known levels, order, ends, and what is refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/beta.h"
#include "engine/samplers/sampler.h"

#include <math.h>
#include <string.h>

static LimnProcess *
stable_diffusion (gboolean zero_snr)
{
  return limn_process_new_diffusion (0.00085, 0.012, zero_snr);
}

static LimnLevels *
make_levels (const LimnProcess *process,
             const char        *schedule,
             LimnPath           path,
             int                steps)
{
  g_autoptr (GError) error = NULL;
  LimnLevelsOptions options = { .process = process, .steps = steps, .path = path, .offset = 1 };
  LimnLevels       *levels;

  options.schedule = limn_schedule_find (schedule, &error);
  g_assert_no_error (error);
  levels = limn_levels_new (&options, &error);
  g_assert_no_error (error);
  return levels;
}

/* The extremes of Stable Diffusion's sigma as k-diffusion prints them. */
static void
test_process (void)
{
  g_autoptr (LimnProcess) process = stable_diffusion (FALSE);
  const double *sigmas = limn_process_sigmas (process);

  g_assert_cmpfloat_with_epsilon (sigmas[0], 0.0291675, 1e-6);
  g_assert_cmpfloat_with_epsilon (sigmas[999], 14.614642, 1e-5);
  g_assert_cmpfloat_with_epsilon (limn_process_alphas_cumprod (process)[999], 0.0046601, 1e-6);
}

static void
test_zero_snr (void)
{
  g_autoptr (LimnProcess) process = stable_diffusion (TRUE);
  g_autoptr (LimnProcess) plain = stable_diffusion (FALSE);
  LimnNoiseLevel last = limn_process_level_at (process, LIMN_PATH_PRESERVING, 999);

  g_assert_cmpfloat (last.alpha, ==, 0);
  g_assert_cmpfloat (last.sigma, ==, 1);
  g_assert_cmpfloat_with_epsilon (limn_process_alphas_cumprod (process)[0],
                                  limn_process_alphas_cumprod (plain)[0], 1e-12);
  g_assert_true (isfinite (limn_process_sigmas (process)[999]));
}

/* Time and sigma are each other's inverse, at and between trained times. */
static void
test_time_of_sigma (void)
{
  g_autoptr (LimnProcess) process = stable_diffusion (FALSE);

  for (double time = 0; time <= 999; time += 0.3)
    g_assert_cmpfloat_with_epsilon (
        limn_process_time_at (process, limn_process_sigma_at (process, time)), time, 1e-9);
  g_assert_cmpfloat (limn_process_time_at (process, 1e-9), ==, 0);
  g_assert_cmpfloat (limn_process_time_at (process, 0), ==, 0);
  g_assert_cmpfloat (limn_process_time_at (process, 1e9), ==, 999);
}

static void
test_paths (void)
{
  g_autoptr (LimnProcess) process = stable_diffusion (FALSE);
  g_autoptr (LimnProcess) flow = limn_process_new_flow (3, FALSE);

  for (double sigma = 0.03; sigma < 14; sigma *= 1.7)
    {
      LimnNoiseLevel exploding = limn_process_level (process, LIMN_PATH_EXPLODING, sigma);
      LimnNoiseLevel preserving = limn_process_level (process, LIMN_PATH_PRESERVING, sigma);

      g_assert_cmpfloat (exploding.alpha, ==, 1);
      g_assert_cmpfloat_with_epsilon (hypot (preserving.alpha, preserving.sigma), 1, 1e-12);
      g_assert_cmpfloat_with_epsilon (limn_level_ratio (&preserving),
                                      limn_level_ratio (&exploding), 1e-9);
      g_assert_cmpfloat (preserving.time, ==, exploding.time);
    }
  for (double sigma = 0.01; sigma <= 1; sigma += 0.07)
    {
      LimnNoiseLevel level = limn_process_level (flow, LIMN_PATH_STRAIGHT, sigma);

      g_assert_cmpfloat_with_epsilon (level.alpha + level.sigma, 1, 1e-12);
      g_assert_cmpfloat (level.time, ==, sigma);
    }
}

static void
test_level_between (void)
{
  g_autoptr (LimnProcess) process = stable_diffusion (FALSE);
  g_autoptr (LimnProcess) flow = limn_process_new_flow (1, FALSE);
  LimnNoiseLevel a = limn_process_level (process, LIMN_PATH_PRESERVING, 8),
                 b = limn_process_level (process, LIMN_PATH_PRESERVING, 2);
  LimnNoiseLevel c = limn_process_level (flow, LIMN_PATH_STRAIGHT, 0.8),
                 d = limn_process_level (flow, LIMN_PATH_STRAIGHT, 0.2);
  LimnNoiseLevel middle = limn_process_level_between (process, LIMN_PATH_PRESERVING, &a, &b);
  LimnNoiseLevel middle_flow = limn_process_level_between (flow, LIMN_PATH_STRAIGHT, &c, &d);

  g_assert_cmpfloat_with_epsilon (limn_level_ratio (&middle), 4, 1e-9);
  g_assert_cmpfloat_with_epsilon (hypot (middle.alpha, middle.sigma), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (middle_flow.sigma, 0.5, 1e-12);
}

/* Levels fall, start where there is most noise and end where there is none, at every number of steps. */
static void
assert_levels (const LimnLevels *levels)
{
  g_assert_cmpint (levels->steps, >=, 1);
  for (int i = 0; i < levels->steps; i++)
    {
      g_assert_cmpfloat (levels->levels[i].sigma, >, levels->levels[i + 1].sigma);
      g_assert_true (levels->levels[i].time >= 0 && levels->levels[i].time <= 999);
    }
  g_assert_cmpfloat (levels->levels[levels->steps].alpha, ==, 1);
  g_assert_cmpfloat (levels->levels[levels->steps].sigma, ==, 0);
}

static void
test_all_fall (void)
{
  static const int steps[] = { 1, 2, 3, 7, 20, 33, 150, 999, 1000 };
  LimnProcess     *processes[] = { stable_diffusion (FALSE), stable_diffusion (TRUE),
                                   limn_process_new_flow (1, FALSE),
                                   limn_process_new_flow (3.16, TRUE) };

  for (guint p = 0; p < G_N_ELEMENTS (processes); p++)
    {
      LimnPath path = limn_process_is_flow (processes[p]) ? LIMN_PATH_STRAIGHT : LIMN_PATH_EXPLODING;

      for (guint s = 0; s < limn_n_schedules; s++)
        for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
          {
            g_autoptr (LimnLevels) levels = make_levels (processes[p], limn_schedules[s].id, path, steps[i]);

            assert_levels (levels);
          }
      limn_process_free (processes[p]);
    }
}

/* 20 equal steps from 1 to 0. */
static void
test_flow_is_even (void)
{
  g_autoptr (LimnProcess) process = limn_process_new_flow (1, FALSE);
  g_autoptr (LimnLevels) levels = make_levels (process, "sgm_uniform", LIMN_PATH_STRAIGHT, 20);

  g_assert_cmpint (levels->steps, ==, 20);
  for (int i = 0; i <= 20; i++)
    g_assert_cmpfloat_with_epsilon (levels->levels[i].sigma, 1 - i / 20.0, 1e-12);
  g_assert_cmpfloat (limn_levels_noise_scale (levels), ==, 1);
}

/* diffusers' timesteps of Stable Diffusion. */
static void
test_leading (void)
{
  static const int times[] = { 876, 751, 626, 501, 376, 251, 126, 1 };
  g_autoptr (LimnProcess) process = stable_diffusion (FALSE);
  g_autoptr (LimnLevels) levels = make_levels (process, "leading", LIMN_PATH_PRESERVING, 8);

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    g_assert_cmpfloat (levels->levels[i].time, ==, times[i]);
}

static void
test_ends_at_least (void)
{
  g_autoptr (LimnProcess) process = stable_diffusion (FALSE);
  const LimnSampler *ddim = limn_sampler_find ("ddim", NULL);
  g_autoptr (LimnLevels) levels = limn_sampler_levels (ddim, NULL, process, 8, 1, NULL);
  g_autoptr (LimnLevels) karras = limn_sampler_levels (ddim, limn_schedule_find ("karras", NULL), process, 8, 1, NULL);

  g_assert_cmpfloat (levels->levels[8].alpha, ==, sqrt (limn_process_alphas_cumprod (process)[0]));

  /* it would stand still in the last step */
  g_assert_cmpfloat (karras->levels[8].sigma, ==, 0);
}

static void
test_strength (void)
{
  static const struct
  {
    int    steps;
    double strength;
    int    run;
  } cases[] = { { 8, 0.6, 4 }, { 8, 1, 8 }, { 8, 0, 8 }, { 8, 0.01, 1 }, { 10, 0.7, 7 }, { 30, 0.1, 3 } };
  g_autoptr (LimnProcess) process = stable_diffusion (FALSE);
  const LimnSampler *sampler = limn_sampler_find ("ddim", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LimnLevels) all = limn_sampler_levels (sampler, NULL, process, cases[i].steps, 1, NULL);
      g_autoptr (LimnLevels) levels = limn_sampler_levels (sampler, NULL, process, cases[i].steps, cases[i].strength, NULL);

      g_assert_cmpint (levels->steps, ==, cases[i].run);
      g_assert_cmpmem (levels->levels, (cases[i].run + 1) * sizeof *levels->levels,
                       all->levels + all->steps - cases[i].run,
                       (cases[i].run + 1) * sizeof *levels->levels);
    }
}

static void
assert_refused (const LimnLevelsOptions *options)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (limn_levels_new (options, &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_refused (void)
{
  g_autoptr (LimnProcess) process = stable_diffusion (FALSE);
  LimnLevelsOptions options = { .process = process, .schedule = &limn_schedules[0] };

  for (int i = 0; i < 4; i++)
    {
      options.steps = (int[]){ 0, -1, 1001, G_MAXINT }[i];
      assert_refused (&options);
    }
  options.steps = 10;
  for (int i = 0; i < 3; i++)
    {
      options.strength = (double[]){ -0.1, 1.1, NAN }[i];
      assert_refused (&options);
    }
  options.strength = 1;
  options.path = LIMN_PATH_STRAIGHT;
  assert_refused (&options);
}

/* An unknown name's error lists the known ones. */
static void
test_unknown (void)
{
  static const char *const names[] = { "foo", "", NULL, "Karras", "karras " };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_schedule_find (names[i], &error));
      g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
      for (guint k = 0; k < limn_n_schedules; k++)
        g_assert_nonnull (strstr (error->message, limn_schedules[k].id));
    }
}

/* Beta (1/2, 1/2) is the arcsine law; Beta (1, b) and Beta (a, 1) have closed forms, too. */
static void
test_beta (void)
{
  for (double p = 0; p <= 1; p += 1.0 / 64)
    {
      g_assert_cmpfloat_with_epsilon (limn_beta_quantile (p, 0.5, 0.5),
                                      pow (sin (G_PI / 2 * p), 2), 1e-12);
      g_assert_cmpfloat_with_epsilon (limn_beta_quantile (p, 1, 3), 1 - cbrt (1 - p), 1e-12);
      g_assert_cmpfloat_with_epsilon (limn_beta_quantile (p, 2.5, 1), pow (p, 0.4), 1e-12);
      g_assert_cmpfloat_with_epsilon (
          limn_beta_quantile (p, 0.6, 0.6) + limn_beta_quantile (1 - p, 0.6, 0.6), 1, 1e-12);
    }
}

static void
test_flow_shift (void)
{
  g_autoptr (LimnProcess) process = limn_process_new_flow (3, FALSE);

  g_assert_cmpfloat (limn_process_sigma_at (process, 1), ==, 1);
  g_assert_cmpfloat_with_epsilon (limn_process_sigma_at (process, 0.5), 0.75, 1e-12);
  g_assert_cmpfloat (limn_process_sigma_at (process, 0), ==, 0);
  g_assert_cmpfloat_with_epsilon (limn_flow_mu (256), 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (limn_flow_mu (4096), 1.15, 1e-12);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schedules/process", test_process);
  g_test_add_func ("/schedules/zero-snr", test_zero_snr);
  g_test_add_func ("/schedules/time-of-sigma", test_time_of_sigma);
  g_test_add_func ("/schedules/paths", test_paths);
  g_test_add_func ("/schedules/level-between", test_level_between);
  g_test_add_func ("/schedules/all-fall", test_all_fall);
  g_test_add_func ("/schedules/flow-is-even", test_flow_is_even);
  g_test_add_func ("/schedules/leading", test_leading);
  g_test_add_func ("/schedules/ends-at-least", test_ends_at_least);
  g_test_add_func ("/schedules/strength", test_strength);
  g_test_add_func ("/schedules/refused", test_refused);
  g_test_add_func ("/schedules/unknown", test_unknown);
  g_test_add_func ("/schedules/beta", test_beta);
  g_test_add_func ("/schedules/flow-shift", test_flow_shift);
  return g_test_run ();
}
