/* A mask that is painted: what of a picture is to be made anew.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/mask.h"

#include <math.h>
#include <string.h>

#include "app/picture-file.h"

/* Steps that can be undone. */
#define MOST_STEPS 40
#define OPACITY 0.55

struct _LimnMask
{
  int        width, height;
  guint8    *data;
  GPtrArray *done, *undone; /* earlier states: width × height bytes */
};

LimnMask *
limn_mask_new (int width,
               int height)
{
  LimnMask *mask = g_new0 (LimnMask, 1);

  mask->width = MAX (width, 1);
  mask->height = MAX (height, 1);
  mask->data = g_malloc0 ((gsize) mask->width * mask->height);
  mask->done = g_ptr_array_new_with_free_func (g_free);
  mask->undone = g_ptr_array_new_with_free_func (g_free);
  return mask;
}

void
limn_mask_free (LimnMask *mask)
{
  g_ptr_array_unref (mask->done);
  g_ptr_array_unref (mask->undone);
  g_free (mask->data);
  g_free (mask);
}

int
limn_mask_width (const LimnMask *mask)
{
  return mask->width;
}

int
limn_mask_height (const LimnMask *mask)
{
  return mask->height;
}

static gsize
size_of (const LimnMask *mask)
{
  return (gsize) mask->width * mask->height;
}

gboolean
limn_mask_is_empty (const LimnMask *mask)
{
  for (gsize i = 0; i < size_of (mask); i++)
    if (mask->data[i] > 0)
      return FALSE;
  return TRUE;
}

int
limn_mask_at (const LimnMask *mask,
              int             x,
              int             y)
{
  return x >= 0 && y >= 0 && x < mask->width && y < mask->height ? mask->data[(gsize) y * mask->width + x] : 0;
}

/* --- undo ----------------------------------------------------------------------------------------------------------- */

void
limn_mask_begin (LimnMask *mask)
{
  g_ptr_array_add (mask->done, g_memdup2 (mask->data, size_of (mask)));
  g_ptr_array_set_size (mask->undone, 0);
  if (mask->done->len > MOST_STEPS)
    g_ptr_array_remove_index (mask->done, 0);
}

static gboolean
move_state (LimnMask  *mask,
            GPtrArray *from,
            GPtrArray *to)
{
  if (from->len == 0)
    return FALSE;
  g_ptr_array_add (to, mask->data);
  mask->data = g_ptr_array_steal_index (from, from->len - 1);
  return TRUE;
}

gboolean
limn_mask_undo (LimnMask *mask)
{
  return move_state (mask, mask->done, mask->undone);
}

gboolean
limn_mask_redo (LimnMask *mask)
{
  return move_state (mask, mask->undone, mask->done);
}

/* --- painting ------------------------------------------------------------------------------------------------------- */

static void
mark (LimnMask *mask,
      int       x,
      int       y,
      double    much,
      gboolean  erase)
{
  guint8 *at = &mask->data[(gsize) y * mask->width + x];
  int     value = (int) lround (255 * CLAMP (much, 0, 1));

  *at = (guint8) (erase ? MIN (*at, 255 - value) : MAX (*at, value));
}

static double
distance (LimnMaskPoint p,
          LimnMaskPoint from,
          LimnMaskPoint to)
{
  double dx = to.x - from.x, dy = to.y - from.y, length = dx * dx + dy * dy;
  double t = length > 0 ? CLAMP (((p.x - from.x) * dx + (p.y - from.y) * dy) / length, 0, 1) : 0;

  return hypot (p.x - from.x - t * dx, p.y - from.y - t * dy);
}

/* Full up to where the brush begins to fade; at a hard edge over one pixel. */
static double
profile (double               away,
         const LimnMaskBrush *brush)
{
  double radius = MAX (brush->radius, 0.5), fade = MAX (radius * (1 - brush->hardness), 1);

  return (radius + 0.5 - away) / fade;
}

void
limn_mask_stroke (LimnMask            *mask,
                  LimnMaskPoint        from,
                  LimnMaskPoint        to,
                  const LimnMaskBrush *brush)
{
  double reach = MAX (brush->radius, 0.5) + 1;
  int    left = (int) MAX (floor (MIN (from.x, to.x) - reach), 0), right = (int) MIN (ceil (MAX (from.x, to.x) + reach), mask->width - 1);
  int    top = (int) MAX (floor (MIN (from.y, to.y) - reach), 0), bottom = (int) MIN (ceil (MAX (from.y, to.y) + reach), mask->height - 1);

  for (int y = top; y <= bottom; y++)
    for (int x = left; x <= right; x++)
      {
        double much = profile (distance ((LimnMaskPoint){ x + 0.5, y + 0.5 }, from, to), brush);

        if (much > 0)
          mark (mask, x, y, much, brush->erase);
      }
}

