/* Latent diffusion models with a U-Net: what the generator predicts, and of which process.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/models/unet-model.h"

#include <math.h>

/* Deviation of the last norm's shifts from which a Stable Diffusion 2 model predicts velocities: those trained to predict noise have
 * smaller ones. ComfyUI tells them apart by the same tensor. */
#define VELOCITY_DEVIATION 0.09

/* What files say of themselves: modelspec.prediction_type, and the names of marks that training tools leave. */
static const struct
{
  const char    *word;
  LimnPrediction prediction;
} predictions[] = {
  { "epsilon", LIMN_PREDICTION_NOISE },
  { "eps", LIMN_PREDICTION_NOISE },
  { "v_prediction", LIMN_PREDICTION_V },
  { "v", LIMN_PREDICTION_V },
};

static gboolean
find_prediction (const char     *word,
                 LimnPrediction *prediction)
{
  for (guint i = 0; i < G_N_ELEMENTS (predictions); i++)
    if (g_strcmp0 (word, predictions[i].word) == 0)
      {
        *prediction = predictions[i].prediction;
        return TRUE;
      }
  return FALSE;
}

static gboolean
shifts_are_of_velocities (LimnModelFolder *folder)
{
  g_autoptr (LimnWeights) unet = NULL;
  const LimnWeight *shifts;
  g_autofree float *values = NULL;
  double            sum = 0, squares = 0, n;

  if (limn_unet_kind (folder, "unet", &unet) != LIMN_UNET_LINEAR_PROJECTIONS)
    return FALSE;
  shifts = limn_weights_find (unet, "up_blocks.3.attentions.2.transformer_blocks.0.norm1.bias");
  if (shifts == NULL || shifts->n_elements < 2)
    return FALSE;
  n = shifts->n_elements;
  values = g_new (float, shifts->n_elements);
  limn_weight_to_f32 (shifts, values);
  for (gsize i = 0; i < shifts->n_elements; i++)
    {
      sum += values[i];
      squares += (double) values[i] * values[i];
    }
  return sqrt (MAX (0, squares / n - sum * sum / n / n)) > VELOCITY_DEVIATION;
}

/* A single file without settings. */
static void
guess_process (LimnModelFolder *folder,
               LimnFacts       *facts)
{
  const LimnWeights *single = limn_model_folder_single (folder);

  if (single == NULL)
    return;
  if (find_prediction (limn_weights_metadata (single, "modelspec.prediction_type"), &facts->prediction))
    return;
  facts->zero_snr = limn_weights_find (single, "ztsnr") != NULL;
  if (limn_weights_find (single, "v_pred") != NULL || shifts_are_of_velocities (folder))
    facts->prediction = LIMN_PREDICTION_V;
}

/* Models distilled to a few steps come with a schedule that begins at the last trained time, and are not guided. */
static gboolean
read_distilled (JsonObject *config,
                LimnFacts  *facts,
                GError    **error)
{
  const char *spacing = NULL;

  if (!limn_config_string (config, "timestep_spacing", "leading", &spacing, error))
    return FALSE;
  if (!g_str_equal (spacing, "trailing") || facts->zero_snr || facts->prediction != LIMN_PREDICTION_NOISE)
    return TRUE;
  facts->steps = 4;
  facts->guidance = 1;
  facts->sampler = "euler";
  facts->schedule = "sgm_uniform";
  return TRUE;
}

gboolean
limn_unet_model_read_process (const LimnModelFiles *files,
                              LimnFacts            *facts,
                              GError              **error)
{
  JsonObject *config;
  const char *name = "epsilon";

  facts->prediction = LIMN_PREDICTION_NOISE;
  if (!limn_model_files_config (files, "scheduler", &config, error))
    return FALSE;
  if (config == NULL)
    {
      guess_process (files->weights, facts);
      return TRUE;
    }
  if (!limn_config_string (config, "prediction_type", name, &name, error)
      || !limn_config_bool (config, "rescale_betas_zero_snr", FALSE, &facts->zero_snr, error))
    return FALSE;
  if (find_prediction (name, &facts->prediction))
    return read_distilled (config, facts, error);
  return limn_family_error (error,
                            "scheduler_config.json: no prediction_type \"%s\" is known; it may "
                            "be epsilon or v_prediction",
                            name);
}
