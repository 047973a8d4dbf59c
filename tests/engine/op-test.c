/* What the operations' tests share: random inputs, runs at every level, comparison with a naive loop in double precision.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include "engine/vulkan/device.h"

#include <math.h>

/* Bytes that a graphics card's bindings reach in a second run of each test: a few rows of most of them. */
#define SMALL_BINDING "20000"

static const char *const names[LIMN_MAX_INPUTS] = { "0", "1", "2", "3", "4", "5" };

static int
count_inputs (const OpTest *test)
{
  int n = 0;

  while (n < LIMN_MAX_INPUTS && test->inputs[n].shape.n > 0)
    n++;
  return n;
}

static LimnType
type_of (const OpTestInput *input,
         LimnType           type)
{
  if (input->kind == OP_TEST_I32)
    return LIMN_I32;
  return input->kind == OP_TEST_F32 ? LIMN_F32 : type;
}

static float
rounded (LimnType type,
         float    value)
{
  guint8 stored[sizeof (float)];

  limn_type_from_f32 (type, &value, stored, 1);
  limn_type_to_f32 (type, stored, &value, 1);
  return value;
}

static LimnArray *
random_array (const OpTestInput *input,
              LimnType           type,
              GRand             *rand)
{
  LimnArray *array = limn_array_new (input->shape);
  gsize      n = limn_shape_elements (input->shape);

  for (gsize i = 0; i < n; i++)
    {
      double value = input->mean + input->spread * g_rand_double_range (rand, -1, 1);

      array->data[i] = (float) value;
      if (type == LIMN_I32)
        array->data[i] = (float) g_rand_int_range (rand, (gint32) (input->mean - input->spread),
                                                   (gint32) (input->mean + input->spread) + 1);
      else
        array->data[i] = rounded (type, (float) value);
    }
  return array;
}

/* @in_place: the first input comes from an operation, so that its memory may be taken for the result. */
static LimnGraph *
build (const OpTest *test,
       LimnType      type,
       gboolean      in_place)
{
  LimnGraph  *graph = limn_graph_new (type);
  LimnTensor *inputs[LIMN_MAX_INPUTS] = { NULL };
  int         n = count_inputs (test);

  for (int i = 0; i < n; i++)
    inputs[i] = limn_graph_input (graph, names[i], test->inputs[i].shape,
                                  type_of (&test->inputs[i], type));
  if (in_place && n > 0 && inputs[0]->type != LIMN_I32)
    inputs[0] = limn_affine (graph, inputs[0], 1, 0);
  limn_graph_output (graph, "result", test->build (graph, inputs, test));
  return graph;
}

static double *
expected (const OpTest     *test,
          LimnArray *const *inputs,
          LimnShape         shape)
{
  double *want = g_new0 (double, limn_shape_elements (shape));
  gsize   i = 0;

  if (test->expect != NULL)
    {
      test->expect (test, inputs, shape, want);
      return want;
    }
  for (int n = 0; n < shape.n; n++)
    for (int position = 0; position < shape.h * shape.w; position++)
      for (int c = 0; c < shape.c; c++)
        want[i++] = test->element (test, inputs, n, position / shape.w, position % shape.w, c);
  return want;
}

double
op_test_nmse (const float  *got,
              const double *want,
              gsize         n)
{
  double error = 0, power = 0;

  for (gsize i = 0; i < n; i++)
    {
      error += ((double) got[i] - want[i]) * ((double) got[i] - want[i]);
      power += want[i] * want[i];
    }
  return power > 0 ? error / power : error;
}

static LimnArray *
run (const OpTest     *test,
     LimnBackend      *backend,
     LimnType          type,
     gboolean          in_place,
     LimnArray *const *inputs)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnPlan) plan = limn_plan_new (build (test, type, in_place), backend, &error);
  g_autoptr (LimnArray) first = NULL;
  LimnArray *second;

  g_assert_no_error (error);
  for (int i = 0; i < count_inputs (test); i++)
    limn_plan_write (plan, names[i], inputs[i]->data);
  g_assert_true (limn_plan_run (plan, &error));
  first = limn_plan_read (plan, "result");
  g_assert_true (limn_plan_run (plan, &error));
  second = limn_plan_read (plan, "result");
  g_assert_cmpmem (first->data, limn_shape_elements (first->shape) * sizeof (float),
                   second->data, limn_shape_elements (second->shape) * sizeof (float));
  return second;
}

/* f16 has three bits more than bf16, and the square of an error goes by. */
static double
limit_of (const OpTest *test,
          LimnType      type)
{
  double limit = test->limit > 0 ? test->limit : 1e-10;
  double limit_bf16 = test->limit_bf16 > 0 ? test->limit_bf16 : 1.6e-5;

  if (type == LIMN_F16)
    return MAX (limit_bf16 / 64, limit);
  return type == LIMN_F32 ? limit : limit_bf16;
}

static void
check_backend (const OpTest     *test,
               LimnBackend      *backend,
               LimnType          type,
               LimnArray *const *inputs,
               double          **want)
{
  for (int in_place = 0; in_place < 2; in_place++)
    {
      g_autoptr (LimnArray) got = run (test, backend, type, in_place, inputs);

      if (*want == NULL)
        *want = expected (test, inputs, got->shape);
      g_assert_cmpfloat (op_test_nmse (got->data, *want, limn_shape_elements (got->shape)), <=, limit_of (test, type));
    }
}

static void
check_level (const OpTest     *test,
             LimnType          type,
             LimnArray *const *inputs,
             double          **want)
{
  g_autoptr (LimnCpu) cpu = limn_cpu_new (2);

  check_backend (test, limn_cpu_backend (cpu), type, inputs, want);
}