static int
compare (const void *a,
         const void *b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

/* Where the polygon's sides cross the middle of a line of pixels. */
static gsize
find_crossings (const LimnMaskPoint *points,
                gsize                n,
                double               y,
                double              *crossings)
{
  gsize found = 0;

  for (gsize i = 0; i < n; i++)
    {
      LimnMaskPoint a = points[i], b = points[(i + 1) % n];

      if ((a.y <= y) != (b.y <= y))
        crossings[found++] = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
    }
  qsort (crossings, found, sizeof *crossings, compare);
  return found;
}

void
limn_mask_lasso (LimnMask            *mask,
                 const LimnMaskPoint *points,
                 gsize                n,
                 gboolean             erase)
{
  g_autofree double *crossings = g_new (double, n + 1);

  for (int y = 0; n > 2 && y < mask->height; y++)
    {
      gsize found = find_crossings (points, n, y + 0.5, crossings);

      for (gsize i = 0; i + 1 < found; i += 2)
        {
          int begin = (int) MAX (ceil (crossings[i] - 0.5), 0), end = (int) MIN (floor (crossings[i + 1] - 0.5), mask->width - 1);

          for (int x = begin; x <= end; x++)
            mark (mask, x, y, 1, erase);
        }
    }
}

void
limn_mask_fill (LimnMask *mask,
                int       x,
                int       y)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize at = (gsize) y * mask->width + x, width = mask->width;

  if (x < 0 || y < 0 || x >= mask->width || y >= mask->height || mask->data[at] > 127)
    return;
  mask->data[at] = 255;
  g_array_append_val (left, at);
  while (left->len > 0)
    {
      gsize here = g_array_index (left, gsize, left->len - 1);
      gsize next[4], n = 0;

      g_array_set_size (left, left->len - 1);
      if (here % width > 0)
        next[n++] = here - 1;
      if (here % width + 1 < width)
        next[n++] = here + 1;
      if (here >= width)
        next[n++] = here - width;
      if (here + width < size_of (mask))
        next[n++] = here + width;
      for (gsize i = 0; i < n; i++)
        if (mask->data[next[i]] <= 127)
          {
            mask->data[next[i]] = 255;
            g_array_append_val (left, next[i]);
          }
    }
}

void
limn_mask_invert (LimnMask *mask)
{
  for (gsize i = 0; i < size_of (mask); i++)
    mask->data[i] = (guint8) (255 - mask->data[i]);
}

void
limn_mask_clear (LimnMask *mask)
{
  memset (mask->data, 0, size_of (mask));
}

/* --- as a picture --------------------------------------------------------------------------------------------------- */

GBytes *
limn_mask_overlay (const LimnMask *mask,
                   const guint8    colour[3])
{
  gsize   n = size_of (mask);
  guint8 *pixels = g_malloc (4 * n);

  for (gsize i = 0; i < n; i++)
    {
      double opacity = OPACITY * mask->data[i] / 255;

      for (int c = 0; c < 3; c++)
        pixels[4 * i + c] = (guint8) (opacity * colour[c]);
      pixels[4 * i + 3] = (guint8) (255 * opacity);
    }
  return g_bytes_new_take (pixels, 4 * n);
}

GBytes *
limn_mask_to_png (const LimnMask *mask,
                  GError        **error)
{
  LimnArray *pixels = limn_array_new ((LimnShape){ 1, mask->height, mask->width, 3 });
  g_autoptr (LimnArray) kept = pixels;
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();

  for (gsize i = 0; i < size_of (mask); i++)
    for (int c = 0; c < 3; c++)
      pixels->data[3 * i + c] = mask->data[i] / 255.0f;
  return limn_picture_encode_png (pixels, texts, error);
}

LimnMask *
limn_mask_from_file (GBytes  *file,
                     int      width,
                     int      height,
                     GError **error)
{
  g_autoptr (LimnPicture) picture = limn_picture_read (file, "mask", LIMN_PICTURE_PIXELS, error);
  const LimnArray *pixels = picture != NULL ? picture->pixels : NULL;
  LimnMask        *mask;

  if (pixels == NULL)
    return NULL;
  mask = limn_mask_new (width, height);
  for (int y = 0; y < mask->height; y++)
    for (int x = 0; x < mask->width; x++)
      {
        gsize row = (gsize) y * pixels->shape.h / mask->height, column = (gsize) x * pixels->shape.w / mask->width;

        mask->data[(gsize) y * mask->width + x] = (guint8) lroundf (255 * CLAMP (pixels->data[3 * (row * pixels->shape.w + column)], 0, 1));
      }
  return mask;
}
