/* ControlNets: models that steer a generator.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

void
limn_residuals_free (LimnResiduals *residuals)
{
  if (residuals == NULL)
    return;
  for (int i = 0; i < residuals->count; i++)
    limn_array_free (residuals->arrays[i]);
  g_free (residuals->arrays);
  g_free (residuals);
}

gboolean
limn_residuals_add (LimnResiduals       *residuals,
                    const LimnResiduals *more,
                    GError             **error)
{
  if (more->count != residuals->count)
    return limn_argument_error (error, "ControlNets with %d and %d results: they are of different families", residuals->count, more->count);
  for (int i = 0; i < more->count; i++)
    {
      LimnArray       *sum = residuals->arrays[i];
      const LimnArray *addend = more->arrays[i];

      if (!limn_shape_equal (sum->shape, addend->shape))
        return limn_argument_error (error, "two ControlNets whose result %d is of different sizes: they are of different families", i);
      for (gsize k = 0; k < limn_shape_elements (sum->shape); k++)
        sum->data[k] += addend->data[k];
    }
  return TRUE;
}

/* Every result that the plan has, scaled. */
static LimnResiduals *
read_residuals (LimnPlan *plan,
                float     scale)
{
  g_autoptr (GPtrArray) arrays = g_ptr_array_new ();
  LimnResiduals *residuals = g_new0 (LimnResiduals, 1);

  for (int i = 0;; i++)
    {
      g_autofree char *name = g_strdup_printf (LIMN_RESIDUAL, i);
      LimnArray       *array;

      if (!limn_plan_has_output (plan, name))
        break;
      array = limn_plan_read (plan, name);
      for (gsize k = 0; k < limn_shape_elements (array->shape); k++)
        array->data[k] *= scale;
      g_ptr_array_add (arrays, array);
    }
  residuals->count = (int) arrays->len;
  residuals->arrays = (LimnArray **) g_ptr_array_free (g_steal_pointer (&arrays), FALSE);
  return residuals;
}

static gboolean
check_hint (const LimnArray *latent,
            const LimnArray *hint,
            int              factor,
            GError         **error)
{
  if (hint->shape.c == 3 && hint->shape.h == latent->shape.h * factor && hint->shape.w == latent->shape.w * factor)
    return TRUE;
  return limn_argument_error (error, "the picture that steers is %d × %d, but %d × %d is to be made: scale it first", hint->shape.w, hint->shape.h,
                              latent->shape.w * factor, latent->shape.h * factor);
}

static LimnResiduals *
control_once (LimnModel       *control,
              const LimnArray *latent,
              double           time,
              const LimnText **texts,
              const LimnArray *hint,
              double           scale,
              GError         **error)
{
  LimnShape   shape = latent->shape;
  LimnPlanKey key = { .n = shape.n, .height = shape.h, .width = shape.w, .text_tokens = limn_model_text_tokens (control, texts[0]) };
  LimnPlan   *plan = limn_model_plan (control, LIMN_PART_CONTROL, &key, error);
  LimnShape   wide = { shape.n, hint->shape.h, hint->shape.w, 3 };
  g_autoptr (LimnArray) pictures = limn_array_new (wide);
  gsize n = limn_shape_elements (hint->shape);
  float t = time;

  if (plan == NULL || !limn_plan_write_texts (plan, texts, shape.n, error))
    return NULL;
  for (int i = 0; i < shape.n; i++)
    memcpy (pictures->data + i * n, hint->data, n * sizeof (float));
  limn_plan_write (plan, "latent", latent->data);
  limn_plan_write (plan, "time", &t);
  limn_plan_write (plan, "picture", pictures->data);
  return limn_plan_run (plan, error) ? read_residuals (plan, scale) : NULL;
}

LimnResiduals *
limn_model_control (LimnModel       *control,
                    const LimnArray *latent,
                    double           time,
                    const LimnText **texts,
                    const LimnArray *hint,
                    double           scale,
                    GError         **error)
{
  g_autoptr (GError) why = NULL;
  LimnResiduals *result;

  if (control->family->part_names[LIMN_PART_CONTROL] == NULL)
    return limn_argument_error (error, "%s: is no ControlNet, but a model of the family %s", control->path, control->family->id), NULL;
  if (latent->shape.c != control->facts.generator_channels)
    return limn_argument_error (error, "%s: this ControlNet is for latents of %d channels, not %d", control->path,
                                control->facts.generator_channels, latent->shape.c),
           NULL;
  if (!check_hint (latent, hint, control->facts.latent_factor, error))
    return NULL;
  do
    result = control_once (control, latent, time, texts, hint, scale, &why);
  while (result == NULL && limn_model_recover (control, &why));
  if (result == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return result;
}

/* Only the noisy latent: inpainting models have more behind it. */
static LimnArray *
take_latent (const LimnArray *input,
             int              channels)
{
  LimnShape  shape = input->shape;
  LimnArray *latent;

  shape.c = channels;
  latent = limn_array_new (shape);
  for (gsize row = 0; row < limn_shape_rows (shape); row++)
    memcpy (latent->data + row * channels, input->data + row * input->shape.c, channels * sizeof (float));
  return latent;
}

gboolean
limn_generation_control (const LimnGeneration *settings,
                         double                progress,
                         const LimnArray      *input,
                         int                   channels,
                         double                time,
                         const LimnText      **texts,
                         LimnResiduals       **residuals,
                         GError              **error)
{
  g_autoptr (LimnArray) latent = settings->n_controls > 0 ? take_latent (input, channels) : NULL;
  g_autoptr (LimnResiduals) sum = NULL;

  *residuals = NULL;
  for (int i = 0; i < settings->n_controls; i++)
    {
      const LimnControl *control = &settings->controls[i];
      double             weight = progress >= control->begin && progress <= control->end ? control->weight : 0;
      g_autoptr (LimnResiduals) more = limn_model_control (control->model, latent, time, texts, control->hint, weight, error);

      if (more == NULL || (sum != NULL && !limn_residuals_add (sum, more, error)))
        return FALSE;
      if (sum == NULL)
        sum = g_steal_pointer (&more);
    }
  *residuals = g_steal_pointer (&sum);
  return TRUE;
}
