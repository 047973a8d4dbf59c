/* Changes of type: exact when widening, to the nearest when rounding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

static const LimnShape shapes[] = {
  { 1, 1, 1, 1 }, { 2, 3, 5, 7 }, { 1, 1, 9, 33 }, { 3, 1, 2, 1025 }, { 1, 33, 31, 40 }
};

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const LimnType *type = test->data;

  return limn_cast (graph, inputs[0], *type);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  const LimnType *type = test->data;
  float           value = (float) op_test_at (inputs[0], n, y, x, c);

  guint8 stored[sizeof value];

  limn_type_from_f32 (*type, &value, stored, 1);
  limn_type_to_f32 (*type, stored, &value, 1);
  return (double) value;
}

static void
test_odd_sizes (void)
{
  const LimnType    types[] = { LIMN_F32, LIMN_BF16, LIMN_F16 };
  const OpTestPlace places[] = { OP_TEST_EVERYWHERE, OP_TEST_CPU, OP_TEST_VULKAN };

  for (guint t = 0; t < G_N_ELEMENTS (types); t++)
    for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
      {
        OpTest test = { .inputs = { { .shape = shapes[i], .spread = 3 } },
                        .build = build,
                        .element = element,
                        .data = &types[t],
                        .limit = 1e-30,
                        .limit_bf16 = 1e-30,
                        .only = places[t] };

        op_test_check (&test);
      }
}

static void
test_refuses_other_types (void)
{
  const LimnType type = LIMN_F8_E4M3;
  OpTest         to = { .inputs = { { .shape = { 2, 3, 5, 7 } } }, .build = build, .data = &type };
  OpTest         from = { .inputs = { { .shape = { 2, 3, 5, 7 }, .kind = OP_TEST_I32 } },
                          .build = build,
                          .data = &type };

  op_test_refuses (&to, "f8-e4m3");
  op_test_refuses (&from, "i32");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cast/odd-sizes", test_odd_sizes);
  g_test_add_func ("/cast/refuses-other-types", test_refuses_other_types);
  return g_test_run ();
}
