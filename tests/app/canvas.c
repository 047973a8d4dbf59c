/* Tests what masked jobs work on, and that nothing changes outside the mask.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/canvas.h"

#include <math.h>
#include <string.h>

static const LimnModelInfo steps_of_8 = { .width = 512, .height = 512, .size_step = 8, .max_size = 2048 };
static const LimnModelInfo squares = { .width = 512, .height = 512, .size_step = 128, .max_size = 512, .native = 512 };

static LimnArray *
make_picture (int width,
              int height)
{
  LimnArray *picture = limn_array_new ((LimnShape){ 1, height, width, 3 });

  for (gsize i = 0; i < limn_shape_elements (picture->shape); i++)
    picture->data[i] = (float) ((i * 7919) % 256) / 255;
  return picture;
}

/* White in the box. */
static LimnArray *
make_mask (int width,
           int height,
           int x,
           int y,
           int w,
           int h)
{
  LimnArray *mask = limn_array_new ((LimnShape){ 1, height, width, 1 });

  for (int i = 0; i < h; i++)
    for (int j = 0; j < w; j++)
      mask->data[(y + i) * width + x + j] = 1;
  return mask;
}

static LimnArray *
make_red (int width,
          int height)
{
  LimnArray *red = limn_array_new ((LimnShape){ 1, height, width, 3 });

  for (gsize i = 0; i < limn_shape_positions (red->shape); i++)
    red->data[3 * i] = 1;
  return red;
}

/* Asserts that @whole has @picture's bytes wherever it is farther than @reach from the box, and red well within. */
static void
assert_kept (const LimnArray *whole,
             const LimnArray *picture,
             const int        box[4],
             int              reach)
{
  gsize kept = 0, red = 0;

  for (int y = 0; y < picture->shape.h; y++)
    for (int x = 0; x < picture->shape.w; x++)
      {
        const float *now = whole->data + 3 * (y * picture->shape.w + x), *then = picture->data + 3 * (y * picture->shape.w + x);
        int          across = MAX (box[0] - x, x - (box[0] + box[2] - 1)), down = MAX (box[1] - y, y - (box[1] + box[3] - 1));

        if (MAX (across, down) > reach)
          {
            g_assert_cmpmem (now, 12, then, 12);
            kept++;
          }
        if (MAX (across, down) < -reach)
          {
            g_assert_cmpfloat_with_epsilon (now[0], 1, 1e-5);
            g_assert_cmpfloat_with_epsilon (now[1], 0, 1e-5);
            red++;
          }
      }
  g_assert_cmpint (kept, >, 0);
  g_assert_cmpint (red, >, 0);
}

