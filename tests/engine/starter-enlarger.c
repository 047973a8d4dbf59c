/* The enlarger's network, with random weights, against loops in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/starter-enlarger.h"

#include "engine/core/plan.h"
#include "engine/cpu/cpu.h"

#define WIDTH 5
#define SCALE 3
#define OUT (3 * SCALE * SCALE)
#define BLOCKS 2
#define ROWS 7
#define COLUMNS 5
#define LIMIT 1e-10

typedef struct
{
  const char *name;
  int         out, in;
} Layer;

static const Layer layers[] = {
  { "conv_in", WIDTH, 3 },
  { "blocks.0.conv1", WIDTH, WIDTH },
  { "blocks.0.conv2", WIDTH, WIDTH },
  { "blocks.1.conv1", WIDTH, WIDTH },
  { "blocks.1.conv2", WIDTH, WIDTH },
  { "conv_out", OUT, WIDTH },
};

static void
append_tensor (GString    *header,
               GByteArray *data,
               GRand      *random,
               const char *name,
               const char *shape,
               int         n)
{
  g_string_append_printf (header, "%s\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%u,%u]}",
                          data->len > 0 ? "," : "", name, shape, data->len, data->len + 4 * (guint) n);
  for (int i = 0; i < n; i++)
    {
      float value = (float) g_rand_double_range (random, -0.4, 0.4);

      g_byte_array_append (data, (const guint8 *) &value, sizeof value);
    }
}

static LimnWeights *
random_weights (void)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GByteArray) data = g_byte_array_new (), file = g_byte_array_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  LimnWeights *weights;
  guint64      length;

  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      g_autofree char *weight = g_strconcat (layers[i].name, ".weight", NULL),
                      *bias = g_strconcat (layers[i].name, ".bias", NULL),
                      *shape = g_strdup_printf ("%d,%d,3,3", layers[i].out, layers[i].in),
                      *length_only = g_strdup_printf ("%d", layers[i].out);

      append_tensor (header, data, random, weight, shape, layers[i].out * layers[i].in * 9);
      append_tensor (header, data, random, bias, length_only, layers[i].out);
    }
  g_string_append (header, "}");
  while (header->len % sizeof (float) != 0)
    g_string_append_c (header, ' '); /* what follows is read in place */
  length = GUINT64_TO_LE (header->len);
  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header->str, header->len);
  g_byte_array_append (file, data->data, data->len);
  bytes = g_bytes_new (file->data, file->len);
  weights = limn_weights_new_from_bytes (bytes, &error);
  g_assert_no_error (error);
  return weights;
}

static const float *
values (const LimnWeights *weights,
        const Layer       *layer,
        const char        *what)
{
  g_autofree char *name = g_strconcat (layer->name, what, NULL);

  return (const float *) (const void *) limn_weights_find (weights, name)->data;
}

/* 3 × 3, zeros around; channels-last. */
static double *
naive_conv (const LimnWeights *weights,
            const Layer       *layer,
            const double      *x)
{
  const float *weight = values (weights, layer, ".weight"), *bias = values (weights, layer, ".bias");
  double      *y = g_new (double, ROWS *COLUMNS * layer->out);

  for (int i = 0; i < ROWS * COLUMNS * layer->out; i++)
    {
      int    o = i % layer->out, column = i / layer->out % COLUMNS, row = i / layer->out / COLUMNS;
      double sum = bias[o];

      for (int k = 0; k < 9 * layer->in; k++)
        {
          int at_row = row + k / 3 % 3 - 1, at_column = column + k % 3 - 1, c = k / 9;

          if (at_row >= 0 && at_row < ROWS && at_column >= 0 && at_column < COLUMNS)
            sum += weight[o * 9 * layer->in + k] * x[(at_row * COLUMNS + at_column) * layer->in + c];
        }
      y[i] = sum;
    }
  return y;
}

static void
naive_relu (double *x,
            int     n)
{
  for (int i = 0; i < n; i++)
    x[i] = MAX (x[i], 0);
}

/* [ROWS, COLUMNS, OUT]: what conv_out gives. */
static double *
naive_network (const LimnWeights *weights,
               const double      *picture)
{
  int                n = ROWS * COLUMNS * WIDTH;
  g_autofree double *x = naive_conv (weights, &layers[0], picture);

  naive_relu (x, n);
  for (int block = 0; block < BLOCKS; block++)
    {
      g_autofree double *first = naive_conv (weights, &layers[1 + 2 * block], x);
      g_autofree double *second = NULL;

      naive_relu (first, n);
      second = naive_conv (weights, &layers[2 + 2 * block], first);
      for (int i = 0; i < n; i++)
        x[i] += second[i];
    }
  naive_relu (x, n);
  return naive_conv (weights, &layers[G_N_ELEMENTS (layers) - 1], x);
}

static double
naive_pixel (const double *channels,
             const double *picture,
             int           y,
             int           x,
             int           c)
{
  int place = y / SCALE * COLUMNS + x / SCALE;

  return channels[place * OUT + (c * SCALE + y % SCALE) * SCALE + x % SCALE] + picture[place * 3 + c];
}

static LimnArray *
run (const LimnWeights *weights,
     const float       *picture)
{
  g_autoptr (LimnCpu) cpu = limn_cpu_new (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnPlan) plan = NULL;
  LimnGraph  *graph = limn_graph_new (LIMN_F32);
  LimnScope   scope = limn_scope_root (graph, weights);
  LimnTensor *x = limn_graph_input (graph, "picture", (LimnShape){ 1, ROWS, COLUMNS, 3 }, LIMN_F32);

  limn_graph_output (graph, "picture", limn_starter_enlarger (&scope, x, SCALE));
  plan = limn_plan_new (graph, limn_cpu_backend (cpu), &error);
  g_assert_no_error (error);
  limn_plan_write (plan, "picture", picture);
  g_assert_true (limn_plan_run (plan, &error));
  return limn_plan_read (plan, "picture");
}

static void
test_network (void)
{
  g_autoptr (LimnWeights) weights = random_weights ();
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  float              picture[ROWS * COLUMNS * 3];
  double             exact[ROWS * COLUMNS * 3], wrong = 0, all = 0;
  g_autofree double *channels = NULL;
  g_autoptr (LimnArray) got = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (picture); i++)
    exact[i] = picture[i] = (float) g_rand_double_range (random, -1, 1);
  channels = naive_network (weights, exact);
  got = run (weights, picture);

  g_assert_true (limn_shape_equal (got->shape, (LimnShape){ 1, ROWS * SCALE, COLUMNS * SCALE, 3 }));
  for (int i = 0; i < ROWS * SCALE * COLUMNS * SCALE * 3; i++)
    {
      double want = naive_pixel (channels, exact, i / 3 / (COLUMNS * SCALE), i / 3 % (COLUMNS * SCALE), i % 3);

      wrong += (got->data[i] - want) * (got->data[i] - want);
      all += want * want;
    }
  g_assert_cmpfloat (wrong / all, <, LIMIT);
}

static void
test_scale (void)
{
  g_autoptr (LimnWeights) weights = random_weights ();

  g_assert_cmpint (limn_starter_enlarger_scale (weights), ==, SCALE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/starter-enlarger/network", test_network);
  g_test_add_func ("/starter-enlarger/scale", test_scale);
  return g_test_run ();
}
