/* Plans: what is fused, what is dropped, what memory is shared, and that a second run gives the first one's numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

static LimnPlan *
plan_of (LimnGraph  *graph,
         LimnTensor *output,
         LimnCpu    *cpu)
{
  g_autoptr (GError) error = NULL;
  LimnPlan *plan;

  limn_graph_output (graph, "y", output);
  plan = limn_plan_new (graph, limn_cpu_backend (cpu), &error);
  g_assert_no_error (error);
  return plan;
}

static LimnTensor *
input (LimnGraph *graph,
       LimnShape  shape)
{
  return limn_graph_input (graph, "x", shape, limn_graph_type (graph));
}

static void
test_fuses_activation_and_residual (void)
{
  g_autoptr (LimnCpu) cpu = limn_cpu_new (1);
  g_autoptr (OpTestWeight) weight = op_test_matrix (8, 8);
  LimnGraph  *graph = limn_graph_new (LIMN_F32);
  LimnTensor *x = input (graph, (LimnShape){ 1, 1, 3, 8 });
  LimnTensor *y = limn_activation (graph, limn_linear (graph, x, &weight->weight, NULL),
                                   LIMN_ACTIVATION_RELU);
  g_autoptr (LimnPlan) plan = NULL;

  y = limn_add (graph, limn_linear (graph, y, &weight->weight, NULL), x);
  plan = plan_of (graph, y, cpu);
  g_assert_cmpint (limn_plan_cost (plan).nodes, ==, 2);
}

/* What two read cannot vanish into its producer. */
static void
test_keeps_what_is_read_twice (void)
{
  g_autoptr (LimnCpu) cpu = limn_cpu_new (1);
  g_autoptr (OpTestWeight) weight = op_test_matrix (8, 8);
  LimnGraph  *graph = limn_graph_new (LIMN_F32);
  LimnTensor *x = input (graph, (LimnShape){ 1, 1, 3, 8 });
  LimnTensor *h = limn_linear (graph, x, &weight->weight, NULL);
  LimnTensor *y = limn_multiply (graph, limn_activation (graph, h, LIMN_ACTIVATION_SILU), h);
  g_autoptr (LimnPlan) plan = plan_of (graph, y, cpu);

  g_assert_cmpint (limn_plan_cost (plan).nodes, ==, 3);
}

static void
test_drops_what_nobody_reads (void)
{
  g_autoptr (LimnCpu) cpu = limn_cpu_new (1);
  g_autoptr (OpTestWeight) weight = op_test_matrix (8, 8);
  LimnGraph  *graph = limn_graph_new (LIMN_F32);
  LimnTensor *x = input (graph, (LimnShape){ 1, 1, 3, 8 });
  LimnTensor *unread = limn_linear (graph, x, &weight->weight, NULL);
  g_autoptr (LimnPlan) plan = NULL;

  limn_activation (graph, unread, LIMN_ACTIVATION_SILU);
  plan = plan_of (graph, limn_affine (graph, x, 2, 1), cpu);
  g_assert_cmpint (limn_plan_cost (plan).nodes, ==, 1);
}

static void
test_predicts_operations (void)
{
  g_autoptr (LimnCpu) cpu = limn_cpu_new (1);
  g_autoptr (OpTestWeight) weight = op_test_matrix (7, 8);
  LimnGraph  *graph = limn_graph_new (LIMN_F32);
  LimnTensor *x = input (graph, (LimnShape){ 1, 1, 3, 8 });
  g_autoptr (LimnPlan) plan = plan_of (graph, limn_linear (graph, x, &weight->weight, NULL), cpu);
  LimnPlanCost cost = limn_plan_cost (plan);

  g_assert_cmpfloat (cost.operations, ==, 2 * 3 * 7 * 8);
  g_assert_cmpfloat (cost.bytes, ==, 4 * (3 * 8 + 3 * 7 + 7 * 8));
}

/* A chain of twenty needs the memory of its input, its output and two between, not of twenty-one. */
static void
test_shares_memory (void)
{
  g_autoptr (LimnCpu) cpu = limn_cpu_new (1);
  LimnGraph  *graph = limn_graph_new (LIMN_F32);
  LimnShape   shape = { 1, 32, 32, 16 };
  LimnTensor *x = input (graph, shape), *y = x;
  g_autoptr (LimnPlan) plan = NULL;

  for (int i = 0; i < 20; i++)
    y = limn_resize (graph, limn_affine (graph, y, 1.0f, 0.5f), 32, 32);
  plan = plan_of (graph, y, cpu);
  g_assert_cmpuint (limn_plan_cost (plan).arena, <=,
                    4 * limn_shape_elements (shape) * sizeof (float) + 4096);
}

static void
test_runs_again (void)
{
  g_autoptr (LimnCpu) cpu = limn_cpu_new (2);
  g_autoptr (OpTestWeight) weight = op_test_matrix (16, 16);
  LimnGraph  *graph = limn_graph_new (LIMN_F32);
  LimnShape   shape = { 2, 5, 5, 16 };
  LimnTensor *x = input (graph, shape);
  LimnTensor *y = limn_add (
      graph, limn_linear (graph, limn_affine (graph, x, 3, 1), &weight->weight, NULL), x);
  g_autoptr (LimnPlan) plan = plan_of (graph, limn_add (graph, y, x), cpu);
  g_autoptr (LimnArray) values = limn_array_new (shape);
  g_autoptr (LimnArray) first = NULL;

  for (gsize i = 0; i < limn_shape_elements (shape); i++)
    values->data[i] = (float) (i % 17) - 8;
  limn_plan_write (plan, "x", values->data);
  for (int run = 0; run < 3; run++)
    {
      g_autoptr (LimnArray) got = NULL;

      g_assert_true (limn_plan_run (plan, NULL));
      got = limn_plan_read (plan, "y");
      if (first == NULL)
        first = limn_array_copy (got);
      g_assert_cmpmem (got->data, limn_shape_elements (shape) * sizeof (float), first->data,
                       limn_shape_elements (shape) * sizeof (float));
    }
}

/* The first error stays, and names where it happened. */
static void
test_tells_errors (void)
{
  g_autoptr (LimnCpu) cpu = limn_cpu_new (1);
  g_autoptr (OpTestWeight) weight = op_test_matrix (7, 8);
  g_autoptr (GError) error = NULL;
  LimnGraph  *graph = limn_graph_new (LIMN_F32);
  LimnTensor *x = input (graph, (LimnShape){ 1, 1, 3, 9 });

  limn_graph_set_label (graph, "mid_block.attentions.0");
  limn_graph_output (graph, "y",
                     limn_concat (graph, limn_linear (graph, x, &weight->weight, NULL), x));
  g_assert_null (limn_plan_new (graph, limn_cpu_backend (cpu), &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "mid_block.attentions.0"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/fuses-activation-and-residual", test_fuses_activation_and_residual);
  g_test_add_func ("/plan/keeps-what-is-read-twice", test_keeps_what_is_read_twice);
  g_test_add_func ("/plan/drops-what-nobody-reads", test_drops_what_nobody_reads);
  g_test_add_func ("/plan/predicts-operations", test_predicts_operations);
  g_test_add_func ("/plan/shares-memory", test_shares_memory);
  g_test_add_func ("/plan/runs-again", test_runs_again);
  g_test_add_func ("/plan/tells-errors", test_tells_errors);
  return g_test_run ();
}