/* Whatever the sizes, the feather and the part: outside nothing changes. */
static void
test_kept (void)
{
  static const struct
  {
    int      width, height, box[4];
    double   feather;
    gint64   area;
    gboolean square;
  } cases[] = {
    { 64, 64, { 16, 16, 20, 20 }, -1, -1, FALSE },
    { 65, 37, { 0, 0, 20, 20 }, 4, -1, FALSE },
    { 101, 203, { 60, 150, 41, 53 }, 7, 8, FALSE },
    { 300, 50, { 140, 10, 30, 30 }, 3, 0, FALSE },
    { 200, 120, { 0, 100, 30, 20 }, 5, 16, TRUE },
    { 90, 130, { 40, 60, 15, 15 }, -1, -1, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const int  *box = cases[i].box;
      LimnRequest request;
      g_autoptr (LimnArray) picture = make_picture (cases[i].width, cases[i].height);
      g_autoptr (LimnArray) mask = make_mask (cases[i].width, cases[i].height, box[0], box[1], box[2], box[3]);
      g_auto (LimnCanvas) canvas = { 0 };
      g_autoptr (LimnArray) part = NULL, red = NULL, whole = NULL;

      limn_request_init (&request);
      request.mask_feather = cases[i].feather;
      request.mask_area = cases[i].area;
      g_assert_true (limn_canvas_init (&canvas, picture, mask, &request, cases[i].square ? &squares : &steps_of_8, NULL));
      part = limn_canvas_crop (&canvas, canvas.picture);
      g_assert_cmpint (part->shape.w % (cases[i].square ? 128 : 8), ==, 0);
      g_assert_cmpint (part->shape.h % (cases[i].square ? 128 : 8), ==, 0);
      red = make_red (canvas.width, canvas.height);
      whole = limn_canvas_paste (&canvas, red);
      assert_kept (whole, picture, box, MAX ((int) cases[i].feather, 0));
    }
}

/* Over the feather's pixels new passes into old, and never back. */
static void
test_feather (void)
{
  LimnRequest request;
  g_autoptr (LimnArray) picture = limn_array_new ((LimnShape){ 1, 32, 64, 3 });
  g_autoptr (LimnArray) mask = make_mask (64, 32, 0, 0, 32, 32);
  g_autoptr (LimnArray) red = make_red (64, 32);
  g_auto (LimnCanvas) canvas = { 0 };
  g_autoptr (LimnArray) whole = NULL;
  int between = 0;

  limn_request_init (&request);
  request.mask_feather = 6;
  g_assert_true (limn_canvas_init (&canvas, picture, mask, &request, &steps_of_8, NULL));
  whole = limn_canvas_paste (&canvas, red);
  for (int x = 1; x < 64; x++)
    {
      float now = whole->data[3 * (16 * 64 + x)], before = whole->data[3 * (16 * 64 + x - 1)];

      g_assert_cmpfloat (now, <=, before + 1e-6f);
      between += now > 0 && now < 0.999f;
    }
  g_assert_cmpint (between, >=, 8);
  g_assert_cmpint (between, <=, 12);
}

/* The part is the box and its padding, in the model's number of pixels. */
static void
test_area (void)
{
  LimnRequest request;
  g_autoptr (LimnArray) picture = make_picture (1000, 800);
  g_autoptr (LimnArray) mask = make_mask (1000, 800, 500, 400, 100, 50);
  g_auto (LimnCanvas) canvas = { 0 };

  limn_request_init (&request);
  request.mask_area = 20;
  g_assert_true (limn_canvas_init (&canvas, picture, mask, &request, &steps_of_8, NULL));
  g_assert_cmpfloat_with_epsilon (canvas.w, 140, 3);
  g_assert_cmpfloat_with_epsilon (canvas.h, 90, 3);
  g_assert_cmpfloat_with_epsilon (canvas.x, 480, 3);
  g_assert_cmpfloat_with_epsilon (canvas.y, 380, 3);
  g_assert_cmpfloat_with_epsilon (canvas.width * canvas.height, 512 * 512, 512 * 16);
  g_assert_cmpfloat_with_epsilon (canvas.w / canvas.h, (double) canvas.width / canvas.height, 1e-9);
}

/* The picture grows, what was there stays but for the seam, and beyond it all is new. */
static void
test_expand (void)
{
  LimnRequest request;
  g_autoptr (LimnArray) picture = make_picture (100, 80);
  g_auto (LimnCanvas) canvas = { 0 };
  g_autoptr (LimnArray) red = NULL, whole = NULL;

  limn_request_init (&request);
  request.expand = (char *) "30,0,50,20";
  g_assert_true (limn_canvas_init (&canvas, picture, NULL, &request, &steps_of_8, NULL));
  red = make_red (canvas.width, canvas.height);
  whole = limn_canvas_paste (&canvas, red);
  g_assert_cmpint (whole->shape.w, ==, 180);
  g_assert_cmpint (whole->shape.h, ==, 100);
  for (int y = 0; y < 100; y++)
    for (int x = 0; x < 180; x++)
      {
        const float *now = whole->data + 3 * (y * 180 + x);

        if (x >= 30 + 33 && x < 130 - 33 && y < 80 - 33)
          g_assert_cmpmem (now, 12, picture->data + 3 * (y * 100 + x - 30), 12);
        if (x < 30 || x >= 130 || y >= 80)
          g_assert_cmpfloat_with_epsilon (now[0], 1, 1e-4);
      }
}

/* The size asked for is that of the result. */
static void
test_size (void)
{
  LimnRequest request;
  g_autoptr (LimnArray) picture = make_picture (100, 80);
  g_autoptr (LimnArray) mask = make_mask (100, 80, 20, 20, 40, 40);
  g_auto (LimnCanvas) canvas = { 0 };

  limn_request_init (&request);
  request.width = 131;
  request.height = 77;
  g_assert_true (limn_canvas_init (&canvas, picture, mask, &request, &steps_of_8, NULL));
  g_assert_cmpint (canvas.picture->shape.w, ==, 131);
  g_assert_cmpint (canvas.picture->shape.h, ==, 77);
  g_assert_cmpint (canvas.width % 8 + canvas.height % 8, ==, 0);
}

static void
test_wrong (void)
{
  static const char *const growths[] = { "1,2,3", "1,2,3,4,5", "-1,0,0,0", "a,b,c,d", "0,0,0,5000", "0,0,0,0" };
  LimnRequest              request;
  g_autoptr (LimnArray) picture = make_picture (16, 16);
  g_autoptr (LimnArray) black = limn_array_new ((LimnShape){ 1, 16, 16, 1 });

  limn_request_init (&request);
  for (gsize i = 0; i <= G_N_ELEMENTS (growths); i++)
    {
      g_auto (LimnCanvas) canvas = { 0 };
      g_autoptr (GError) error = NULL;

      request.expand = i < G_N_ELEMENTS (growths) ? (char *) growths[i] : NULL;
      g_assert_false (limn_canvas_init (&canvas, picture, black, &request, &steps_of_8, &error));
      g_assert_nonnull (error);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/canvas/kept", test_kept);
  g_test_add_func ("/canvas/feather", test_feather);
  g_test_add_func ("/canvas/area", test_area);
  g_test_add_func ("/canvas/expand", test_expand);
  g_test_add_func ("/canvas/size", test_size);
  g_test_add_func ("/canvas/wrong", test_wrong);
  return g_test_run ();
}
