/* The second pass: a picture made larger, then drawn on in its new size.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"
#include "engine/resample.h"
#include "engine/side-models.h"

#define MAX_FACTOR 4
#define LATENT "latent"

/* Blurred latents need more of it to become sharp than pictures do. */
#define LATENT_STRENGTH 0.7
#define PICTURE_STRENGTH 0.4

gboolean
limn_hires_check (LimnModel            *model,
                  const LimnGeneration *settings,
                  GError              **error)
{
  if (settings->hires <= 1 && settings->hires >= 0)
    return TRUE;
  if (!(settings->hires > 1 && settings->hires <= MAX_FACTOR))
    return limn_argument_error (error, "high resolution %g: take 1 (none) to %d", settings->hires, MAX_FACTOR);
  if (model->facts.native > 0)
    return limn_argument_error (error, "this model draws at one size and enlarges: ask for a larger picture in place of a second pass");
  if (settings->mask != NULL)
    return limn_argument_error (error, "a mask and a second pass: repaint first, then make the picture larger");
  if (!(settings->hires_strength <= 1))
    return limn_argument_error (error, "strength %g of the second pass: take 0 to 1", settings->hires_strength);
  return TRUE;
}

static int
larger (const LimnModel *model,
        int              side,
        double           factor)
{
  int step = model->facts.size_step;

  return (int) (side * factor / step + 0.5) * step;
}

gboolean
limn_hires_settings (LimnModel            *model,
                     const LimnGeneration *first,
                     LimnGeneration       *second,
                     GError              **error)
{
  gboolean latent = g_strcmp0 (first->hires_upscaler, LATENT) == 0;

  *second = *first;
  second->width = larger (model, first->width, first->hires);
  second->height = larger (model, first->height, first->hires);
  second->picture = second->mask = second->noise = NULL;
  second->hires = 0;
  if (first->hires_steps > 0)
    second->steps = first->hires_steps;
  second->strength = first->hires_strength >= 0 ? first->hires_strength : latent ? LATENT_STRENGTH
                                                                                 : PICTURE_STRENGTH;
  return limn_model_check_size (model, second->width, second->height, error);
}

/* By the network that was asked for, then to the very size. */
static LimnArray *
enlarge_picture (LimnModel            *model,
                 const LimnGeneration *first,
                 const LimnGeneration *second,
                 const LimnArray      *picture,
                 GError              **error)
{
  g_autoptr (LimnUpscaler) upscaler = NULL;
  g_autoptr (LimnArray) large = NULL;
  LimnArray *fitted;

  if (first->hires_upscaler == NULL)
    large = limn_array_copy (picture);
  else
    {
      upscaler = limn_upscaler_open (model->engine, first->hires_upscaler, error);
      large = upscaler != NULL ? limn_upscaler_run (upscaler, picture, NULL, NULL, error) : NULL;
    }
  if (large == NULL)
    return NULL;
  fitted = limn_array_resample (large, second->height, second->width, LIMN_FILTER_LANCZOS);
  for (gsize i = 0; i < limn_shape_elements (fitted->shape); i++)
    fitted->data[i] = CLAMP (fitted->data[i], 0, 1);
  return fitted;
}

LimnArray *
limn_hires_source (LimnModel            *model,
                   const LimnGeneration *first,
                   const LimnGeneration *second,
                   const LimnArray      *latent,
                   GError              **error)
{
  int factor = model->facts.latent_factor;
  g_autoptr (LimnArray) picture = NULL;
  g_autoptr (LimnArray) large = NULL;
  LimnArray *source;

  if (g_strcmp0 (first->hires_upscaler, LATENT) == 0)
    return limn_array_resample (latent, second->height / factor, second->width / factor, LIMN_FILTER_LINEAR);

  picture = limn_model_decode (model, latent, error);
  if (picture == NULL)
    return NULL;
  for (gsize i = 0; i < limn_shape_elements (picture->shape); i++)
    picture->data[i] = CLAMP (picture->data[i], 0, 1);
  large = enlarge_picture (model, first, second, picture, error);
  source = large != NULL ? limn_model_encode (model, large, NULL, error) : NULL;
  if (source != NULL)
    limn_model_scale_latent (model, source);
  return source;
}

LimnControl *
limn_hires_controls (const LimnGeneration *second)
{
  LimnControl *controls = g_new (LimnControl, MAX (second->n_controls, 1));

  for (int i = 0; i < second->n_controls; i++)
    {
      controls[i] = second->controls[i];
      controls[i].hint = limn_array_resample (second->controls[i].hint, second->height, second->width, LIMN_FILTER_LINEAR);
    }
  return controls;
}

void
limn_hires_controls_free (LimnControl *controls,
                          int          n)
{
  for (int i = 0; i < n; i++)
    limn_array_free ((LimnArray *) controls[i].hint);
  g_free (controls);
}
