/* Golden: latent diffusion models with a U-Net, whole sampling runs, by the door that everybody uses.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/sd15.h"

#include <math.h>

#define LAST_TIME 999
#define BETA_START 0.00085
#define BETA_END 0.012

/* diffusers' schedulers where their levels are not Limn's for the same sampler. */
typedef struct
{
  const char *name, *sampler, *schedule;
  LimnPath    path;
  gboolean    whole_times;
  gboolean    linear; /* even times, sigma linear between trained ones (EulerDiscreteScheduler) */
} DiffusersRun;

static const DiffusersRun diffusers_runs[] = {
  { "ddim", "ddim", NULL, LIMN_PATH_PRESERVING, FALSE, FALSE },
  { "pndm", "plms", NULL, LIMN_PATH_PRESERVING, FALSE, FALSE },
  { "euler", "euler", NULL, LIMN_PATH_EXPLODING, FALSE, TRUE },
  { "dpmpp_2m", "dpmpp_2m", "linspace", LIMN_PATH_PRESERVING, TRUE, FALSE },
  { "dpmpp_2m_karras", "dpmpp_2m", "karras", LIMN_PATH_PRESERVING, TRUE, FALSE },
  { "unipc", "unipc", "linspace", LIMN_PATH_PRESERVING, TRUE, FALSE },
};

static LimnLevels *
linear_levels (const LimnProcess *process,
               int                steps)
{
  const double *sigmas = limn_process_sigmas (process);
  LimnLevels   *levels = g_new0 (LimnLevels, 1);

  levels->path = LIMN_PATH_EXPLODING;
  levels->process = process;
  levels->steps = steps;
  levels->levels = g_new0 (LimnNoiseLevel, steps + 1);
  levels->levels[steps].alpha = 1;
  for (int i = 0; i < steps; i++)
    {
      double time = steps > 1 ? LAST_TIME - (double) LAST_TIME * i / (steps - 1) : 0;
      int    low = MIN ((int) time, LAST_TIME - 1);
      double share = time - low;

      levels->levels[i] = (LimnNoiseLevel){ 1, (1 - share) * sigmas[low] + share * sigmas[low + 1], time };
    }
  return levels;
}

/* The case's own scheduler settings, which its Euler was made from. */
static gboolean
euler_leads (GoldenCase *golden)
{
  g_autofree char *path = g_build_filename (golden->folder, "model", "scheduler", "scheduler_config.json", NULL);
  g_autoptr (JsonNode) json = golden_read_json (path, NULL);
  JsonObject *config = json != NULL && JSON_NODE_HOLDS_OBJECT (json) ? json_node_get_object (json) : NULL;

  return config != NULL && g_str_equal (json_object_get_string_member_with_default (config, "_class_name", ""), "EulerDiscreteScheduler")
         && g_str_equal (json_object_get_string_member_with_default (config, "timestep_spacing", "linspace"), "leading");
}

static LimnLevels *
diffusers_levels (const DiffusersRun *run,
                  const LimnProcess  *process,
                  int                 steps,
                  gboolean            leads,
                  GError            **error)
{
  LimnLevelsOptions options = { .process = process,
                                .steps = steps,
                                .path = run->path,
                                .offset = 1,
                                .whole_times = run->whole_times };

  if (run->linear && !leads)
    return linear_levels (process, steps);
  if (run->schedule == NULL && !leads)
    return limn_sampler_levels (limn_sampler_find (run->sampler, NULL), NULL, process, steps, 1,
                                error);
  options.schedule = limn_schedule_find (leads ? "leading" : run->schedule, error);
  return options.schedule != NULL ? limn_levels_new (&options, error) : NULL;
}

/* Fills in what all runs have in common; the latent alone is asked for. */
static LimnResult *
generate (Sd15Case            *sd15,
          LimnGeneration      *generation,
          LimnGenerationParts *parts,
          GError             **error)
{
  const LimnModelInfo *info = limn_model_info (sd15->model);

  if (generation->noise == NULL)
    return NULL;
  parts->text = sd15->prompt;
  parts->negative = sd15->negative;
  parts->latent_only = TRUE;
  generation->parts = parts;
  generation->guidance = sd15->guidance;
  generation->height = generation->noise->shape.h * info->latent_factor;
  generation->width = generation->noise->shape.w * info->latent_factor;
  if (generation->steps == 0)
    generation->steps = sd15->steps;
  return limn_generate (sd15->model, generation, TRUE, NULL, NULL, error);
}

static void
compare_result (Sd15Case   *sd15,
                const char *name,
                LimnResult *result,
                GError     *error)
{
  double limit = golden_limit (sd15->golden, TRUE);

  if (result == NULL)
    golden_fail_error (sd15->golden, name, limit, error);
  else
    golden_compare_planar (sd15->golden, name, g_hash_table_lookup (result->dump, "latent"), limit);
}

/* diffusers' Euler starts from noise and the picture's share of the first level where the first time is not the last trained. */
static void
scale_as_leading (const LimnLevels *levels,
                  LimnArray        *noise)
{
  double scale = limn_levels_noise_scale (levels);

  for (gsize i = 0; i < limn_shape_elements (noise->shape); i++)
    noise->data[i] *= hypot (1, scale) / scale;
}

