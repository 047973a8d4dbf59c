/* Samplers: on data whose denoiser and whose exact path are known.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/samplers/noise.h"
#include "engine/samplers/sampler.h"

#include <math.h>
#include <string.h>

#define N 64

/* Data N (MEAN, DEVIATION²): its denoiser is linear, and its probability-flow path a straight move. */
#define MEAN 0.7
#define DEVIATION 0.4

typedef struct
{
  LimnNoise *noise;
  int        calls, draws, steps, stop_after;
  int        fail_at, bad_at; /* the call that fails, or answers NaN; 0: none */
} Run;

static double
spread (const LimnNoiseLevel *level)
{
  return hypot (level->alpha * DEVIATION, level->sigma);
}

static gboolean
denoise (gpointer              data,
         const float          *x,
         const LimnNoiseLevel *level,
         float                *denoised,
         GError              **error)
{
  Run   *run = data;
  double gain = level->alpha * DEVIATION * DEVIATION / pow (spread (level), 2);

  g_assert_cmpfloat (level->sigma, >, 0);
  run->calls++;
  if (run->calls == run->fail_at)
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY, "no memory left");
      return FALSE;
    }

  for (int i = 0; i < N; i++)
    denoised[i] = (float) (MEAN + gain * (x[i] - level->alpha * MEAN));
  if (run->calls == run->bad_at)
    denoised[N / 2] = NAN;
  return TRUE;
}

static void
draw (gpointer              data,
      const LimnNoiseLevel *from,
      const LimnNoiseLevel *to,
      float                *noise,
      gsize                 n)
{
  Run *run = data;

  g_assert_cmpfloat (from->sigma, >, to->sigma);
  g_assert_cmpfloat (to->sigma, >, 0);
  run->draws++;
  limn_noise_normal (run->noise, noise, n);
}

static gboolean
after_step (gpointer               data,
            const LimnSamplerStep *step)
{
  Run *run = data;

  run->steps++;
  g_assert_cmpint (step->step, ==, run->steps);
  g_assert_cmpuint (step->n, ==, N);
  return run->steps != run->stop_after;
}

static LimnProcess *
make_process (LimnPath path)
{
  return path == LIMN_PATH_STRAIGHT ? limn_process_new_flow (1, FALSE)
                                    : limn_process_new_diffusion (0.00085, 0.012, FALSE);
}

static LimnLevels *
make_levels (const LimnProcess *process,
             LimnPath           path,
             const char        *schedule,
             int                steps)
{
  LimnLevelsOptions options = { .process = process,
                                .schedule = limn_schedule_find (schedule, NULL),
                                .steps = steps,
                                .path = path };
  LimnLevels       *levels = limn_levels_new (&options, NULL);

  g_assert_nonnull (levels);
  return levels;
}

/* Starts where the path is, in deviations from its middle: x[i] = alpha · MEAN + place[i] · spread. */
static void
start (const LimnLevels *levels,
       float            *x)
{
  for (int i = 0; i < N; i++)
    x[i] = (float) (levels->levels[0].alpha * MEAN + (i - N / 2) / 16.0 * spread (&levels->levels[0]));
}

/* Largest distance from where the exact path ends, MEAN + place · DEVIATION, after @steps steps without fresh noise. */
static double
distance (const char *id,
          LimnPath    path,
          int         steps)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnProcess) process = make_process (path);
  g_autoptr (LimnLevels) levels = make_levels (process, path, "karras", steps);
  Run            state = { 0 };
  LimnSamplerRun run = { .levels = levels,
                         .n = N,
                         .denoise = denoise,
                         .draw = draw,
                         .after_step = after_step,
                         .data = &state };
  float          x[N];
  double         most = 0;

  start (levels, x);
  g_assert_true (limn_sample (limn_sampler_find (id, NULL), &run, x, &error));
  g_assert_no_error (error);
  g_assert_cmpint (state.steps, ==, levels->steps);
  g_assert_cmpint (state.draws, ==, 0);
  for (int i = 0; i < N; i++)
    most = MAX (most, fabs (x[i] - (MEAN + (i - N / 2) / 16.0 * DEVIATION)));
  return most;
}

static const LimnPath paths[] = { LIMN_PATH_EXPLODING, LIMN_PATH_PRESERVING, LIMN_PATH_STRAIGHT };

/* More steps lead nearer to the exact end, on every path. */
static void
test_converge (void)
{
  for (guint s = 0; s < limn_n_samplers; s++)
    for (guint p = 0; p < G_N_ELEMENTS (paths); p++)
      {
        double near, far;

        if (limn_samplers[s].eta > 0)
          continue;
        far = distance (limn_samplers[s].id, paths[p], 12);
        near = distance (limn_samplers[s].id, paths[p], 120);
        g_test_message ("%s, path %d: %g after 12 steps, %g after 120", limn_samplers[s].id,
                        paths[p], far, near);
        g_assert_cmpfloat (near, <, 0.02);
        g_assert_cmpfloat (near, <, far / 5);
      }
}

