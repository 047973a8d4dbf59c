/* Brings a picture to a size: scale until it covers, cut what hangs over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture-file.h"

#include <math.h>

/* Reads a line of @from_size positions, @from_stride floats apart, into @to_size positions of which the first shows @start. */
typedef struct
{
  double scale; /* source positions a target position */
  double start; /* in source positions */
  int    from_size, to_size;
  gsize  from_stride, to_stride;
} Line;

static void
resample_line (const Line  *line,
               const float *from,
               float       *to)
{
  double reach = fmax (1, line->scale);

  for (int i = 0; i < line->to_size; i++)
    {
      double centre = line->start + (i + 0.5) * line->scale - 0.5;
      double sum = 0, total = 0;

      for (int j = (int) ceil (centre - reach); j <= centre + reach; j++)
        {
          double weight = 1 - fabs (j - centre) / reach;

          total += weight;
          sum += weight * from[CLAMP (j, 0, line->from_size - 1) * line->from_stride];
        }
      to[i * line->to_stride] = sum / total;
    }
}

LimnArray *
limn_picture_resample (const LimnArray *picture,
                       double           x,
                       double           y,
                       double           w,
                       double           h,
                       int              width,
                       int              height)
{
  LimnShape shape = picture->shape;
  Line      across = { w / width, x, shape.w, width, shape.c, shape.c };
  Line      down = { h / height, y, shape.h, height, (gsize) width * shape.c, (gsize) width * shape.c };
  g_autoptr (LimnArray) wide = limn_array_new ((LimnShape){ 1, shape.h, width, shape.c });
  LimnArray *part = limn_array_new ((LimnShape){ 1, height, width, shape.c });

  for (int row = 0; row < shape.h; row++)
    for (int c = 0; c < shape.c; c++)
      resample_line (&across, picture->data + (gsize) row * shape.w * shape.c + c, wide->data + (gsize) row * width * shape.c + c);
  for (gsize column = 0; column < (gsize) width * shape.c; column++)
    resample_line (&down, wide->data + column, part->data + column);

  return part;
}

LimnArray *
limn_picture_fit (const LimnArray *picture,
                  int              width,
                  int              height)
{
  LimnShape shape = picture->shape;
  double    scale = fmin ((double) shape.w / width, (double) shape.h / height);

  if (shape.w == width && shape.h == height)
    return limn_array_copy (picture);

  return limn_picture_resample (picture, (shape.w - width * scale) / 2, (shape.h - height * scale) / 2, width * scale, height * scale, width, height);
}