/* diffusers.NAME.latent, and .timesteps: what the network was told, in order. */
static void
compare_diffusers (Sd15Case           *sd15,
                   const DiffusersRun *run,
                   const char         *latent_name)
{
  g_autofree char *times_name = g_strdup_printf ("diffusers.%s.timesteps", run->name);
  g_autoptr (LimnProcess) process = limn_process_new_diffusion (BETA_START, BETA_END, FALSE);
  g_autoptr (LimnLevels) levels = NULL;
  g_autoptr (LimnArray) noise = golden_array (sd15->golden, "latent.initial");
  g_autoptr (LimnResult) result = NULL;
  LimnGenerationParts parts = { 0 };
  LimnGeneration      generation = { .sampler = run->sampler, .noise = noise };
  GError             *error = NULL;
  gboolean            leads = run->linear && euler_leads (sd15->golden);

  parts.levels = levels = diffusers_levels (run, process, sd15->steps, leads, &error);
  if (levels != NULL && leads && noise != NULL)
    scale_as_leading (levels, noise);
  if (levels != NULL)
    result = generate (sd15, &generation, &parts, &error);
  compare_result (sd15, latent_name, result, error);
  if (result != NULL && golden_tensor_size (sd15->golden, times_name) > 0)
    golden_compare_array (sd15->golden, times_name, g_hash_table_lookup (result->dump, "times"),
                          golden_limit (sd15->golden, FALSE));
}

/* "euler_normal" → "euler", "normal" */
static gboolean
split_name (const char          *name,
            const LimnSampler  **sampler,
            const LimnSchedule **schedule)
{
  for (guint i = 0; i < limn_n_samplers; i++)
    for (guint k = 0; k < limn_n_schedules; k++)
      {
        g_autofree char *both = g_strdup_printf ("%s_%s", limn_samplers[i].id, limn_schedules[k].id);

        if (!g_str_equal (both, name))
          continue;
        *sampler = &limn_samplers[i];
        *schedule = &limn_schedules[k];
        return TRUE;
      }
  return FALSE;
}

static void
compare_sigmas (Sd15Case           *sd15,
                const char         *name,
                const LimnSampler  *sampler,
                const LimnSchedule *schedule)
{
  g_autofree char *tensor = g_strdup_printf ("k.%s.sigmas", name);
  g_autoptr (LimnProcess) process = limn_process_new_diffusion (BETA_START, BETA_END, FALSE);
  g_autoptr (LimnLevels) levels = limn_sampler_levels (sampler, schedule, process, sd15->steps, 1, NULL);
  g_autofree float *sigmas = NULL;

  if (levels == NULL || golden_tensor_size (sd15->golden, tensor) == 0)
    return;
  sigmas = g_new (float, levels->steps + 1);
  for (int i = 0; i <= levels->steps; i++)
    sigmas[i] = levels->levels[i].sigma;
  golden_compare (sd15->golden, tensor, sigmas, levels->steps + 1,
                  golden_limit (sd15->golden, FALSE));
}

static void
compare_k (Sd15Case   *sd15,
           const char *name,
           const char *latent_name)
{
  const LimnSampler  *sampler = NULL;
  const LimnSchedule *schedule = NULL;
  g_autoptr (LimnArray) noise = golden_array (sd15->golden, "latent.initial");
  g_autoptr (LimnResult) result = NULL;
  LimnGenerationParts parts = { 0 };
  LimnGeneration      generation = { .noise = noise, .strength = -1 };
  GError             *error = NULL;

  if (!split_name (name, &sampler, &schedule))
    {
      golden_fail (sd15->golden, latent_name, golden_limit (sd15->golden, TRUE),
                   "no such sampler and schedule");
      return;
    }
  generation.sampler = sampler->id;
  generation.schedule = schedule->id;
  compare_sigmas (sd15, name, sampler, schedule);
  result = generate (sd15, &generation, &parts, &error);
  compare_result (sd15, latent_name, result, error);
}

static const DiffusersRun *
find_run (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (diffusers_runs); i++)
    if (g_str_equal (diffusers_runs[i].name, name))
      return &diffusers_runs[i];
  return NULL;
}

/* PREFIX.NAME.latent → NAME */
static char *
run_name (const char *tensor,
          const char *prefix)
{
  return g_strndup (tensor + strlen (prefix),
                    strlen (tensor) - strlen (prefix) - strlen (".latent"));
}

void
golden_sd15_runs (Sd15Case *sd15)
{
  g_autoptr (GPtrArray) diffusers = golden_names (sd15->golden, "diffusers.", ".latent");
  g_autoptr (GPtrArray) k = golden_names (sd15->golden, "k.", ".latent");

  for (guint i = 0; i < diffusers->len; i++)
    {
      g_autofree char    *name = run_name (diffusers->pdata[i], "diffusers.");
      const DiffusersRun *run = find_run (name);

      if (run == NULL)
        golden_fail (sd15->golden, diffusers->pdata[i], golden_limit (sd15->golden, TRUE),
                     "no such scheduler is known");
      else
        compare_diffusers (sd15, run, diffusers->pdata[i]);
    }
  for (guint i = 0; i < k->len; i++)
    {
      g_autofree char *name = run_name (k->pdata[i], "k.");

      compare_k (sd15, name, k->pdata[i]);
    }
}

