/* Rows of a table by ids, those outside it included.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

typedef struct
{
  OpTestWeight *table, *position;
} Data;

static LimnTensor *
build (LimnGraph         *graph,
       LimnTensor *const *inputs,
       const OpTest      *test)
{
  const Data *data = test->data;

  return limn_embedding (graph, inputs[0], &data->table->weight,
                         data->position != NULL ? &data->position->weight : NULL);
}

static double
element (const OpTest     *test,
         LimnArray *const *inputs,
         int               n,
         int               y,
         int               x,
         int               c)
{
  const Data *data = test->data;
  gint64      channels = data->table->weight.dims[1];
  gint64      id = (gint64) op_test_at (inputs[0], n, y, x, 0);
  double      value;

  id = MIN (MAX (id, 0), data->table->weight.dims[0] - 1);
  value = (double) data->table->values[id * channels + c];
  return data->position != NULL ? value + (double) data->position->values[x * channels + c] : value;
}

static void
test_rows (void)
{
  for (int channels = 1; channels <= 1033; channels += 258)
    {
      g_autoptr (OpTestWeight) table = op_test_matrix (61, channels);
      g_autoptr (OpTestWeight) position = op_test_matrix (23, channels);
      Data   data = { table, NULL };
      OpTest test = { .inputs = { { { 2, 1, 21, 1 }, OP_TEST_I32, 30, 30 } },
                      .build = build,
                      .element = element,
                      .small_binding = "96000", /* less than the table, enough for the positions */
                      .data = &data };

      op_test_check (&test);
      data.position = position;
      op_test_check (&test);
    }
}

static void
test_takes_ids_outside_for_the_nearest (void)
{
  g_autoptr (OpTestWeight) table = op_test_matrix (3, 5);
  Data   data = { table, NULL };
  OpTest test = { .inputs = { { { 1, 1, 33, 1 }, OP_TEST_I32, 0, 1000000000 } },
                  .build = build,
                  .element = element,
                  .data = &data };

  op_test_check (&test);
}

static void
test_refuses_tables_that_do_not_fit (void)
{
  g_autoptr (OpTestWeight) table = op_test_matrix (3, 5);
  g_autoptr (OpTestWeight) few = op_test_matrix (6, 5);
  g_autoptr (OpTestWeight) narrow = op_test_matrix (7, 4);
  g_autoptr (OpTestWeight) vector = op_test_vector (5, 0);
  Data   data = { table, few };
  OpTest test = { .inputs = { { .shape = { 1, 1, 7, 1 }, .kind = OP_TEST_I32 } },
                  .build = build,
                  .data = &data };

  op_test_refuses (&test, "6 positions");
  data.position = narrow;
  op_test_refuses (&test, "4 channels");
  data.position = vector;
  op_test_refuses (&test, "1 dimensions");
  data.table = vector;
  op_test_refuses (&test, "1 dimensions");
}

static void
test_refuses_tokens_that_are_no_integers (void)
{
  g_autoptr (OpTestWeight) table = op_test_matrix (3, 5);
  Data   data = { table, NULL };
  OpTest test = { .inputs = { { .shape = { 1, 1, 7, 1 } } }, .build = build, .data = &data };

  op_test_refuses (&test, "integers");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/embedding/rows", test_rows);
  g_test_add_func ("/embedding/takes-ids-outside-for-the-nearest",
                   test_takes_ids_outside_for_the_nearest);
  g_test_add_func ("/embedding/refuses-tables-that-do-not-fit",
                   test_refuses_tables_that_do_not_fit);
  g_test_add_func ("/embedding/refuses-tokens-that-are-no-integers",
                   test_refuses_tokens_that_are_no_integers);
  return g_test_run ();
}
