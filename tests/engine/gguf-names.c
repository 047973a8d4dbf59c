/* GGUF files as models: what files are called and how tensors are named, and views of blocks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"
#include "engine/weights/folder.h"
#include "engine/weights/name-map.h"
#include "tests/engine/gguf-test.h"
#include "tests/engine/weights-test.h"

/* --- files and names --------------------------------------------------------------------------------------------- */

/* What a file is called does not matter, not even if pickles are called so. */
static void
test_told_by_its_bytes (void)
{
  static const char *const names[] = { "a.safetensors", "b.ckpt", "c", "d.gguf" };
  g_autofree char         *folder = weights_test_folder ();
  GgufTestMarks            marks;
  g_autoptr (GBytes) bytes = gguf_test_whole (&marks);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize            size = 0;
      gconstpointer    data = g_bytes_get_data (bytes, &size);
      g_autofree char *path = weights_test_write (folder, names[i], data, (gssize) size);
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnWeights) weights = limn_weights_open (path, &error);

      g_assert_no_error (error);
      g_assert_true (limn_weights_get (weights, 0)->mapped);
      weights_test_use (weights);
    }
  weights_test_remove (folder);
}

static void
test_only_file_of_a_folder (void)
{
  g_autofree char *folder = weights_test_folder ();
  GgufTestMarks    marks;
  g_autoptr (GBytes) bytes = gguf_test_whole (&marks);
  gsize            size = 0;
  gconstpointer    data = g_bytes_get_data (bytes, &size);
  g_autofree char *path = weights_test_write (folder, "unet-GGUF_Q8_0.gguf", data, (gssize) size), *second = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = limn_weights_open (folder, &error);

  g_assert_no_error (error);
  g_assert_nonnull (limn_weights_find (weights, "q"));
  second = weights_test_write (folder, "unet-Q4_0.gguf", data, (gssize) size);
  weights_test_open_fails (folder, LIMN_ENGINE_ERROR_FILE, "several");
  weights_test_remove (folder);
}

/* stable-diffusion.cpp writes the whole original names, ComfyUI's converter without the prefix, or those of diffusers. */
static void
test_naming (void)
{
  static const struct
  {
    const char *probe, *tensor;
  } layouts[] = {
    { "model.diffusion_model.input_blocks.0.0.weight", "model.diffusion_model.time_embed.0.weight" },
    { "input_blocks.0.0.weight", "time_embed.0.weight" },
    { "conv_norm_out.weight", "time_embedding.linear_1.weight" },
  };
  g_autofree char *folder = weights_test_folder ();

  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      GByteArray *file = gguf_test_begin (3, 2, 0);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnModelFolder) model = NULL;
      g_autoptr (LimnWeights) unet = NULL;
      g_autofree char  *path = NULL;
      const LimnWeight *time;
      gsize             size = 0;
      gconstpointer     data;

      gguf_test_put_tensor (file, layouts[i].probe, 1, 32, GGUF_Q8_0, 0);
      gguf_test_put_tensor (file, layouts[i].tensor, 2, 32, GGUF_Q8_0, 64);
      bytes = gguf_test_finish (file, 32, 64 + 68);
      data = g_bytes_get_data (bytes, &size);
      path = weights_test_write (folder, "unet.gguf", data, (gssize) size);
      model = limn_model_folder_open (path, &error);
      g_assert_no_error (error);
      g_assert_false (limn_model_folder_has (model, "vae"));
      unet = limn_model_folder_weights (model, "unet", &error);
      g_assert_no_error (error);
      time = limn_weights_find (unet, "time_embedding.linear_1.weight");
      g_assert_nonnull (time);
      g_assert_cmpint (time->type, ==, LIMN_Q8_0);
      g_assert_cmpint (time->dims[0], ==, 2);
      g_assert_cmpint (time->dims[1], ==, 32);
    }
  weights_test_remove (folder);
}

static void
test_set_part (void)
{
  g_autofree char *folder = weights_test_folder ();
  g_autofree char *base = weights_test_write_tensors (folder, "base.safetensors", "{" WEIGHTS_TEST_X "}", 12), *path = NULL;
  GByteArray      *file = gguf_test_begin (3, 1, 0);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnModelFolder) model = limn_model_folder_open (base, &error);
  g_autoptr (LimnWeights) vae = NULL;
  gsize         size = 0;
  gconstpointer data;

  gguf_test_put_tensor (file, "decoder.conv_norm_out.weight", 1, 32, GGUF_Q8_0, 0);
  bytes = gguf_test_finish (file, 32, 34);
  data = g_bytes_get_data (bytes, &size);
  path = weights_test_write (folder, "vae.gguf", data, (gssize) size);
  g_assert_false (limn_model_folder_has (model, "vae"));
  g_assert_false (limn_model_folder_set_part (model, "unet", path, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_FILE);
  g_assert_false (limn_model_folder_has (model, "unet"));
  g_clear_error (&error);
  g_assert_true (limn_model_folder_set_part (model, "vae", path, &error));
  g_assert_true (limn_model_folder_has (model, "vae"));
  vae = limn_model_folder_weights (model, "vae", &error);
  g_assert_no_error (error);
  g_assert_nonnull (limn_weights_find (vae, "decoder.conv_norm_out.weight"));
  weights_test_remove (folder);
}