/* --- from a picture ---------------------------------------------------------------------------------------------- */

static double
strength_of (GoldenCase *golden,
             const char *member)
{
  JsonNode *node = json_object_get_member (golden->json, member);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return 1;
  return json_object_get_double_member_with_default (json_node_get_object (node), "strength", 1);
}

/* mean + deviation · draw of the posterior, scaled for the sampler. */
static LimnArray *
posterior_sample (Sd15Case        *sd15,
                  const LimnArray *picture,
                  const char      *draw_name,
                  GError         **error)
{
  g_autoptr (LimnArray) draw = golden_array (sd15->golden, draw_name);
  g_autoptr (LimnArray) deviation = NULL;
  LimnArray *latent = limn_model_encode (sd15->autoencoder, picture, &deviation, error);

  if (latent == NULL || draw == NULL || !limn_shape_equal (latent->shape, draw->shape))
    {
      limn_array_free (latent);
      return NULL;
    }
  for (gsize i = 0; i < limn_shape_elements (latent->shape); i++)
    latent->data[i] += deviation->data[i] * draw->data[i];
  limn_model_scale_latent (sd15->autoencoder, latent);
  return latent;
}

void
golden_sd15_img2img (Sd15Case *sd15)
{
  g_autoptr (LimnArray) picture = golden_array (sd15->golden, "img2img.source01");
  g_autoptr (LimnArray) noise = golden_array (sd15->golden, "img2img.noise");
  g_autoptr (LimnResult) result = NULL;
  LimnGenerationParts parts = { 0 };
  LimnGeneration      generation = { .sampler = "ddim",
                                     .picture = picture,
                                     .noise = noise,
                                     .strength = strength_of (sd15->golden, "img2img") };
  GError             *error = NULL;

  if (golden_tensor_size (sd15->golden, "img2img.latent") == 0)
    return;
  if (picture != NULL)
    result = generate (sd15, &generation, &parts, &error);
  compare_result (sd15, "img2img.latent", result, error);
}

/* Draws: the source's posterior, the initial noise. */
void
golden_sd15_inpaint4 (Sd15Case *sd15)
{
  g_autoptr (LimnArray) picture = golden_array (sd15->golden, "img2img.source01");
  g_autoptr (LimnArray) mask = golden_array (sd15->golden, "inpaint.mask");
  g_autoptr (LimnArray) noise = golden_array (sd15->golden, "inpaint4.draw1");
  g_autoptr (LimnArray) source = NULL;
  g_autoptr (LimnResult) result = NULL;
  LimnGenerationParts parts = { 0 };
  LimnGeneration      generation = { .sampler = "ddim",
                                     .noise = noise,
                                     .mask = mask,
                                     .strength = strength_of (sd15->golden, "inpaint") };
  GError             *error = NULL;

  if (golden_tensor_size (sd15->golden, "inpaint4.latent") == 0)
    return;
  if (picture != NULL && mask != NULL)
    parts.source = source = posterior_sample (sd15, picture, "inpaint4.draw0", &error);
  if (source != NULL)
    result = generate (sd15, &generation, &parts, &error);
  compare_result (sd15, "inpaint4.latent", result, error);
}

/* Draws: the initial noise, the masked source's posterior. */
void
golden_sd15_inpaint9 (Sd15Case *sd15)
{
  g_autoptr (LimnArray) picture = golden_array (sd15->golden, "img2img.source01");
  g_autoptr (LimnArray) mask = golden_array (sd15->golden, "inpaint.mask");
  g_autoptr (LimnArray) noise = golden_array (sd15->golden, "inpaint9.draw0");
  g_autoptr (LimnArray) masked = NULL;
  g_autoptr (LimnResult) result = NULL;
  LimnGenerationParts parts = { 0 };
  LimnGeneration      generation = { .sampler = "ddim",
                                     .noise = noise,
                                     .mask = mask,
                                     .strength = strength_of (sd15->golden, "inpaint") };
  GError             *error = NULL;

  if (golden_tensor_size (sd15->golden, "inpaint9.latent") == 0)
    return;
  for (gsize i = 0; picture != NULL && mask != NULL && i < limn_shape_elements (mask->shape); i++)
    for (int c = 0; c < 3; c++)
      picture->data[3 * i + c] = mask->data[i] < 0.5f ? picture->data[3 * i + c] : 0.5f;
  if (picture != NULL && mask != NULL)
    parts.source = parts.masked = masked = posterior_sample (sd15, picture, "inpaint9.draw1", &error);
  if (masked != NULL)
    result = generate (sd15, &generation, &parts, &error);
  compare_result (sd15, "inpaint9.latent", result, error);
}
