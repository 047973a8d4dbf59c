/* What a masked job works on: the part of a picture that the model sees, and how the result goes back into it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/canvas.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/picture-file.h"

/* Beyond this a mask is meant; dark noise of a lossy file is not. */
#define LEAST_MASK (2.0f / 255)
/* Where a picture grows, old and new mix over twice as many pixels if nothing is said. */
#define SEAM 16
#define MAX_GROWTH 4096

typedef struct
{
  int left, top, right, bottom;
} Growth;

void
limn_canvas_clear (LimnCanvas *canvas)
{
  g_clear_pointer (&canvas->picture, limn_array_free);
  g_clear_pointer (&canvas->mask, limn_array_free);
}

static int
snap (double side,
      int    step)
{
  return MAX ((int) (side / MAX (step, 1) + 0.5), 1) * MAX (step, 1);
}

void
limn_canvas_model_size (const LimnModelInfo *model,
                        double               w,
                        double               h,
                        int                 *width,
                        int                 *height)
{
  double longest = MAX (w, h);
  double scale = model->max_size > 0 && longest > model->max_size ? model->max_size / longest : 1;

  *width = snap (w * scale, model->size_step);
  *height = snap (h * scale, model->size_step);
  if (model->native > 0)
    *width = *height = MIN (MAX (*width, *height), model->max_size);
}

static gboolean
read_growth (const LimnRequest *request,
             Growth            *growth,
             GError           **error)
{
  const char *text = request->expand;
  char        rest;

  *growth = (Growth){ 0 };
  if (text == NULL)
    return TRUE;
  if (sscanf (text, "%d,%d,%d,%d%c", &growth->left, &growth->top, &growth->right, &growth->bottom, &rest) != 4)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "--expand \"%s\": is not LEFT,TOP,RIGHT,BOTTOM in pixels", text);
      return FALSE;
    }
  if (MIN (MIN (growth->left, growth->top), MIN (growth->right, growth->bottom)) < 0
      || MAX (MAX (growth->left, growth->top), MAX (growth->right, growth->bottom)) > MAX_GROWTH)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE, "--expand %s: is out of range: take 0 to %d each", text, MAX_GROWTH);
      return FALSE;
    }
  return TRUE;
}

static gboolean
grows (const Growth *growth)
{
  return growth->left + growth->top + growth->right + growth->bottom > 0;
}

/* The canvas around @of; beyond its edges its last values go on. */
static LimnArray *
grow (const LimnArray *of,
      const Growth    *growth)
{
  int width = of->shape.w + growth->left + growth->right, height = of->shape.h + growth->top + growth->bottom;

  return limn_picture_resample (of, -growth->left, -growth->top, width, height, width, height);
}

/* What is new has to be made, and so much of the old beside it as the two mix over. */
static void
mask_growth (LimnArray    *mask,
             const Growth *growth,
             int           seam)
{
  int width = mask->shape.w, height = mask->shape.h;
  int left = growth->left > 0 ? growth->left + seam : 0, right = width - (growth->right > 0 ? growth->right + seam : 0);
  int top = growth->top > 0 ? growth->top + seam : 0, bottom = height - (growth->bottom > 0 ? growth->bottom + seam : 0);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (x < left || x >= right || y < top || y >= bottom)
        mask->data[(gsize) y * width + x] = 1;
}

/* A Gaussian that ends: what is @reach pixels away from the mask keeps its 0. */
static GArray *
make_kernel (double reach)
{
  GArray *kernel = g_array_new (FALSE, FALSE, sizeof (float));
  int     radius = (int) floor (reach);
  double  sum = 0;

  for (int i = -radius; i <= radius; i++)
    sum += exp (-2.0 * i * i / (reach * reach));
  for (int i = -radius; i <= radius; i++)
    {
      float weight = (float) (exp (-2.0 * i * i / (reach * reach)) / sum);

      g_array_append_val (kernel, weight);
    }
  return kernel;
}

static void
blur_line (const float  *from,
           float        *to,
           int           n,
           gsize         stride,
           const GArray *kernel)
{
  int radius = (int) kernel->len / 2;

  for (int i = 0; i < n; i++)
    {
      float sum = 0;

      for (int k = -radius; k <= radius; k++)
        sum += g_array_index (kernel, float, k + radius) * from[CLAMP (i + k, 0, n - 1) * stride];
      to[i * stride] = sum;
    }
}

static void
feather (LimnArray *mask,
         double     reach)
{
  int width = mask->shape.w, height = mask->shape.h;
  g_autoptr (LimnArray) across = limn_array_new (mask->shape);
  g_autoptr (GArray) kernel = NULL;

  if (reach < 1)
    return;
  kernel = make_kernel (reach);
  for (int y = 0; y < height; y++)
    blur_line (mask->data + (gsize) y * width, across->data + (gsize) y * width, width, 1, kernel);
  for (int x = 0; x < width; x++)
    blur_line (across->data + x, mask->data + x, height, width, kernel);
}

/* The smallest box around what is masked. Returns: %FALSE if nothing is */
static gboolean
find_box (LimnCanvas *canvas)
{
  const LimnArray *mask = canvas->mask;
  int              width = mask->shape.w, height = mask->shape.h, left = width, top = height, right = -1, bottom = -1;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (mask->data[(gsize) y * width + x] >= LEAST_MASK)
        {
          left = MIN (left, x);
          right = MAX (right, x);
          top = MIN (top, y);
          bottom = y;
        }
  canvas->x = left;
  canvas->y = top;
  canvas->w = right - left + 1;
  canvas->h = bottom - top + 1;
  return right >= 0;
}

