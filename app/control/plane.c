/* One number a pixel: what edges and lines are looked for in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/plane.h"

#include <math.h>

/* Beyond three deviations a Gaussian is too small to matter. */
#define REACH 3

LimnArray *
limn_plane_light (const LimnArray *picture)
{
  LimnArray *plane = limn_array_new ((LimnShape){ 1, picture->shape.h, picture->shape.w, 1 });

  for (gsize i = 0; i < limn_shape_positions (picture->shape); i++)
    plane->data[i] = 0.2126f * picture->data[3 * i] + 0.7152f * picture->data[3 * i + 1] + 0.0722f * picture->data[3 * i + 2];
  return plane;
}

LimnArray *
limn_plane_to_picture (const LimnArray *plane)
{
  LimnArray *picture = limn_array_new ((LimnShape){ 1, plane->shape.h, plane->shape.w, 3 });

  for (gsize i = 0; i < limn_shape_elements (picture->shape); i++)
    picture->data[i] = plane->data[i / 3];
  return picture;
}

float
limn_plane_at (const LimnArray *plane,
               int              x,
               int              y)
{
  x = CLAMP (x, 0, plane->shape.w - 1);
  y = CLAMP (y, 0, plane->shape.h - 1);
  return plane->data[(gsize) y * plane->shape.w + x];
}

/* Weights of @reach places to either side, that of the middle first. */
static float *
make_kernel (double sigma,
             int    reach)
{
  float *kernel = g_new (float, reach + 1);
  double sum = 0;

  for (int i = 0; i <= reach; i++)
    {
      kernel[i] = (float) exp (-0.5 * i * i / (sigma * sigma));
      sum += i == 0 ? kernel[i] : 2 * kernel[i];
    }
  for (int i = 0; i <= reach; i++)
    kernel[i] /= (float) sum;
  return kernel;
}

/* Along lines (@dx 1) or columns (@dy 1). */
static LimnArray *
blur_along (const LimnArray *plane,
            const float     *kernel,
            int              reach,
            int              dx,
            int              dy)
{
  LimnArray *blurred = limn_array_new (plane->shape);

  for (int y = 0; y < plane->shape.h; y++)
    for (int x = 0; x < plane->shape.w; x++)
      {
        float sum = kernel[0] * limn_plane_at (plane, x, y);

        for (int i = 1; i <= reach; i++)
          sum += kernel[i] * (limn_plane_at (plane, x - i * dx, y - i * dy) + limn_plane_at (plane, x + i * dx, y + i * dy));
        blurred->data[(gsize) y * plane->shape.w + x] = sum;
      }
  return blurred;
}

LimnArray *
limn_plane_blur (const LimnArray *plane,
                 double           sigma)
{
  int               reach = (int) ceil (REACH * sigma);
  g_autofree float *kernel = make_kernel (sigma, reach);
  g_autoptr (LimnArray) across = blur_along (plane, kernel, reach, 1, 0);

  return blur_along (across, kernel, reach, 0, 1);
}
