/* Edges one pixel wide (Canny, 1986).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/pictures.h"

#include <math.h>

#include "app/control/plane.h"

/* Of the Gaussian, in pixels: noise goes, edges two pixels apart stay two. */
#define SIGMA 1.0

/* Sobel's gradient of an edge from black to white is 4. ControlNets were trained on thresholds around 100 and 200 of 255. */
#define WEAK (100 / 255.0)
#define STRONG (200 / 255.0)

/* Gradient of each pixel: its length, and which of four ways it runs. */
typedef struct
{
  LimnArray *length;
  guint8    *way;
} Gradient;

/* Steps along each way, y downwards: to the right, down right, down, down left. */
static const int steps[4][2] = { { 1, 0 }, { 1, 1 }, { 0, 1 }, { -1, 1 } };

/* (dx, dy) and (−dx, −dy) run the same way. */
static guint8
way_of (double dx,
        double dy)
{
  return ((int) lround (atan2 (dy, dx) / G_PI_4) + 8) % 4;
}

/* Sobel's difference across (@ax, @ay), smoothed along (@ay, @ax). */
static float
sobel (const LimnArray *plane,
       int              x,
       int              y,
       int              ax,
       int              ay)
{
  static const float smooth[] = { 1, 2, 1 };
  float              sum = 0;

  for (int i = -1; i <= 1; i++)
    sum += smooth[i + 1] * (limn_plane_at (plane, x + ax + i * ay, y + ay + i * ax) - limn_plane_at (plane, x - ax + i * ay, y - ay + i * ax));
  return sum;
}

static Gradient
find_gradient (const LimnArray *plane)
{
  Gradient gradient = { limn_array_new (plane->shape), g_new (guint8, limn_shape_positions (plane->shape)) };

  for (int y = 0; y < plane->shape.h; y++)
    for (int x = 0; x < plane->shape.w; x++)
      {
        float dx = sobel (plane, x, y, 1, 0), dy = sobel (plane, x, y, 0, 1);
        gsize i = (gsize) y * plane->shape.w + x;

        gradient.length->data[i] = hypotf (dx, dy);
        gradient.way[i] = way_of (dx, dy);
      }
  return gradient;
}

/* Of two equal neighbours one stays: the comparison is strict to one side only, with room for rounding. */
static gboolean
is_ridge (const Gradient *gradient,
          int             x,
          int             y)
{
  gsize      i = (gsize) y * gradient->length->shape.w + x;
  const int *step = steps[gradient->way[i]];
  float      here = gradient->length->data[i];
  float      before = limn_plane_at (gradient->length, x - step[0], y - step[1]);
  float      after = limn_plane_at (gradient->length, x + step[0], y + step[1]);

  return here > WEAK && here > before + 1e-5f && here >= after - 1e-5f;
}

/* All ridges that hang together with the pixels on @stack become edges. */
static void
grow (LimnArray    *edges,
      const guint8 *ridges,
      GArray       *stack)
{
  int w = edges->shape.w, h = edges->shape.h;

  while (stack->len > 0)
    {
      gsize at = g_array_index (stack, gsize, stack->len - 1);
      int   x0 = (int) (at % w), y0 = (int) (at / w);

      g_array_set_size (stack, stack->len - 1);
      for (int i = 0; i < 9; i++)
        {
          int   x = x0 + i % 3 - 1, y = y0 + i / 3 - 1;
          gsize next = (gsize) y * w + x;

          if (x < 0 || y < 0 || x >= w || y >= h || !ridges[next] || edges->data[next] > 0)
            continue;
          edges->data[next] = 1;
          g_array_append_val (stack, next);
        }
    }
}

static LimnArray *
find_edges (const Gradient *gradient)
{
  LimnShape          shape = gradient->length->shape;
  LimnArray         *edges = limn_array_new (shape);
  g_autofree guint8 *ridges = g_new0 (guint8, limn_shape_positions (shape));
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize i = 0; i < limn_shape_positions (shape); i++)
    {
      edges->data[i] = 0;
      ridges[i] = is_ridge (gradient, (int) (i % shape.w), (int) (i / shape.w));
      if (ridges[i] && gradient->length->data[i] > STRONG)
        g_array_append_val (stack, i);
    }
  for (guint i = 0; i < stack->len; i++)
    edges->data[g_array_index (stack, gsize, i)] = 1;
  grow (edges, ridges, stack);
  return edges;
}

LimnArray *
limn_control_canny (const LimnArray *picture)
{
  g_autoptr (LimnArray) light = limn_plane_light (picture);
  g_autoptr (LimnArray) smooth = limn_plane_blur (light, SIGMA);
  Gradient gradient = find_gradient (smooth);
  g_autoptr (LimnArray) edges = find_edges (&gradient);

  limn_array_free (gradient.length);
  g_free (gradient.way);
  return limn_plane_to_picture (edges);
}
