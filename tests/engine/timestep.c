/* Sinusoids of times, exact and as diffusers rounds them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include <math.h>

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const LimnTimestepArgs *args = test->data;

  return limn_timestep (graph, inputs[0], args->channels, args->scale);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  const LimnTimestepArgs *args = test->data;
  int                     half = args->channels / 2;
  double                  angle = (double) args->scale * op_test_at (inputs[0], n, 0, 0, 0) * pow (10000, -(double) (c % half) / half);

  if (c == 2 * half)
    return 0;
  return c < half ? cos (angle) : sin (angle);
}

static void
test_sinusoids (void)
{
  const LimnTimestepArgs forms[] = { { 2, 1 }, { 320, 1 }, { 33, 1 }, { 256, 1000 } };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      double half_range = 500 / (double) forms[i].scale;
      OpTest test = { .inputs = { { { 5, 1, 1, 1 }, OP_TEST_F32, half_range, half_range } },
                      .build = build,
                      .element = element,
                      .data = &forms[i],
                      .limit = 1e-9,
                      .limit_bf16 = 1e-9 };

      op_test_check (&test);
    }
}

static void
test_zero_is_ones_and_zeros (void)
{
  const LimnTimestepArgs args = { 64, 1 };
  OpTest                 test = { .inputs = { { { 1, 1, 1, 1 }, OP_TEST_F32, 0, 0 } },
                                  .build = build,
                                  .element = element,
                                  .data = &args,
                                  .limit = 1e-30,
                                  .limit_bf16 = 1e-30 };

  op_test_check (&test);
}

static void
test_refuses_what_is_no_time (void)
{
  const LimnTimestepArgs args = { 64, 1 }, none = { 1, 1 };
  OpTest                 integer = { .inputs = { { .shape = { 2, 1, 1, 1 }, .kind = OP_TEST_I32 } },
                                     .build = build,
                                     .data = &args };
  OpTest                 rows = { .inputs = { { .shape = { 2, 1, 3, 1 } } }, .build = build, .data = &args };
  OpTest                 channels = { .inputs = { { .shape = { 2, 1, 1, 1 } } },
                                      .build = build,
                                      .data = &none };

  op_test_refuses (&integer, "time");
  op_test_refuses (&rows, "time");
  op_test_refuses (&channels, "1 channels");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timestep/sinusoids", test_sinusoids);
  g_test_add_func ("/timestep/zero-is-ones-and-zeros", test_zero_is_ones_and_zeros);
  g_test_add_func ("/timestep/refuses-what-is-no-time", test_refuses_what_is_no_time);
  return g_test_run ();
}
