/* A line drawing by the extended difference of Gaussians (Winnemöller et al., 2012).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/pictures.h"

#include <math.h>

#include "app/control/plane.h"

/* The inner Gaussian in pixels of a picture of BASE × BASE; the outer one is 1.6 times as wide, which comes near the Laplacian. */
#define SIGMA 1.0
#define BASE 512
#define RATIO 1.6

/* How much the difference is sharpened: an edge of a tenth of the range in a grey of a half is just drawn. */
#define SHARPNESS 50

/* What is darker than the threshold is ink; the larger the steepness, the harder its border. A flat ground, however dark, is no ink. */
#define THRESHOLD 0.0
#define STEEPNESS 2.0

LimnArray *
limn_control_line (const LimnArray *picture)
{
  double sigma = SIGMA * MAX (1, sqrt ((double) picture->shape.h * picture->shape.w) / BASE);
  g_autoptr (LimnArray) light = limn_plane_light (picture);
  g_autoptr (LimnArray) inner = limn_plane_blur (light, sigma);
  g_autoptr (LimnArray) outer = limn_plane_blur (light, sigma * RATIO);

  for (gsize i = 0; i < limn_shape_elements (light->shape); i++)
    {
      double sharp = inner->data[i] + SHARPNESS * (inner->data[i] - (double) outer->data[i]);

      light->data[i] = sharp >= THRESHOLD ? 0 : (float) -tanh (STEEPNESS * (sharp - THRESHOLD));
    }
  return limn_plane_to_picture (light);
}
