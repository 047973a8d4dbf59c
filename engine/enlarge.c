/* Pictures larger than what the generator draws: down to its size before, up to the size asked for after.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

#include <math.h>

/* A line of pixels: numbers @from_stride and @to_stride floats apart. */
typedef struct
{
  int   from_size, to_size;
  gsize from_stride, to_stride;
} Line;

/* Means over the stretches of @from that the positions of @to cover; pixels that are covered in part count in part. */
static void
average_line (const Line  *line,
              const float *from,
              float       *to)
{
  double length = (double) line->from_size / line->to_size;

  for (int i = 0; i < line->to_size; i++)
    {
      double start = i * length, end = start + length, sum = 0;

      for (int j = (int) start; j < line->from_size && j < end; j++)
        sum += (fmin (j + 1, end) - fmax (j, start)) * from[j * line->from_stride];
      to[i * line->to_stride] = (float) (sum / length);
    }
}

LimnArray *
limn_array_average (const LimnArray *array,
                    int              height,
                    int              width)
{
  LimnShape shape = array->shape;
  gsize     row = (gsize) width * shape.c;
  Line      across = { shape.w, width, shape.c, shape.c }, down = { shape.h, height, row, row };
  g_autoptr (LimnArray) narrow = NULL;
  LimnArray *small;

  if (shape.h == height && shape.w == width)
    return limn_array_copy (array);

  narrow = limn_array_new ((LimnShape){ shape.n, shape.h, width, shape.c });
  for (gsize y = 0; y < (gsize) shape.n * shape.h; y++)
    for (int c = 0; c < shape.c; c++)
      average_line (&across, array->data + y * shape.w * shape.c + c, narrow->data + y * row + c);

  small = limn_array_new ((LimnShape){ shape.n, height, width, shape.c });
  for (int n = 0; n < shape.n; n++)
    for (gsize x = 0; x < row; x++)
      average_line (&down, narrow->data + n * shape.h * row + x, small->data + n * height * row + x);
  return small;
}

LimnArray *
limn_array_to_drawn_size (LimnModel       *model,
                          const LimnArray *array)
{
  if (array == NULL)
    return NULL;
  return limn_array_average (array, limn_model_drawn_size (&model->info, array->shape.h),
                             limn_model_drawn_size (&model->info, array->shape.w));
}

static LimnArray *
enlarge_once (LimnModel       *model,
              const LimnArray *picture,
              GError         **error)
{
  LimnShape   shape = picture->shape;
  LimnPlanKey key = { .n = shape.n, .height = shape.h, .width = shape.w };
  g_autoptr (LimnArray) signed_picture = limn_array_copy (picture);
  g_autoptr (LimnArray) large = NULL;
  LimnPlan *plan = limn_model_plan (model, LIMN_PART_ENLARGER, &key, error);

  if (plan == NULL)
    return NULL;

  for (gsize i = 0; i < limn_shape_elements (shape); i++)
    signed_picture->data[i] = picture->data[i] * 2 - 1;
  limn_plan_write (plan, "picture", signed_picture->data);
  if (!limn_plan_run (plan, error))
    return NULL;

  large = limn_plan_read (plan, "picture");
  if (!limn_check_finite (large, "picture", error))
    return NULL;
  for (gsize i = 0; i < limn_shape_elements (large->shape); i++)
    large->data[i] = large->data[i] * 0.5f + 0.5f;
  return g_steal_pointer (&large);
}

LimnArray *
limn_model_enlarge (LimnModel       *model,
                    const LimnArray *picture,
                    GError         **error)
{
  g_autoptr (GError) why = NULL;
  LimnArray *large;

  if (model->facts.enlarge == 1 || picture->shape.c != 3)
    {
      limn_argument_error (error, "a picture of %d channels: %s", picture->shape.c,
                           model->facts.enlarge == 1 ? "this model has no enlarger" : "the enlarger takes 3");
      return NULL;
    }
  do
    large = enlarge_once (model, picture, &why);
  while (large == NULL && limn_model_recover (model, &why));
  if (large == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return large;
}

/* What was not to be repainted is as it was, with all details that the generator's size has no place for. */
static void
put_back (const LimnGeneration *settings,
          LimnArray            *image)
{
  const LimnArray *picture = settings->picture, *mask = settings->mask;

  if (picture == NULL || mask == NULL)
    return;
  for (gsize i = 0; i < limn_shape_elements (image->shape); i++)
    {
      float repainted = CLAMP (mask->data[i / 3], 0, 1);

      image->data[i] = picture->data[i] + repainted * (image->data[i] - picture->data[i]);
    }
}

LimnArray *
limn_enlarge_to_size (LimnModel            *model,
                      const LimnGeneration *settings,
                      LimnArray            *drawn,
                      GError              **error)
{
  g_autoptr (LimnArray) small = drawn;
  g_autoptr (LimnArray) large = NULL;
  LimnArray *image;

  if (drawn->shape.h == settings->height && drawn->shape.w == settings->width)
    return g_steal_pointer (&small);

  large = limn_model_enlarge (model, small, error);
  if (large == NULL)
    return NULL;
  for (gsize i = 0; i < limn_shape_elements (large->shape); i++)
    large->data[i] = CLAMP (large->data[i], 0, 1);
  image = limn_array_average (large, settings->height, settings->width);
  put_back (settings, image);
  return image;
}
