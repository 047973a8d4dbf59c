/* Golden: schedules, and samplers on a mixture whose denoiser is known.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/golden.h"

#include <math.h>
#include <string.h>

#include "tests/golden/latent.h"
#include "tests/golden/mixture.h"
#include "tests/golden/trajectory.h"

#define BETA_START 0.00085
#define BETA_END 0.012

/* ε → picture at 999 multiplies what f32 rounds by 15: what the cases call "diffusers runs in f32". */
static double
diffusers_limit (GoldenCase *golden)
{
  JsonObject *limits = json_object_get_object_member (golden->json, "suggested_nmse");

  if (limits != NULL && json_object_has_member (limits, "diffusers runs in f32"))
    return json_object_get_double_member (limits, "diffusers runs in f32");
  return golden_limit (golden, TRUE);
}

static void
compare_doubles (GoldenCase   *golden,
                 const char   *tensor,
                 const double *got,
                 gsize         n)
{
  g_autofree float *values = g_new (float, n);

  if (golden_tensor_size (golden, tensor) == 0)
    return;
  for (gsize i = 0; i < n; i++)
    values[i] = (float) got[i];
  golden_compare (golden, tensor, values, n, golden_limit (golden, FALSE));
}

static void
compare_tables (GoldenCase *golden)
{
  g_autoptr (LimnProcess) process = limn_process_new_diffusion (BETA_START, BETA_END, FALSE);
  g_autoptr (LimnProcess) zero_snr = limn_process_new_diffusion (BETA_START, BETA_END, TRUE);

  compare_doubles (golden, "alphas_cumprod", limn_process_alphas_cumprod (process),
                   LIMN_PROCESS_TIMES);
  compare_doubles (golden, "alphas_cumprod_zero_snr", limn_process_alphas_cumprod (zero_snr),
                   LIMN_PROCESS_TIMES);
  compare_doubles (golden, "sigmas_1000", limn_process_sigmas (process), LIMN_PROCESS_TIMES);
}

static void
compare_flow_mu (GoldenCase *golden)
{
  JsonObject *object = json_object_get_object_member (golden->json, "flow_mu");
  g_autoptr (GList) tokens = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *token = tokens; token != NULL; token = token->next)
    {
      g_autofree char *name = g_strdup_printf ("flow_mu.%s", (char *) token->data);
      float            got = (float) limn_flow_mu ((int) g_ascii_strtoll (token->data, NULL, 10));
      float            want = (float) json_object_get_double_member (object, token->data);

      golden_compare_with (golden, name, &got, &want, 1, golden_limit (golden, FALSE));
    }
}

/* The mixture itself, so that a trajectory's failure is the sampler's: x is the start noise times √(1 + sigma²). */
static void
compare_denoised (GoldenCase    *golden,
                  const Mixture *mixture,
                  const float   *start,
                  gsize          n)
{
  static const char prefix[] = "table.denoised.sigma";
  g_autoptr (GPtrArray) names = golden_names (golden, prefix, "");

  for (guint i = 0; i < names->len; i++)
    {
      const char       *name = names->pdata[i];
      LimnNoiseLevel    level = { .alpha = 1,
                                  .sigma = g_ascii_strtod (name + strlen (prefix), NULL) };
      g_autofree float *x = g_new (float, n), *got = g_new (float, n);

      for (gsize k = 0; k < n; k++)
        x[k] = (float) (start[k] * hypot (1, level.sigma));
      mixture_predict (mixture, &level, LIMN_PREDICTION_NOISE, x, got, NULL, n);
      golden_compare (golden, name, got, n, golden_limit (golden, FALSE));
    }
}

static void
compare_sigmas (GoldenCase       *golden,
                const char       *tensor,
                const LimnLevels *levels,
                double            limit)
{
  g_autofree float *sigmas = g_new (float, levels->steps + 1);

  for (int i = 0; i <= levels->steps; i++)
    sigmas[i] = (float) levels->levels[i].sigma;
  golden_compare (golden, tensor, sigmas, levels->steps + 1, limit);
}

/* sigmas.SCHEDULE.STEPS */
static void
compare_schedules (GoldenCase *golden)
{
  g_autoptr (GPtrArray) names = golden_names (golden, "sigmas.", "");
  g_autoptr (LimnProcess) process = limn_process_new_diffusion (BETA_START, BETA_END, FALSE);

  for (guint i = 0; i < names->len; i++)
    {
      g_auto (GStrv) words = g_strsplit (names->pdata[i], ".", -1);
      GError           *error = NULL;
      LimnLevelsOptions options = { .process = process, .path = LIMN_PATH_EXPLODING };
      g_autoptr (LimnLevels) levels = NULL;

      options.schedule = limn_schedule_find (words[1], &error);
      options.steps = words[2] != NULL ? (int) g_ascii_strtoll (words[2], NULL, 10) : 0;
      if (options.schedule != NULL)
        levels = limn_levels_new (&options, &error);
      if (levels != NULL)
        compare_sigmas (golden, names->pdata[i], levels, golden_limit (golden, FALSE));
      else
        golden_fail_error (golden, names->pdata[i], golden_limit (golden, FALSE), error);
    }
}

