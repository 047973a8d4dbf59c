/* Attention against a loop in double precision that holds all scores of a query.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include <math.h>

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  LimnTensor *lengths = test->inputs[3].shape.n != 0 ? inputs[3] : NULL;

  return limn_attention (graph, inputs[0], inputs[1], inputs[2], lengths, test->data);
}

static void
expect (const OpTest     *test,
        LimnArray *const *inputs,
        LimnShape         shape,
        double           *want)
{
  const LimnAttentionArgs *args = test->data;
  int                      keys = inputs[1]->shape.w, width = shape.c / args->heads;
  g_autofree double       *p = g_new (double, keys);

  for (int i = 0; i < shape.n * shape.w * args->heads; i++)
    {
      int head = i % args->heads, query = i / args->heads % shape.w,
          n = i / args->heads / shape.w;
      int    visible = test->inputs[3].shape.n != 0 ? (int) inputs[3]->data[n] : keys;
      double sum = 0, maximum = -INFINITY;

      visible = args->causal ? MIN (visible, query + 1) : visible;
      for (int key = 0; key < visible; key++)
        {
          p[key] = 0;
          for (int c = head * width; c < (head + 1) * width; c++)
            p[key] += op_test_at (inputs[0], n, 0, query, c) * op_test_at (inputs[1], n, 0, key, c) * (double) args->scale;
          maximum = MAX (maximum, p[key]);
        }
      for (int key = 0; key < visible; key++)
        sum += p[key] = exp (p[key] - maximum);
      for (int c = head * width; c < (head + 1) * width; c++)
        {
          double y = 0;

          for (int key = 0; key < visible; key++)
            y += p[key] / sum * op_test_at (inputs[2], n, 0, key, c);
          want[(n * shape.w + query) * shape.c + c] = y;
        }
    }
}

static void
check (int               samples,
       int               queries,
       int               keys,
       int               channels,
       LimnAttentionArgs args,
       gboolean          lengths)
{
  OpTest test = {
    .small_binding = "300000",
    .inputs = {
        { .shape = { samples, 1, queries, channels }, .spread = 3 },
        { .shape = { samples, 1, keys, channels }, .spread = 3 },
        { .shape = { samples, 1, keys, channels }, .spread = 1 },
    },
    .build = build,
    .expect = expect,
    .data = &args,
  };

  if (lengths)
    test.inputs[3] = (OpTestInput){ .shape = { samples, 1, 1, 1 },
                                    .kind = OP_TEST_I32,
                                    .mean = (keys + 1) / 2.0,
                                    .spread = (keys - 1) / 2.0 };
  op_test_check (&test);
}

static void
test_odd_sizes (void)
{
  for (int size = 1; size <= 33; size += 8)
    check (2, size, size + 3, 3 * (size + 1), (LimnAttentionArgs){ 3, 0.4f, FALSE }, FALSE);
  check (1, 5, 77, 40, (LimnAttentionArgs){ 1, 0.15f, FALSE }, FALSE);
}

static void
test_many_keys (void)
{
  check (1, 70, 700, 80, (LimnAttentionArgs){ 2, 0.3f, FALSE }, FALSE);
}

static void
test_causal (void)
{
  check (2, 77, 77, 24, (LimnAttentionArgs){ 2, 0.3f, TRUE }, FALSE);
  check (1, 300, 300, 8, (LimnAttentionArgs){ 1, 0.5f, TRUE }, FALSE);
}

static void
test_lengths (void)
{
  check (3, 9, 32, 16, (LimnAttentionArgs){ 4, 0.5f, FALSE }, TRUE);
  check (2, 40, 500, 16, (LimnAttentionArgs){ 2, 0.5f, FALSE }, TRUE);
}

static void
test_refuses (void)
{
  LimnAttentionArgs args = { 3, 1, FALSE };
  OpTest            test = {
               .small_binding = "300000",
               .inputs = {
                   { .shape = { 1, 1, 4, 8 }, .spread = 1 },
                   { .shape = { 1, 1, 5, 8 }, .spread = 1 },
                   { .shape = { 1, 1, 5, 8 }, .spread = 1 },
    },
               .build = build,
               .expect = expect,
               .data = &args,
  };

  op_test_refuses (&test, "8 channels do not divide into 3 heads");
  args.heads = 2;
  test.inputs[2].shape.w = 6;
  op_test_refuses (&test, "keys of");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attention/odd-sizes", test_odd_sizes);
  g_test_add_func ("/attention/many-keys", test_many_keys);
  g_test_add_func ("/attention/causal", test_causal);
  g_test_add_func ("/attention/lengths", test_lengths);
  g_test_add_func ("/attention/refuses", test_refuses);
  return g_test_run ();
}
