/* Previews: what a latent will look like, about, for hardly any work.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model-private.h"

/* A colour of a place: the constant, and so much of it for each channel; -1…1. */
static float
colour_of (const LimnFacts *facts,
           const float     *place,
           int              colour)
{
  int   channels = facts->latent_channels;
  float value = facts->colours[channels][colour];

  for (int c = 0; c < channels; c++)
    value += place[c] * facts->colours[c][colour];
  return CLAMP (value / 2 + 0.5f, 0, 1);
}

LimnArray *
limn_model_preview (LimnModel       *model,
                    const LimnArray *latent)
{
  const LimnFacts *facts = &model->facts;
  LimnShape        shape = latent->shape;
  gsize            places = (gsize) shape.n * shape.h * shape.w;
  LimnArray       *preview;

  if (!facts->has_colours || shape.c != facts->latent_channels)
    return NULL;

  shape.c = 3;
  preview = limn_array_new (shape);
  for (gsize i = 0; i < places; i++)
    for (int colour = 0; colour < 3; colour++)
      preview->data[i * 3 + colour] = colour_of (facts, &latent->data[i * facts->latent_channels], colour);
  return preview;
}