/* A U-Net without 1 × 1 convolutions around its attentions is none of Stable Diffusion 1.5. */
static void
test_set_part_of_another_family (void)
{
  const char       *shared = g_getenv ("LIMN_SHARED"), *tests = g_getenv ("LIMN_TEST_DATA");
  g_autofree char  *place = shared != NULL ? g_strdup (shared) : g_build_filename (tests != NULL ? tests : ".", "..", "..", "shared", NULL);
  g_autofree char  *base = g_build_filename (place, "goldens", "sd15", "model", NULL), *folder = NULL, *path = NULL;
  LimnEngineOptions options = { .threads = 1, .type = "f32", .device = "cpu" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LimnEngine) engine = NULL;
  g_autoptr (LimnModel) model = NULL;
  GByteArray   *file = NULL;
  gsize         size = 0;
  gconstpointer data;

  if (!g_file_test (base, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("reference models are not there; set LIMN_SHARED");
      return;
    }
  folder = weights_test_folder ();
  file = gguf_test_begin (3, 1, 0);
  gguf_test_put_tensor (file, "input_blocks.0.0.weight", 1, 32, GGUF_Q8_0, 0);
  bytes = gguf_test_finish (file, 32, 34);
  data = g_bytes_get_data (bytes, &size);
  path = weights_test_write (folder, "unet.gguf", data, (gssize) size);

  engine = limn_engine_new (&options, &error);
  g_assert_no_error (error);
  model = limn_model_open (engine, base, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (limn_model_set_part (model, "unet", path, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "another family"));
  weights_test_remove (folder);
}

/* --- views of blocks --------------------------------------------------------------------------------------------- */

static const LimnNameRule view_rules[] = {
  { .from = "two", .to = "first", .rows = 2, .row = 0 },
  { .from = "two", .to = "second", .rows = 2, .row = 1 },
  { .from = "cut", .to = "low", .rows = 2, .row = 0 },
  { .from = "cut", .to = "high", .rows = 2, .row = 1 },
  { .from = "turned", .to = "turned", .view = LIMN_NAME_TRANSPOSE },
  { 0 },
};

static const LimnNamePart view_parts[] = {
  { .part = "part", .prefixes = { "" }, .probe = "two", .rules = view_rules },
  { 0 },
};

static const LimnNameMap view_map = { .name = "a test", .parts = view_parts };

static float *
values_of (const LimnWeights *weights,
           const char        *name)
{
  const LimnWeight *weight = limn_weights_require (weights, name, NULL);
  float            *values;

  g_assert_nonnull (weight);
  values = g_new (float, weight->n_elements);
  limn_weight_to_f32 (weight, values);
  return values;
}

/* Bands of whole blocks stay blocks; bands that would cut blocks, and transposed ones, are floats. */
static void
test_views (void)
{
  static const gint64 cut_dims[] = { 4, 8 };
  GByteArray         *file = gguf_test_begin (3, 3, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LimnWeights) weights = NULL;
  g_autoptr (LimnWeights) view = NULL;
  g_autofree float *two = NULL, *second = NULL, *cut = NULL, *high = NULL, *turned = NULL, *back = NULL;

  gguf_test_put_shape (file, "cut", GGUF_INT32, 2, cut_dims);
  gguf_test_put_tensor (file, "two", 4, 32, GGUF_Q8_0, 0);
  gguf_test_put_tensor (file, "cut", 1, 32, GGUF_Q8_0, 160);
  gguf_test_put_tensor (file, "turned", 3, 32, GGUF_Q8_0, 224);
  bytes = gguf_test_finish (file, 32, 224 + 3 * 34);
  weights = gguf_test_read (bytes);
  view = limn_weights_renamed (weights, &view_map, "part", &error);
  g_assert_no_error (error);

  two = values_of (weights, "two");
  second = values_of (view, "second");
  g_assert_cmpint (limn_weights_find (view, "second")->type, ==, LIMN_Q8_0);
  g_assert_cmpmem (second, 64 * sizeof *second, two + 64, 64 * sizeof *two);

  cut = values_of (weights, "cut");
  high = values_of (view, "high");
  g_assert_cmpint (limn_weights_find (view, "high")->type, ==, LIMN_F32);
  g_assert_cmpint (limn_weights_find (view, "high")->dims[0], ==, 2);
  g_assert_cmpmem (high, 16 * sizeof *high, cut + 16, 16 * sizeof *cut);

  turned = values_of (view, "turned");
  back = values_of (weights, "turned");
  g_assert_cmpint (limn_weights_find (view, "turned")->dims[0], ==, 32);
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 32; c++)
      g_assert_cmpfloat (turned[c * 3 + r], ==, back[r * 32 + c]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gguf-names/told-by-its-bytes", test_told_by_its_bytes);
  g_test_add_func ("/gguf-names/only-file-of-a-folder", test_only_file_of_a_folder);
  g_test_add_func ("/gguf-names/naming", test_naming);
  g_test_add_func ("/gguf-names/set-part", test_set_part);
  g_test_add_func ("/gguf-names/set-part-of-another-family", test_set_part_of_another_family);
  g_test_add_func ("/gguf-names/views", test_views);
  return g_test_run ();
}
