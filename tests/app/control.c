/* Tests of control pictures: edges and lines of pictures made by hand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/pictures.h"

#include <math.h>

#define SIDE 48

typedef float (*Paint) (int x,
                        int y);

static LimnArray *
paint (Paint colour)
{
  LimnArray *picture = limn_array_new ((LimnShape){ 1, SIDE, SIDE, 3 });

  for (gsize i = 0; i < limn_shape_elements (picture->shape); i++)
    picture->data[i] = colour ((int) (i / 3 % SIDE), (int) (i / 3 / SIDE));
  return picture;
}

static LimnArray *
make (LimnControlMaker maker,
      Paint            colour)
{
  g_autoptr (LimnArray) picture = paint (colour);

  return maker (picture);
}

static float
at (const LimnArray *picture,
    int              x,
    int              y)
{
  const float *pixel = picture->data + ((gsize) y * SIDE + x) * 3;

  g_assert_cmpfloat (pixel[0], ==, pixel[1]);
  g_assert_cmpfloat (pixel[0], ==, pixel[2]);
  return pixel[0];
}

static int
count (const LimnArray *picture)
{
  int n = 0;

  for (int i = 0; i < SIDE * SIDE; i++)
    n += at (picture, i % SIDE, i / SIDE) > 0.5f;
  return n;
}

static float
flat (int x,
      int y)
{
  return 0.1f;
}

static float
half (int x,
      int y)
{
  return x < 20 ? 0 : 1;
}

static float
faint (int x,
       int y)
{
  return x < 20 ? 0.5f : 0.54f;
}

/* Weak on the left, strong on the right: one edge. */
static float
fading (int x,
        int y)
{
  return y < 20 ? 0.5f : 0.5f + (x < 24 ? 0.2f : 0.5f);
}

/* The same weak edge, with nothing strong. */
static float
weak (int x,
      int y)
{
  return y < 20 ? 0.5f : 0.7f;
}

static float
disc (int x,
      int y)
{
  return hypot (x - 24, y - 24) < 14 ? 0.9f : 0.2f;
}

static float
diagonal (int x,
          int y)
{
  return x + y < SIDE ? 0 : 1;
}

static float
pen (int x,
     int y)
{
  return x >= 23 && x <= 24 ? 0.2f : 0.9f;
}

static float
black (int x,
       int y)
{
  return 0;
}

static void
test_canny_straight (void)
{
  g_autoptr (LimnArray) edges = make (limn_control_canny, half);

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      g_assert_cmpfloat (at (edges, x, y), ==, x == 19 ? 1 : 0);
}

/* The edge lies between two diagonals of pixels that are as near to it. */
static void
test_canny_diagonal (void)
{
  g_autoptr (LimnArray) edges = make (limn_control_canny, diagonal);

  for (int y = 4; y < SIDE - 4; y++)
    {
      int n = 0;

      for (int x = 0; x < SIDE; x++)
        n += at (edges, x, y) > 0;
      g_assert_cmpint (n, <=, 2);
      g_assert_true (at (edges, SIDE - 1 - y, y) > 0 || at (edges, SIDE - y, y) > 0);
    }
}

/* A closed curve: whoever walks from the middle outwards meets it once. */
static void
test_canny_disc (void)
{
  g_autoptr (LimnArray) edges = make (limn_control_canny, disc);

  for (int i = 0; i < SIDE * SIDE; i++)
    if (at (edges, i % SIDE, i / SIDE) > 0)
      g_assert_cmpfloat_with_epsilon (hypot (i % SIDE - 24, i / SIDE - 24), 14, 1.6);
  for (int angle = 0; angle < 360; angle++)
    {
      float met = 0;

      for (int radius = 40; radius < 64; radius++)
        for (int k = 0; k < 4; k++)
          met = MAX (met, at (edges, (int) (24 + radius / 4.0 * cos (angle * G_PI / 180)) + k % 2, (int) (24 + radius / 4.0 * sin (angle * G_PI / 180)) + k / 2));
      g_assert_cmpfloat (met, ==, 1);
    }
  g_assert_cmpint (count (edges), >, 70);
  g_assert_cmpint (count (edges), <, 120);
}

