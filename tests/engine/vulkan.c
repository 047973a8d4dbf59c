/* The Vulkan backend's frame: devices, memory, programs over several allocations, and what happens when it fails.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/op-test.h"

#include "engine/model-private.h"
#include "engine/vulkan/memory.h"

#include <glib/gstdio.h>

static LimnVulkan *
open_device (void)
{
  g_autoptr (GError) error = NULL;
  LimnVulkan *vulkan = limn_vulkan_new (LIMN_VULKAN_FASTEST, &error);

  if (vulkan == NULL)
    g_test_skip (error->message);
  return vulkan;
}

static void
test_no_such_device (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (limn_vulkan_new (250, &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_DEVICE);
}

/* --- memory ------------------------------------------------------------------------------------------------------ */

static gboolean
overlap (const LimnVulkanSpan *a,
         const LimnVulkanSpan *b)
{
  return a->buffer == b->buffer && a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

static void
check_apart (const LimnVulkanPiece *pieces,
             int                    n)
{
  for (int i = 0; i < n; i++)
    for (int j = 0; j < i; j++)
      g_assert_false (pieces[i].block != NULL && pieces[j].block != NULL && overlap (&pieces[i].span, &pieces[j].span));
}

static void
test_memory (void)
{
  enum
  {
    N = 40
  };
  g_autoptr (LimnVulkan) vulkan = open_device ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  LimnVulkanPiece pieces[N] = { 0 };

  if (vulkan == NULL)
    return;
  for (int round = 0; round < 400; round++)
    {
      LimnVulkanPiece *piece = &pieces[g_rand_int_range (rand, 0, N)];

      if (piece->block != NULL)
        limn_vulkan_deallocate (vulkan, piece);
      else
        g_assert_true (limn_vulkan_allocate (vulkan, (VkDeviceSize) g_rand_int_range (rand, 1, 3000000), LIMN_VULKAN_MEMORY_DEVICE, piece, NULL));
      check_apart (pieces, N);
    }
  for (int i = 0; i < N; i++)
    limn_vulkan_deallocate (vulkan, &pieces[i]);
  g_assert_cmpuint (vulkan->blocks->len, ==, 0);
}

static void
test_memory_used_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnVulkan) vulkan = open_device ();
  LimnVulkanPiece piece = { 0 };

  if (vulkan == NULL)
    return;
  g_assert_false (limn_vulkan_allocate (vulkan, (VkDeviceSize) 1 << 50, LIMN_VULKAN_MEMORY_DEVICE, &piece, &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY);
}

/* --- programs ---------------------------------------------------------------------------------------------------- */

/* x → 2x + 1 → … twelve times, all results read at the end, so that all are in memory at once. */
static LimnGraph *
build_chain (int channels)
{
  LimnGraph  *graph = limn_graph_new (LIMN_F32);
  LimnTensor *x = limn_graph_input (graph, "x", (LimnShape){ 1, 1, 100, channels }, LIMN_F32);

  for (int i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", i);

      x = limn_affine (graph, x, 2, 1);
      limn_graph_output (graph, name, x);
    }
  return graph;
}

static LimnVulkan *
open_with_allocations (const char *bytes)
{
  LimnVulkan *vulkan;

  g_setenv ("LIMN_VULKAN_ALLOCATION", bytes, TRUE);
  vulkan = open_device ();
  g_unsetenv ("LIMN_VULKAN_ALLOCATION");
  return vulkan;
}

static void
test_several_allocations (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnVulkan) vulkan = open_with_allocations ("1000000");
  g_autoptr (LimnPlan) plan = NULL;
  g_autofree float *values = g_new (float, 100 * 1000);

  if (vulkan == NULL)
    return;
  plan = limn_plan_new (build_chain (1000), limn_vulkan_backend (vulkan), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (vulkan->blocks->len, >=, 5);
  for (int i = 0; i < 100 * 1000; i++)
    values[i] = i % 7;
  limn_plan_write (plan, "x", values);
  g_assert_true (limn_plan_run (plan, &error));
  for (int k = 0; k < 12; k++)
    {
      g_autofree char *name = g_strdup_printf ("%d", k);
      g_autoptr (LimnArray) got = limn_plan_read (plan, name);

      for (int i = 0; i < 100 * 1000; i++)
        g_assert_cmpfloat (got->data[i], ==, (2 << k) * (i % 7 + 1) - 1);
    }
}

