/* diffusers' schedulers, as their configurations describe them, in Limn's words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/trajectory.h"

#include <math.h>
#include <string.h>

/* By the beginning of the name that the case gives a configuration; the first that fits. */
static const struct
{
  const char *prefix, *sampler;
  gboolean    exploding; /* its latents are k-diffusion's */
  gboolean    multistep; /* its "linspace" leaves the last time out, its times are whole */
  gboolean    strides;   /* steps back by 1000 / steps, wherever the next time is */
} schedulers[] = {
  { "ddim", "ddim", FALSE, FALSE, TRUE },
  { "ddpm", "ddpm", FALSE, FALSE, FALSE },
  { "pndm", "plms", FALSE, FALSE, FALSE },
  { "unipc", "unipc", FALSE, TRUE, FALSE },
  { "dpmpp_2m", "dpmpp_2m", FALSE, TRUE, FALSE },
  { "euler", "euler", TRUE, FALSE, FALSE },
  { "lcm", "lcm", FALSE, FALSE, FALSE },
};

static gboolean
is_set (JsonObject *config,
        const char *member)
{
  JsonNode *node = json_object_get_member (config, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

static double
number (JsonObject *config,
        const char *member,
        double      otherwise)
{
  JsonNode *node = json_object_get_member (config, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : otherwise;
}

static const char *
word (JsonObject *config,
      const char *member,
      const char *otherwise)
{
  JsonNode *node = json_object_get_member (config, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : otherwise;
}

/* The schedule's id. */
static const char *
schedule_of (JsonObject *config,
             const char *sampler,
             gboolean    multistep)
{
  static const char *const spreads[][2] = {
    { "use_karras_sigmas", "karras" },
    { "use_exponential_sigmas", "exponential" },
  };
  const char *spacing = word (config, "timestep_spacing", "leading");

  for (guint i = 0; i < G_N_ELEMENTS (spreads); i++)
    if (is_set (config, spreads[i][0]))
      return spreads[i][1];
  if (g_str_equal (sampler, "lcm"))
    return "lcm";
  return g_str_equal (spacing, "linspace") && !multistep ? "normal" : spacing;
}

static int
find_scheduler (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (schedulers); i++)
    if (g_str_has_prefix (name, schedulers[i].prefix))
      return (int) i;
  return -1;
}

/* "ddim_eta0.7" → 0.7 */
static double
eta_of (const char *name)
{
  const char *eta = strstr (name, "_eta");

  return eta != NULL ? g_ascii_strtod (eta + strlen ("_eta"), NULL) : 0;
}

/* diffusers' Euler starts from all the noise there is, picture's share included, only where the first time is not the last trained. */
static double
start_scale (JsonObject       *config,
             const LimnLevels *levels)
{
  double scale = limn_levels_noise_scale (levels);

  if (levels->path == LIMN_PATH_EXPLODING && g_str_equal (word (config, "timestep_spacing", "leading"), "leading"))
    return hypot (1, scale);
  return scale;
}

/* Each step is a run of its own, to where diffusers' DDIM believes to go. */
static gboolean
run_strides (Trajectory              *trajectory,
             const LimnSampler       *sampler,
             const LimnLevels        *levels,
             const LimnLevelsOptions *options,
             double                   eta,
             GError                 **error)
{
  int stride = LIMN_PROCESS_TIMES / options->steps;

  for (int i = 0; i < levels->steps; i++)
    {
      LimnNoiseLevel pair[] = { levels->levels[i], { .alpha = 1 } };
      LimnLevels     step = { levels->path, levels->process, 1, pair };
      int            time = (int) pair[0].time - stride;

      if (time >= 0 || options->ends_at_least)
        pair[1] = limn_process_level_at (levels->process, levels->path, time);
      if (!trajectory_run (trajectory, sampler, &step, eta, 1, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_config (Trajectory *trajectory,
            JsonObject *config,
            const char *name,
            int         steps,
            GError    **error)
{
  int                kind = find_scheduler (name);
  const LimnSampler *sampler = limn_sampler_find (kind >= 0 ? schedulers[kind].sampler : name, error);
  g_autoptr (LimnProcess) process = limn_process_new_diffusion (
      number (config, "beta_start", 0.00085), number (config, "beta_end", 0.012),
      is_set (config, "rescale_betas_zero_snr"));
  g_autoptr (LimnLevels) levels = NULL;
  LimnLevelsOptions options = { .process = process, .steps = steps };

  if (kind < 0 || sampler == NULL)
    return FALSE;

  options.path = schedulers[kind].exploding ? LIMN_PATH_EXPLODING : LIMN_PATH_PRESERVING;
  options.schedule = limn_schedule_find (
      schedule_of (config, schedulers[kind].sampler, schedulers[kind].multistep), error);
  options.offset = (int) number (config, "steps_offset", 0);
  options.whole_times = schedulers[kind].multistep;
  options.ends_at_least = json_object_has_member (config, "set_alpha_to_one") && !is_set (config, "set_alpha_to_one");
  levels = options.schedule != NULL ? limn_levels_new (&options, error) : NULL;
  if (levels == NULL)
    return FALSE;

  trajectory->process = process;
  trajectory->prediction = g_str_equal (word (config, "prediction_type", "epsilon"), "epsilon")
                               ? LIMN_PREDICTION_NOISE
                               : LIMN_PREDICTION_V;
  if (schedulers[kind].strides)
    return run_strides (trajectory, sampler, levels, &options, eta_of (name), error);
  return trajectory_run (trajectory, sampler, levels, 0, start_scale (config, levels), error);
}

gboolean
trajectory_run_diffusers (Trajectory *trajectory,
                          GError    **error)
{
  const char      *steps = strrchr (trajectory->name, '.');
  g_autofree char *name = g_strndup (trajectory->name + strlen ("d."), steps - trajectory->name - strlen ("d."));
  JsonObject      *configs = json_object_get_object_member (trajectory->golden->json, "diffusers_schedulers");

  if (configs != NULL && json_object_has_member (configs, name))
    return run_config (trajectory, json_object_get_object_member (configs, name), name,
                       (int) g_ascii_strtoll (steps + 1, NULL, 10), error);

  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE,
               "case.json: diffusers_schedulers has no \"%s\"", name);
  return FALSE;
}
