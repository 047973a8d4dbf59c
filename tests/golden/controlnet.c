/* Golden: ControlNet beside Stable Diffusion 1.5, in both layouts: every residual, and what the U-Net makes of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/latent.h"

/* "unet.t500.scale0.6" → 500, 0.6 */
static gboolean
parse_call (const char *name,
            double     *time,
            double     *scale)
{
  const char *mark = strstr (name, ".scale");

  if (mark == NULL)
    return FALSE;
  *time = g_ascii_strtod (name + strlen ("unet.t"), NULL);
  *scale = g_ascii_strtod (mark + strlen (".scale"), NULL);
  return TRUE;
}

static void
compare_residuals (GoldenCase          *golden,
                   const LimnResiduals *residuals)
{
  double limit = golden_limit (golden, FALSE);

  for (int i = 0; i < residuals->count; i++)
    {
      g_autofree char *name = i + 1 < residuals->count ? g_strdup_printf ("down.%d", i) : g_strdup ("mid");

      golden_compare_planar (golden, name, residuals->arrays[i], limit);
    }
}

static void
compare_call (GoldenCase      *golden,
              LimnModel       *model,
              LimnModel       *control,
              const LimnArray *latent,
              const LimnText  *text,
              const char      *name)
{
  double limit = golden_limit (golden, FALSE), time, scale;
  g_autoptr (LimnArray) hint = golden_array (golden, "hint");
  g_autoptr (LimnResiduals) residuals = NULL;
  g_autoptr (LimnArray) got = NULL;
  GError *error = NULL;

  if (!parse_call (name, &time, &scale))
    return;
  if (hint != NULL)
    residuals = limn_model_control (control, latent, time, &text, hint, scale, &error);
  if (residuals != NULL)
    got = limn_model_predict_with (model, latent, time, &text, residuals, &error);
  if (got == NULL)
    {
      golden_fail_error (golden, name, limit, error);
      return;
    }
  if (scale == 1)
    compare_residuals (golden, residuals);
  golden_compare_planar (golden, name, got, limit);
}

static void
run_control (GoldenCase      *golden,
             LimnModel       *model,
             const LimnArray *latent,
             const LimnText  *text,
             const char      *file,
             const char      *configs)
{
  g_autofree char *path = g_build_filename (golden->folder, file, NULL);
  g_autoptr (GPtrArray) names = golden_names (golden, "unet.t", "");
  g_autoptr (LimnModel) control = NULL;
  GError *error = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  control = limn_model_open (golden->engine, path, configs, &error);
  if (control == NULL)
    golden_fail_error (golden, "open", golden_limit (golden, FALSE), error);
  for (guint i = 0; control != NULL && i < names->len; i++)
    compare_call (golden, model, control, latent, text, names->pdata[i]);
}

void
golden_run_controlnet (GoldenCase *golden)
{
  g_autofree char *configs = golden_base_path (golden, "model");
  g_autoptr (LimnArray) latent = golden_base_array (golden, "latent.initial");
  GError *error = NULL;
  g_autoptr (LimnModel) model = limn_model_open (golden->engine, configs, NULL, &error);
  g_autoptr (LimnText) text = model != NULL ? golden_base_text (golden, model, "prompt", &error) : NULL;

  if (latent == NULL || text == NULL)
    {
      golden_fail_error (golden, "base_model", golden_limit (golden, FALSE), error);
      return;
    }
  golden->prefix = NULL;
  run_control (golden, model, latent, text, "model", NULL);
  golden->prefix = "original:";
  run_control (golden, model, latent, text, "original.safetensors", configs);
  golden->prefix = NULL;
}
