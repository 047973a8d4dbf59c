/* Guidance beyond its scale: where it holds, and colours that do not burn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

#include <math.h>

gboolean
limn_generation_guides (const LimnGeneration *settings,
                        const LimnFacts      *facts,
                        double                progress,
                        double                time)
{
  double end = settings->guidance_end > 0 ? settings->guidance_end : 1;

  /* Times are single: one that is meant to be the bound must not fall below it by rounding. */
  return (float) time < (float) facts->guidance_below && progress >= settings->guidance_begin && progress < end;
}

static double
deviation (const float *values,
           gsize        n)
{
  double mean = 0, sum = 0;

  for (gsize i = 0; i < n; i++)
    mean += values[i];
  mean /= (double) n;
  for (gsize i = 0; i < n; i++)
    sum += (values[i] - mean) * (values[i] - mean);
  return sqrt (sum / (double) n);
}

void
limn_guidance_rescale (double       share,
                       const float *positive,
                       float       *guided,
                       gsize        n)
{
  double of_guided = deviation (guided, n);
  float  factor;

  if (share == 0 || of_guided == 0)
    return;
  factor = (float) (share * deviation (positive, n) / of_guided + 1 - share);
  for (gsize i = 0; i < n; i++)
    guided[i] *= factor;
}