/* Makes a span longer in the middle, then moves it into 0…@all as far as it fits. */
static void
stretch (double *start,
         double *length,
         double  to,
         double  all)
{
  *start -= (to - *length) / 2;
  *length = to;
  *start = to >= all ? (all - to) / 2 : CLAMP (*start, 0, all - to);
}

/* The part around the mask, with the model's own number of pixels for it. */
static void
take_area (LimnCanvas          *canvas,
           gint64               padding,
           const LimnModelInfo *model)
{
  double scale;

  stretch (&canvas->x, &canvas->w, canvas->w + 2 * padding, canvas->picture->shape.w);
  stretch (&canvas->y, &canvas->h, canvas->h + 2 * padding, canvas->picture->shape.h);
  canvas->w = MIN (canvas->w, canvas->picture->shape.w);
  canvas->h = MIN (canvas->h, canvas->picture->shape.h);
  canvas->x = MAX (canvas->x, 0);
  canvas->y = MAX (canvas->y, 0);
  scale = sqrt ((double) model->width * model->height / (canvas->w * canvas->h));
  limn_canvas_model_size (model, canvas->w * scale, canvas->h * scale, &canvas->width, &canvas->height);
}

/* The part gets the proportions of the size that the model sees it in. */
static void
take_proportions (LimnCanvas *canvas)
{
  double aspect = (double) canvas->width / canvas->height;

  if (canvas->w < canvas->h * aspect)
    stretch (&canvas->x, &canvas->w, canvas->h * aspect, canvas->picture->shape.w);
  else
    stretch (&canvas->y, &canvas->h, canvas->w / aspect, canvas->picture->shape.h);
}

static void
take_part (LimnCanvas          *canvas,
           const LimnRequest   *request,
           const LimnModelInfo *model)
{
  if (request->mask_area >= 0)
    take_area (canvas, request->mask_area, model);
  else
    {
      canvas->x = canvas->y = 0;
      canvas->w = canvas->picture->shape.w;
      canvas->h = canvas->picture->shape.h;
      limn_canvas_model_size (model, canvas->w, canvas->h, &canvas->width, &canvas->height);
    }
  take_proportions (canvas);
}

/* The size of the request is the result's. */
static void
take_size (LimnCanvas        *canvas,
           const LimnRequest *request)
{
  LimnArray *picture, *mask;

  if (request->width <= 0 || request->height <= 0)
    return;
  picture = limn_picture_fit (canvas->picture, (int) request->width, (int) request->height);
  mask = limn_picture_fit (canvas->mask, (int) request->width, (int) request->height);
  limn_canvas_clear (canvas);
  canvas->picture = picture;
  canvas->mask = mask;
}

gboolean
limn_canvas_init (LimnCanvas          *canvas,
                  const LimnArray     *picture,
                  const LimnArray     *mask,
                  const LimnRequest   *request,
                  const LimnModelInfo *model,
                  GError             **error)
{
  LimnShape flat = { 1, picture->shape.h, picture->shape.w, 1 };
  g_autoptr (LimnArray) black = mask == NULL ? limn_array_new (flat) : NULL;
  Growth growth;

  *canvas = (LimnCanvas){ 0 };
  if (!read_growth (request, &growth, error))
    return FALSE;

  canvas->picture = grow (picture, &growth);
  canvas->mask = grow (mask != NULL ? mask : black, &growth);
  if (grows (&growth))
    mask_growth (canvas->mask, &growth, request->mask_feather >= 0 ? (int) request->mask_feather : SEAM);
  take_size (canvas, request);
  feather (canvas->mask, request->mask_feather >= 0 ? request->mask_feather : grows (&growth) ? SEAM
                                                                                              : 0);
  if (!find_box (canvas))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE, "%s: is black: paint white what is to be repainted", request->mask ? request->mask : "--expand");
      return FALSE;
    }

  take_part (canvas, request, model);
  return TRUE;
}

LimnArray *
limn_canvas_crop (const LimnCanvas *canvas,
                  const LimnArray  *of)
{
  return limn_picture_resample (of, canvas->x, canvas->y, canvas->w, canvas->h, canvas->width, canvas->height);
}

/* The whole canvas, with the part's pixels where they belong; beyond the part they are of no use. */
static LimnArray *
place (const LimnCanvas *canvas,
       const LimnArray  *image)
{
  double across = image->shape.w / canvas->w, down = image->shape.h / canvas->h;
  int    width = canvas->picture->shape.w, height = canvas->picture->shape.h;

  return limn_picture_resample (image, -canvas->x * across, -canvas->y * down, width * across, height * down, width, height);
}

LimnArray *
limn_canvas_paste (const LimnCanvas *canvas,
                   const LimnArray  *image)
{
  g_autoptr (LimnArray) made = place (canvas, image);
  LimnArray *whole = limn_array_copy (canvas->picture);
  int        width = whole->shape.w;

  for (gsize i = 0; i < limn_shape_positions (whole->shape); i++)
    {
      double   x = (double) (i % width) + 0.5 - canvas->x, y = (double) (i / width) + 0.5 - canvas->y;
      gboolean inside = x > 0 && x < canvas->w && y > 0 && y < canvas->h;
      float    share = inside ? CLAMP (canvas->mask->data[i], 0, 1) : 0;

      for (int c = 0; c < 3 && share > 0; c++)
        whole->data[3 * i + c] += share * (made->data[3 * i + c] - whole->data[3 * i + c]);
    }
  return whole;
}