/* What is weak counts where it hangs together with what is strong. */
static void
test_canny_hysteresis (void)
{
  g_autoptr (LimnArray) joined = make (limn_control_canny, fading);
  g_autoptr (LimnArray) alone = make (limn_control_canny, weak);
  g_autoptr (LimnArray) nothing = make (limn_control_canny, faint);
  g_autoptr (LimnArray) ground = make (limn_control_canny, flat);

  for (int x = 0; x < 20; x++)
    g_assert_true (at (joined, x, 19) + at (joined, x, 20) > 0);
  g_assert_cmpint (count (alone), ==, 0);
  g_assert_cmpint (count (nothing), ==, 0);
  g_assert_cmpint (count (ground), ==, 0);
}

/* The line, and little beside it. */
static void
test_line_pen (void)
{
  g_autoptr (LimnArray) lines = make (limn_control_line, pen);

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        if (x == 23 || x == 24)
          g_assert_cmpfloat (at (lines, x, y), >, 0.9f);
        if (x < 22 || x > 25)
          g_assert_cmpfloat (at (lines, x, y), <, 0.05f);
      }
}

/* An edge is drawn on its darker side. */
static void
test_line_edge (void)
{
  g_autoptr (LimnArray) lines = make (limn_control_line, half);

  g_assert_cmpfloat (at (lines, 19, 24), >, 0.9f);
  for (int x = 20; x < SIDE; x++)
    g_assert_cmpfloat (at (lines, x, 24), ==, 0);
  for (int x = 0; x < 12; x++)
    g_assert_cmpfloat (at (lines, x, 24), <, 0.05f);
}

static void
test_line_flat (void)
{
  g_autoptr (LimnArray) dark = make (limn_control_line, flat);
  g_autoptr (LimnArray) none = make (limn_control_line, black);
  g_autoptr (LimnArray) nothing = make (limn_control_line, faint);

  for (int i = 0; i < SIDE * SIDE; i++)
    {
      g_assert_cmpfloat (at (dark, i % SIDE, i / SIDE), ==, 0);
      g_assert_cmpfloat (at (none, i % SIDE, i / SIDE), ==, 0);
      g_assert_cmpfloat (at (nothing, i % SIDE, i / SIDE), ==, 0);
    }
}

/* One pixel has nothing around it. */
static void
test_line_tiny (void)
{
  g_autoptr (LimnArray) pixel = limn_array_new ((LimnShape){ 1, 1, 1, 3 });
  g_autoptr (LimnArray) lines = limn_control_line (pixel);
  g_autoptr (LimnArray) edges = limn_control_canny (pixel);

  g_assert_cmpfloat (lines->data[0], ==, 0);
  g_assert_cmpfloat (edges->data[2], ==, 0);
}

static void
test_makers (void)
{
  g_assert_true (limn_control_maker ("canny") == limn_control_canny);
  g_assert_true (limn_control_maker ("line") == limn_control_line);
  g_assert_null (limn_control_maker ("depth"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/control/canny/straight", test_canny_straight);
  g_test_add_func ("/control/canny/diagonal", test_canny_diagonal);
  g_test_add_func ("/control/canny/disc", test_canny_disc);
  g_test_add_func ("/control/canny/hysteresis", test_canny_hysteresis);
  g_test_add_func ("/control/line/pen", test_line_pen);
  g_test_add_func ("/control/line/edge", test_line_edge);
  g_test_add_func ("/control/line/flat", test_line_flat);
  g_test_add_func ("/control/tiny", test_line_tiny);
  g_test_add_func ("/control/makers", test_makers);
  return g_test_run ();
}
