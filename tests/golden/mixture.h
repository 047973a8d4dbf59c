/* A Gaussian mixture: data whose ideal denoiser is known in closed form.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "engine/samplers/level.h"

G_BEGIN_DECLS

/**
 * Mixture:
 * @weights: (array length=n): share of each Gaussian
 * @means: (array length=n): each @dims numbers
 * @deviations: (array length=n)
 */
typedef struct
{
  int     n, dims;
  double *weights, *means, *deviations;
} Mixture;

/* Returns: (transfer full) (nullable): the mixture that a case's "mixture" describes, %NULL if it describes none */
Mixture *mixture_new (JsonObject *json);
void     mixture_free (Mixture *mixture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mixture, mixture_free)

/**
 * mixture_predict:
 * @level: of @x
 * @x: @n numbers, points of the mixture's dimensions one after the other
 * @picture: (out): E[picture | x], @n numbers
 * @predicted: (out) (nullable): what a perfect network of that @prediction says, @n numbers
 */
void mixture_predict (const Mixture        *mixture,
                      const LimnNoiseLevel *level,
                      LimnPrediction        prediction,
                      const float          *x,
                      float                *picture,
                      float                *predicted,
                      gsize                 n);

G_END_DECLS