/* Samplers of the second order and higher are far better than Euler's where it counts: at few steps' cost. */
static void
test_orders (void)
{
  static const char *const second[] = { "heun", "dpm2", "dpmpp_2m", "unipc", "lms", "plms" };
  double                   euler = distance ("euler", LIMN_PATH_EXPLODING, 40);

  for (guint i = 0; i < G_N_ELEMENTS (second); i++)
    g_assert_cmpfloat (distance (second[i], LIMN_PATH_EXPLODING, 40), <, euler / 2);
}

/* The preserving path is the exploding one, scaled: the picture is the same. */
static void
test_paths_agree (void)
{
  static const char *const ids[] = { "ddim", "euler", "heun", "dpm2",
                                     "dpmpp_2m", "unipc", "lms", "plms" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpfloat_with_epsilon (distance (ids[i], LIMN_PATH_PRESERVING, 9),
                                    distance (ids[i], LIMN_PATH_EXPLODING, 9), 1e-5);
}

/* With fresh noise the samples keep the data's distribution. */
static void
run_with_noise (const LimnSampler *sampler,
                LimnPath           path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, 1);
  g_autoptr (LimnProcess) process = make_process (path);
  g_autoptr (LimnLevels) levels = make_levels (process, path, path == LIMN_PATH_STRAIGHT ? "sgm_uniform" : "karras", 60);
  double sum = 0, squares = 0;
  int    repeats = 40;

  for (int r = 0; r < repeats; r++)
    {
      Run            state = { .noise = noise };
      LimnSamplerRun run = { .levels = levels,
                             .n = N,
                             .denoise = denoise,
                             .draw = draw,
                             .after_step = after_step,
                             .data = &state };
      float          x[N];

      limn_noise_normal (noise, x, N);
      for (int i = 0; i < N; i++)
        x[i] = (float) (levels->levels[0].alpha * MEAN + x[i] * spread (&levels->levels[0]));
      g_assert_true (limn_sample (sampler, &run, x, &error));
      g_assert_cmpint (state.draws, >=, levels->steps - 1);
      for (int i = 0; i < N; i++)
        {
          sum += x[i];
          squares += x[i] * x[i];
        }
    }

  sum /= repeats * N;
  g_assert_cmpfloat_with_epsilon (sum, MEAN, 0.04);
  g_assert_cmpfloat_with_epsilon (sqrt (squares / (repeats * N) - sum * sum), DEVIATION, 0.05);
}

static void
test_distribution (void)
{
  for (guint s = 0; s < limn_n_samplers; s++)
    for (guint p = 0; p < G_N_ELEMENTS (paths); p++)
      if (limn_samplers[s].eta > 0 && isfinite (limn_samplers[s].eta))
        run_with_noise (&limn_samplers[s], paths[p]);
}

/* LCM goes to the denoised picture at each step: with a denoiser's mean the last is what it saw last. */
static void
test_lcm_draws (void)
{
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, 1);
  g_autoptr (LimnProcess) process = make_process (LIMN_PATH_PRESERVING);
  g_autoptr (LimnLevels) levels = make_levels (process, LIMN_PATH_PRESERVING, "lcm", 4);
  Run            state = { .noise = noise };
  LimnSamplerRun run = {
    .levels = levels, .n = N, .denoise = denoise, .draw = draw, .data = &state
  };
  float x[N] = { 0 };

  g_assert_true (limn_sample (limn_sampler_find ("lcm", NULL), &run, x, NULL));
  g_assert_cmpint (state.calls, ==, 4);
  g_assert_cmpint (state.draws, ==, 3);
}

/* A process without signal at its last time starts from alpha = 0; nobody divides by it. */
static void
test_zero_snr (void)
{
  g_autoptr (LimnProcess) process = limn_process_new_diffusion (0.00085, 0.012, TRUE);
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, 1);
  g_autoptr (LimnLevels) levels = make_levels (process, LIMN_PATH_PRESERVING, "trailing", 12);

  g_assert_cmpfloat (levels->levels[0].alpha, ==, 0);
  for (guint s = 0; s < limn_n_samplers; s++)
    {
      g_autoptr (GError) error = NULL;
      Run            state = { .noise = noise };
      LimnSamplerRun run = {
        .levels = levels, .n = N, .denoise = denoise, .draw = draw, .data = &state
      };
      float x[N];

      start (levels, x);
      limn_sample (&limn_samplers[s], &run, x, &error);
      g_assert_no_error (error);
      for (int i = 0; i < N; i++)
        g_assert_true (fabsf (x[i] - (float) MEAN) < 4);
    }
}