/* k-diffusion's names */
static const char *
sampler_id (const char *name)
{
  static const char *const names[][2] = {
    { "euler_ancestral", "euler_a" },
    { "dpm_2", "dpm2" },
    { "dpm_2_ancestral", "dpm2_a" },
    { "dpmpp_2s_ancestral", "dpmpp_2s_a" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i][0], name))
      return names[i][1];
  return name;
}

/* k.SAMPLER.SCHEDULE.STEPS.trajectory */
static gboolean
run_k (Trajectory *trajectory,
       GError    **error)
{
  g_auto (GStrv) words = g_strsplit (trajectory->name, ".", -1);
  g_autoptr (LimnProcess) process = limn_process_new_diffusion (BETA_START, BETA_END, FALSE);
  LimnLevelsOptions  options = { .process = process, .path = LIMN_PATH_EXPLODING };
  const LimnSampler *sampler = g_strv_length (words) == 4 ? limn_sampler_find (sampler_id (words[1]), error) : NULL;
  g_autoptr (LimnLevels) levels = NULL;

  options.schedule = sampler != NULL ? limn_schedule_find (words[2], error) : NULL;
  if (options.schedule == NULL)
    return FALSE;

  options.steps = (int) g_ascii_strtoll (words[3], NULL, 10);
  levels = limn_levels_new (&options, error);
  return levels != NULL && trajectory_run (trajectory, sampler, levels, 0, limn_levels_noise_scale (levels), error);
}

/* flow.shiftX.KIND.STEPS or flow.dynamic_muX.KIND.STEPS, of which X may have a point */
static gboolean
run_flow (Trajectory *trajectory,
          GError    **error)
{
  static const char dynamic_mu[] = "flow.dynamic_mu", shift[] = "flow.shift";
  gboolean          dynamic = g_str_has_prefix (trajectory->name, dynamic_mu);
  double            number = g_ascii_strtod (trajectory->name + strlen (dynamic ? dynamic_mu : shift), NULL);
  g_autoptr (LimnProcess) process = limn_process_new_flow (dynamic ? exp (number) : number, dynamic);
  LimnLevelsOptions options = { .process = process, .path = LIMN_PATH_STRAIGHT };
  gboolean          linspace = strstr (trajectory->name, ".linspace.") != NULL;
  g_autoptr (LimnLevels) levels = NULL;
  g_autofree char *sigmas = g_strconcat (trajectory->name, ".sigmas", NULL);

  options.schedule = limn_schedule_find (linspace ? "sgm_uniform" : "normal", error);
  options.steps = (int) g_ascii_strtoll (strrchr (trajectory->name, '.') + 1, NULL, 10);
  levels = limn_levels_new (&options, error);
  if (levels == NULL)
    return FALSE;

  compare_sigmas (trajectory->golden, sigmas, levels, trajectory->limit);
  trajectory->prediction = LIMN_PREDICTION_FLOW;
  return trajectory_run (trajectory, limn_sampler_find ("flow", NULL), levels, 0, 1, error);
}

static const struct
{
  const char *prefix;
  gboolean (*run) (Trajectory *trajectory,
                   GError    **error);
  double (*limit) (GoldenCase *golden);
} kinds[] = {
  { "k.", run_k, NULL },
  { "d.", trajectory_run_diffusers, diffusers_limit },
  { "flow.", run_flow, NULL },
};

static void
compare_trajectories (GoldenCase    *golden,
                      const Mixture *mixture,
                      const float   *start,
                      gsize          n)
{
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autoptr (GPtrArray) names = golden_names (golden, kinds[k].prefix, ".trajectory");
      double limit = kinds[k].limit != NULL ? kinds[k].limit (golden) : golden_limit (golden, FALSE);

      for (guint i = 0; i < names->len; i++)
        {
          g_autoptr (Trajectory) trajectory = trajectory_new (golden, mixture, names->pdata[i], start, n, limit);
          GError *error = NULL;

          if (kinds[k].run (trajectory, &error))
            trajectory_compare (trajectory);
          else
            golden_fail_error (golden, names->pdata[i], limit, error);
        }
    }
}

void
golden_run_samplers (GoldenCase *golden)
{
  g_autoptr (Mixture) mixture = mixture_new (json_object_get_object_member (golden->json, "mixture"));
  g_autofree float *start = golden_tensor (golden, "start_noise", NULL, NULL);
  gsize             n = golden_tensor_size (golden, "start_noise");

  compare_tables (golden);
  compare_flow_mu (golden);
  compare_schedules (golden);
  if (mixture == NULL || n == 0 || n % mixture->dims != 0)
    {
      golden_fail (golden, "start_noise", golden_limit (golden, FALSE),
                   "mixture and start_noise do not fit together");
      return;
    }
  compare_denoised (golden, mixture, start, n);
  compare_trajectories (golden, mixture, start, n);
}
