/* Starting from a picture: its latent, the mask, and what inpainting models are given beside the latent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

#define MASKED 0.5f

/* Nearest neighbour, 1 where to repaint: [1, h, w, 1]. */
static LimnArray *
shrink_mask (const LimnArray *mask,
             int              factor)
{
  int        height = mask->shape.h / factor, width = mask->shape.w / factor;
  LimnArray *small = limn_array_new ((LimnShape){ 1, height, width, 1 });

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      small->data[y * width + x] = mask->data[(gsize) y * factor * mask->shape.w + (gsize) x * factor] >= MASKED;
  return small;
}

/* The picture with grey where it is to be repainted: zero in the autoencoder's -1…1. */
static LimnArray *
blank_masked (const LimnArray *picture,
              const LimnArray *mask)
{
  LimnArray *blanked = limn_array_copy (picture);

  for (gsize i = 0; i < limn_shape_elements (mask->shape); i++)
    if (mask->data[i] >= MASKED)
      for (int c = 0; c < 3; c++)
        blanked->data[3 * i + c] = 0.5f;
  return blanked;
}

/* What was given, else the latent of @picture, blanked where @mask is; NULL without an error if there is neither. */
static LimnArray *
latent_of (LimnModel       *model,
           const LimnArray *given,
           const LimnArray *picture,
           const LimnArray *mask,
           GError         **error)
{
  g_autoptr (LimnArray) blanked = mask != NULL && picture != NULL ? blank_masked (picture, mask) : NULL;
  LimnArray *latent;

  if (given != NULL)
    return limn_array_copy (given);
  if (picture == NULL)
    return NULL;
  latent = limn_model_encode (model, blanked != NULL ? blanked : picture, NULL, error);
  if (latent != NULL)
    limn_model_scale_latent (model, latent);
  return latent;
}

gboolean
limn_inpaint_prepare (LimnModel            *model,
                      const LimnGeneration *settings,
                      LimnInpaint          *inpaint,
                      GError              **error)
{
  const LimnGenerationParts *parts = settings->parts;
  g_autoptr (LimnArray) picture = limn_array_to_drawn_size (model, settings->picture);
  g_autoptr (LimnArray) mask = limn_array_to_drawn_size (model, settings->mask);
  gboolean conditioned = model->facts.generator_channels > model->facts.latent_channels;

  if (conditioned && settings->mask == NULL)
    return limn_argument_error (
        error, "this model repaints parts of a picture: name a picture and a mask");
  inpaint->source = latent_of (model, parts != NULL ? parts->source : NULL, picture, NULL, error);
  if (mask == NULL || inpaint->source == NULL)
    return inpaint->source != NULL || picture == NULL;

  inpaint->mask = shrink_mask (mask, model->facts.latent_factor);
  if (!conditioned)
    return TRUE;
  inpaint->masked = latent_of (model, parts != NULL ? parts->masked : NULL, picture, mask, error);
  return inpaint->masked != NULL;
}

void
limn_inpaint_clear (LimnInpaint *inpaint)
{
  g_clear_pointer (&inpaint->source, limn_array_free);
  g_clear_pointer (&inpaint->mask, limn_array_free);
  g_clear_pointer (&inpaint->masked, limn_array_free);
}

void
limn_inpaint_fill_input (const LimnInpaint *inpaint,
                         const float       *x,
                         int                channels,
                         LimnArray         *input)
{
  gsize places = limn_shape_positions (input->shape);
  int   wide = input->shape.c;

  for (gsize i = 0; i < limn_shape_rows (input->shape); i++)
    {
      gsize  at = i % places;
      float *to = input->data + i * wide;

      memcpy (to, x + at * channels, channels * sizeof (float));
      if (wide == channels)
        continue;
      to[channels] = inpaint->mask->data[at];
      memcpy (to + channels + 1, inpaint->masked->data + at * channels, channels * sizeof (float));
    }
}

void
limn_inpaint_blend (const LimnInpaint *inpaint,
                    const float       *known,
                    int                channels,
                    float             *x)
{
  for (gsize i = 0; i < limn_shape_positions (inpaint->mask->shape); i++)
    if (inpaint->mask->data[i] == 0)
      memcpy (x + i * channels, known + i * channels, channels * sizeof (float));
}