static void
check_cpu (const OpTest     *test,
           LimnType          type,
           LimnArray *const *inputs,
           double          **want)
{
  LimnCpuLevel best;

  g_unsetenv ("LIMN_CPU");
  best = limn_cpu_best_level ();
  for (int level = 0; level <= (int) best; level++)
    {
      g_test_message ("%s at level %s", limn_type_name (type),
                      limn_cpu_level_name ((LimnCpuLevel) level));
      g_setenv ("LIMN_CPU", limn_cpu_level_name ((LimnCpuLevel) level), TRUE);
      g_setenv ("LIMN_PRODUCTS", "tiles", TRUE);
      check_level (test, type, inputs, want);
    }
  g_unsetenv ("LIMN_CPU");
  if (type == LIMN_BF16 && best == LIMN_CPU_AVX512_BF16)
    {
      g_test_message ("bf16 by oneDNN");
      g_setenv ("LIMN_PRODUCTS", "onednn", TRUE);
      check_level (test, type, inputs, want);
    }
  g_unsetenv ("LIMN_PRODUCTS");
}

/* As it is and, should it be a software device, with what real cards run; both also with bindings so small that tensors are cut. */
static void
check_vulkan (const OpTest     *test,
              LimnType          type,
              LimnArray *const *inputs,
              double          **want)
{
  const char *small = test->small_binding != NULL ? test->small_binding : SMALL_BINDING;
  const struct
  {
    const char *binding;
    gboolean    hardware;
  } forms[] = { { "0", FALSE }, { small, FALSE }, { "0", TRUE }, { small, TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnVulkan) vulkan = NULL;

      g_setenv ("LIMN_VULKAN_BINDING", forms[i].binding, TRUE);
      if (forms[i].hardware)
        g_setenv ("LIMN_VULKAN_HARDWARE", "1", TRUE);
      vulkan = limn_vulkan_new (LIMN_VULKAN_FASTEST, &error);
      g_unsetenv ("LIMN_VULKAN_BINDING");
      g_unsetenv ("LIMN_VULKAN_HARDWARE");
      if (vulkan == NULL)
        {
          g_test_message ("# SKIP on graphics cards: %s", error->message);
          return;
        }
      if (type == LIMN_F16 && !limn_vulkan_info (vulkan)->f16_storage)
        return;
      g_test_message ("%s on %s, bindings of %s bytes, %s", limn_type_name (type), limn_vulkan_info (vulkan)->name, forms[i].binding,
                      forms[i].hardware ? "as a card" : "as it is");
      check_backend (test, limn_vulkan_backend (vulkan), type, inputs, want);
    }
}

typedef void (*Check) (const OpTest     *test,
                       LimnType          type,
                       LimnArray *const *inputs,
                       double          **want);

static const struct
{
  OpTestPlace place;
  LimnType    type;
  Check       check;
} checks[] = {
  { OP_TEST_CPU, LIMN_F32, check_cpu },
  { OP_TEST_CPU, LIMN_BF16, check_cpu },
  { OP_TEST_VULKAN, LIMN_F32, check_vulkan },
  { OP_TEST_VULKAN, LIMN_F16, check_vulkan },
};

static void
check_type (const OpTest *test,
            LimnType      type,
            Check         check)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1234);
  LimnArray         *inputs[LIMN_MAX_INPUTS] = { NULL };
  g_autofree double *want = NULL;

  for (int i = 0; i < count_inputs (test); i++)
    inputs[i] = random_array (&test->inputs[i], type_of (&test->inputs[i], type), rand);
  check (test, type, inputs, &want);
  for (int i = 0; i < count_inputs (test); i++)
    limn_array_free (inputs[i]);
}

void
op_test_check (const OpTest *test)
{
  for (guint k = 0; k < G_N_ELEMENTS (checks); k++)
    if (test->only == OP_TEST_EVERYWHERE || test->only == checks[k].place)
      check_type (test, checks[k].type, checks[k].check);
}

void
op_test_refuses (const OpTest *test,
                 const char   *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnGraph) graph = build (test, LIMN_F32, FALSE);

  g_assert_false (limn_graph_check (graph, &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_SHAPE);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, message);
}

OpTestWeight *
op_test_weight_new (int           n_dims,
                    const gint64 *dims,
                    double        mean,
                    double        spread)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4321 + (guint32) (n_dims + 1000 * fabs (mean)));
  OpTestWeight *weight = g_new0 (OpTestWeight, 1);
  gsize         n = 1;

  for (int i = 0; i < n_dims; i++)
    {
      weight->weight.dims[i] = dims[i];
      n *= (gsize) dims[i];
    }
  weight->values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    weight->values[i] = limn_bf16_to_f32 (
        limn_bf16_from_f32 ((float) (mean + spread * g_rand_double_range (rand, -1, 1))));
  weight->weight.name = "weight";
  weight->weight.type = LIMN_F32;
  weight->weight.n_dims = n_dims;
  weight->weight.n_elements = n;
  weight->weight.data = (const guint8 *) weight->values;
  weight->weight.size = n * sizeof (float);
  return weight;
}

void
op_test_weight_free (OpTestWeight *weight)
{
  g_free (weight->values);
  g_free (weight);
}

OpTestWeight *
op_test_vector (gint64 n,
                double mean)
{
  return op_test_weight_new (1, &n, mean, 1);
}

OpTestWeight *
op_test_matrix (gint64 rows,
                gint64 columns)
{
  const gint64 dims[] = { rows, columns };

  return op_test_weight_new (2, dims, 0, 1);
}