static void
test_tensor_larger_than_allocations (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnVulkan) vulkan = open_with_allocations ("1000000");
  g_autoptr (LimnPlan) plan = NULL;

  if (vulkan == NULL)
    return;
  plan = limn_plan_new (build_chain (3000), limn_vulkan_backend (vulkan), &error);
  g_assert_null (plan);
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY);
}

/* A broken file of pipelines is as good as none. */
static void
test_cache (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "limn", NULL);
  const char      *name;

  for (int round = 0; round < 3; round++)
    {
      g_autoptr (LimnVulkan) vulkan = open_device ();
      g_autoptr (LimnPlan) plan = NULL;
      g_autoptr (GDir) files = NULL;

      if (vulkan == NULL)
        return;
      plan = limn_plan_new (build_chain (10), limn_vulkan_backend (vulkan), NULL);
      g_assert_nonnull (plan);
      g_clear_pointer (&plan, limn_plan_free);
      g_clear_pointer (&vulkan, limn_vulkan_free);

      files = g_dir_open (folder, 0, NULL);
      g_assert_nonnull (files);
      name = g_dir_read_name (files);
      if (name != NULL && round == 0)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);

          g_assert_true (g_file_set_contents (path, "garbage that is long enough to be taken for a header of pipelines", -1, NULL));
        }
    }
}

/* --- failing over ------------------------------------------------------------------------------------------------ */

/* Counts warnings that say so; structured messages pass by g_test_expect_message(). */
static GLogWriterOutput
count_warnings (GLogLevelFlags   level,
                const GLogField *fields,
                gsize            n,
                gpointer         data)
{
  int *count = data;

  for (gsize i = 0; i < n; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && strstr (fields[i].value, "going on with the processor") != NULL)
      {
        (*count)++;
        return G_LOG_WRITER_HANDLED;
      }
  return g_log_writer_default (level, fields, n, NULL);
}

static LimnResult *
make_picture (LimnEngine *engine,
              gboolean    automatic,
              GError    **error)
{
  g_autofree char *path = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", NULL);
  LimnGeneration   generation = { .prompt = "a red apple", .steps = 2, .seed = 5 };
  g_autoptr (LimnModel) model = limn_model_open (engine, path, NULL, error);

  g_assert_nonnull (model);
  engine->automatic = automatic;
  return limn_generate (model, &generation, FALSE, NULL, NULL, error);
}

/* The card's memory is too small: the picture is the processor's where the device was left open, an error where it was asked for. */
static void
test_goes_on_with_the_processor (gconstpointer data)
{
  const int *warnings = data;
  g_autoptr (GError) error = NULL;
  const LimnEngineOptions cpu_options = { .device = "cpu", .type = "f32" }, options = { .device = "vulkan", .type = "f32" };
  g_autoptr (LimnEngine) cpu = limn_engine_new (&cpu_options, &error);
  g_autoptr (LimnEngine) engine = NULL;
  LimnResult *want, *got;

  g_setenv ("LIMN_VULKAN_ALLOCATION", "100000", TRUE);
  engine = limn_engine_new (&options, &error);
  g_unsetenv ("LIMN_VULKAN_ALLOCATION");
  if (engine == NULL)
    {
      g_test_skip (error->message);
      return;
    }

  g_assert_null (make_picture (engine, FALSE, &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY);
  g_clear_error (&error);

  want = make_picture (cpu, TRUE, &error);
  g_assert_no_error (error);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  got = make_picture (engine, TRUE, &error);
  g_assert_cmpint (*warnings, >, 0);
  g_assert_no_error (error);
  g_assert_cmpmem (got->image->data, limn_shape_elements (got->image->shape) * sizeof (float),
                   want->image->data, limn_shape_elements (want->image->shape) * sizeof (float));
  limn_result_free (got);
  limn_result_free (want);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("limn-cache-XXXXXX", NULL);
  int              warnings = 0;

  /* Before anything asks for it. Isolating all folders would hide the drivers. */
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (count_warnings, &warnings, NULL);
  g_test_add_func ("/vulkan/no-such-device", test_no_such_device);
  g_test_add_func ("/vulkan/memory", test_memory);
  g_test_add_func ("/vulkan/memory-used-up", test_memory_used_up);
  g_test_add_func ("/vulkan/several-allocations", test_several_allocations);
  g_test_add_func ("/vulkan/tensor-larger-than-allocations", test_tensor_larger_than_allocations);
  g_test_add_func ("/vulkan/cache", test_cache);
  g_test_add_data_func ("/vulkan/goes-on-with-the-processor", &warnings, test_goes_on_with_the_processor);
  return g_test_run ();
}