static void
test_one_step (void)
{
  for (guint s = 0; s < limn_n_samplers; s++)
    for (guint p = 0; p < G_N_ELEMENTS (paths); p++)
      {
        g_autoptr (LimnProcess) process = make_process (paths[p]);
        g_autoptr (LimnLevels) levels = make_levels (process, paths[p], "karras", 1);
        Run            state = { 0 };
        LimnSamplerRun run = {
          .levels = levels, .n = N, .denoise = denoise, .draw = draw, .data = &state
        };
        float x[N], want[N];

        start (levels, x);
        denoise (&state, x, &levels->levels[0], want, NULL);
        g_assert_true (limn_sample (&limn_samplers[s], &run, x, NULL));
        g_assert_cmpint (state.calls, ==, 2);
        for (int i = 0; i < N; i++)
          g_assert_cmpfloat_with_epsilon (x[i], want[i], 1e-5);
      }
}

static void
sample_expecting (Run        *state,
                  int         code,
                  const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnProcess) process = make_process (LIMN_PATH_EXPLODING);
  g_autoptr (LimnLevels) levels = make_levels (process, LIMN_PATH_EXPLODING, "normal", 6);
  LimnSamplerRun run = { .levels = levels,
                         .n = N,
                         .denoise = denoise,
                         .draw = draw,
                         .after_step = after_step,
                         .data = state };
  float          x[N];

  start (levels, x);
  g_assert_false (limn_sample (limn_sampler_find ("heun", NULL), &run, x, &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_stops (void)
{
  Run stopped = { .stop_after = 3 }, failed = { .fail_at = 4 }, bad = { .bad_at = 5 };

  sample_expecting (&stopped, LIMN_ENGINE_ERROR_CANCELLED, "step 3 of 6");
  g_assert_cmpint (stopped.steps, ==, 3);
  sample_expecting (&failed, LIMN_ENGINE_ERROR_MEMORY, "no memory left");
  g_assert_cmpint (failed.calls, ==, 4);
  sample_expecting (&bad, LIMN_ENGINE_ERROR_RESULT, "step 3 of 6");
}

/* noise, v and flow velocity mean the same picture. */
static void
test_predictions (void)
{
  g_autoptr (LimnProcess) diffusion = make_process (LIMN_PATH_PRESERVING);
  g_autoptr (LimnProcess) flow = make_process (LIMN_PATH_STRAIGHT);
  LimnNoiseLevel levels[] = {
    limn_process_level (diffusion, LIMN_PATH_PRESERVING, 2.5),
    limn_process_level (diffusion, LIMN_PATH_EXPLODING, 2.5),
    limn_process_level (flow, LIMN_PATH_STRAIGHT, 0.3),
  };
  const float picture = 0.37f, noise = -1.2f;

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      LimnNoiseLevel *level = &levels[i];
      double          scale = 1 / hypot (level->alpha, level->sigma);
      float           v = (float) (scale * (level->alpha * noise - level->sigma * picture)),
            velocity = noise - picture;
      float x, got;

      limn_level_mix (level, &picture, &noise, &x, 1);
      g_assert_cmpfloat_with_epsilon (x, level->alpha * picture + level->sigma * noise, 1e-6);
      limn_level_denoise (level, LIMN_PREDICTION_NOISE, &x, &noise, &got, 1);
      g_assert_cmpfloat_with_epsilon (got, picture, 1e-6);
      limn_level_denoise (level, LIMN_PREDICTION_V, &x, &v, &got, 1);
      g_assert_cmpfloat_with_epsilon (got, picture, 1e-6);
      if (i < 2)
        continue;
      limn_level_denoise (level, LIMN_PREDICTION_FLOW, &x, &velocity, &got, 1);
      g_assert_cmpfloat_with_epsilon (got, picture, 1e-6);
    }
}

/* The command line's ids are all there, each once, and an unknown one's error lists them. */
static void
test_names (void)
{
  static const char *const ids[] = {
    "ddim", "ddpm", "plms", "euler", "euler_a", "heun", "dpm2", "dpm2_a", "dpmpp_2s_a", "dpmpp_2m", "dpmpp_sde", "dpmpp_2m_sde", "dpmpp_3m_sde", "unipc", "lcm", "flow"
  };
  g_autoptr (GError) error = NULL;

  g_assert_null (limn_sampler_find ("ddim2", &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_assert_cmpstr (limn_sampler_find (ids[i], NULL)->id, ==, ids[i]);
      g_assert_nonnull (strstr (error->message, ids[i]));
    }
  for (guint i = 0; i < limn_n_samplers; i++)
    {
      g_assert_nonnull (limn_schedule_find (limn_samplers[i].schedule, NULL));
      g_assert_true (limn_sampler_find (limn_samplers[i].id, NULL) == &limn_samplers[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/samplers/converge", test_converge);
  g_test_add_func ("/samplers/orders", test_orders);
  g_test_add_func ("/samplers/paths-agree", test_paths_agree);
  g_test_add_func ("/samplers/distribution", test_distribution);
  g_test_add_func ("/samplers/lcm-draws", test_lcm_draws);
  g_test_add_func ("/samplers/zero-snr", test_zero_snr);
  g_test_add_func ("/samplers/one-step", test_one_step);
  g_test_add_func ("/samplers/stops", test_stops);
  g_test_add_func ("/samplers/predictions", test_predictions);
  g_test_add_func ("/samplers/names", test_names);
  return g_test_run ();
}
