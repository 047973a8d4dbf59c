/* Safetensors: what is read, and every lie a file can tell.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/weights-test.h"

/* What is read */

static void
test_reads (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = weights_test_parse (
      "{\"__metadata__\":{\"format\":\"pt\",\"odd\":7},"
      "\"b.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[4,28]},"
      "\"ids\":{\"data_offsets\":[28,36],\"shape\":[1,1],\"dtype\":\"I64\"},"
      " \"a\\u00e9\\ud83d\\ude00\" : {\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[0,2]},"
      "\"empty\":{\"dtype\":\"BF16\",\"shape\":[0,9],\"data_offsets\":[2,2]},"
      "\"c\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[2,4],\"later\":[{\"x\":[1."
      "5e-3,null]}]}}   ",
      36, &error);
  const LimnWeight *b, *scalar;

  g_assert_no_error (error);
  g_assert_cmpuint (limn_weights_count (weights), ==, 4);
  for (gsize i = 1; i < 4; i++)
    g_assert_cmpstr (limn_weights_get (weights, i - 1)->name, <,
                     limn_weights_get (weights, i)->name);
  b = limn_weights_find (weights, "b.weight");
  g_assert_cmpint (b->type, ==, LIMN_F32);
  g_assert_cmpint (b->n_dims, ==, 2);
  g_assert_cmpint (b->dims[0], ==, 2);
  g_assert_cmpint (b->dims[1], ==, 3);
  g_assert_cmpuint (b->n_elements, ==, 6);
  g_assert_cmpuint (b->size, ==, 24);
  g_assert_cmpuint (b->data[0], ==, 4);
  scalar = limn_weights_find (weights, "aé😀");
  g_assert_cmpint (scalar->n_dims, ==, 0);
  g_assert_cmpuint (scalar->n_elements, ==, 1);
  g_assert_cmpuint (limn_weights_find (weights, "empty")->n_elements, ==, 0);
  g_assert_cmpstr (limn_weights_metadata (weights, "format"), ==, "pt");
  g_assert_null (limn_weights_metadata (weights, "odd"));
}

static void
test_missing_says_why (void)
{
  g_autoptr (LimnWeights) weights = weights_test_parse (
      "{\"ids\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, NULL);
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) type = NULL;

  g_assert_null (limn_weights_find (weights, "ids"));
  g_assert_null (limn_weights_require (weights, "x", &missing));
  weights_test_one_line (missing, LIMN_ENGINE_ERROR_FILE);
  g_assert_null (limn_weights_require (weights, "ids", &type));
  weights_test_one_line (type, LIMN_ENGINE_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (type->message, "F64"));
}

/* The data begin wherever the header ends: at an odd address in one of two lengths. */
static void
test_unaligned (void)
{
  for (int space = 0; space < 4; space++)
    {
      g_autofree char *header = g_strdup_printf (
          "{\"x\":{\"dtype\":\"F16\",\"shape\":[3000],\"data_offsets\":[0,6000]}}%*s", space,
          "");
      g_autoptr (LimnWeights) weights = weights_test_parse (header, 6000, NULL);
      const LimnWeight *x = limn_weights_find (weights, "x");
      g_autofree float *got = g_new (float, 3000);

      limn_weight_to_f32 (x, got);
      for (int i = 0; i < 3000; i++)
        {
          guint16 bits = (guint16) ((2 * i % 256) | ((2 * i + 1) % 256 << 8));
          float   want;

          limn_type_to_f32 (LIMN_F16, &bits, &want, 1);
          g_assert_cmpmem (&got[i], sizeof (float), &want, sizeof (float));
        }
      limn_weight_range_to_f32 (x, 2999, 1, got);
      g_assert_cmpfloat (got[0], !=, got[2998]);
    }
}

static void
test_subset_outlives (void)
{
  g_autoptr (LimnWeights) weights = weights_test_parse (
      "{\"a.x\":{\"dtype\":\"F8_E5M2\",\"shape\":[2],\"data_offsets\":[0,2]},"
      "\"a.y.z\":{\"dtype\":\"F8_E5M2\",\"shape\":[1],\"data_offsets\":[2,3]},"
      "\"ab\":{\"dtype\":\"F8_E5M2\",\"shape\":[1],\"data_offsets\":[3,4]}}",
      4, NULL);
  g_autoptr (LimnWeights) view = limn_weights_subset (weights, "a");

  g_clear_pointer (&weights, limn_weights_unref);
  g_assert_cmpuint (limn_weights_count (view), ==, 2);
  g_assert_cmpstr (limn_weights_get (view, 0)->name, ==, "x");
  g_assert_cmpuint (limn_weights_find (view, "y.z")->data[0], ==, 2);
}

/* Lies */

static const struct
{
  const char *name, *header;
  gsize       size;
  int         code;
} lies[] = {
  { "no object", "[]", 0, LIMN_ENGINE_ERROR_FILE },
  { "not ended", "{" WEIGHTS_TEST_X, 12, LIMN_ENGINE_ERROR_FILE },
  { "two values", "{" WEIGHTS_TEST_X "}{}", 12, LIMN_ENGINE_ERROR_FILE },
  { "comma at the end", "{" WEIGHTS_TEST_X ",}", 12, LIMN_ENGINE_ERROR_FILE },
  { "comma at the start", "{," WEIGHTS_TEST_X "}", 12, LIMN_ENGINE_ERROR_FILE },
  { "no comma", "{" WEIGHTS_TEST_X "\"y\":{}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "twice", "{" WEIGHTS_TEST_X "," WEIGHTS_TEST_X "}", 12, LIMN_ENGINE_ERROR_FILE },
  { "twice, other place", "{" WEIGHTS_TEST_X ",\"x\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[12,14]}}", 14, LIMN_ENGINE_ERROR_FILE },
  { "twice, left out", "{" WEIGHTS_TEST_X ",\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[12,13]}}", 13, LIMN_ENGINE_ERROR_FILE },
  { "twice left out", "{\"y\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"y\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", 2, LIMN_ENGINE_ERROR_FILE },
  { "short data", "{" WEIGHTS_TEST_X "}", 11, LIMN_ENGINE_ERROR_FILE },
  { "no data", "{" WEIGHTS_TEST_X "}", 0, LIMN_ENGINE_ERROR_FILE },
  { "trailing data", "{" WEIGHTS_TEST_X "}", 13, LIMN_ENGINE_ERROR_FILE },
  { "overlap", "{" WEIGHTS_TEST_X ",\"y\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[8,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "hole", "{" WEIGHTS_TEST_X ",\"y\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[14,16]}}", 16, LIMN_ENGINE_ERROR_FILE },
  { "hole at the start", "{\"y\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[2,4]}}", 4, LIMN_ENGINE_ERROR_FILE },
  { "reversed", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[12,0]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "outside", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[1000,1012]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "huge offsets", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[9223372036854775795,9223372036854775807]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "offset too long", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[0,18446744073709551628]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "negative offset", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[-12,0]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "three offsets", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[0,12,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "one offset", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "too small for its shape", "{\"x\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "too large for its shape", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "left out, wrong size", "{\"x\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "half a byte", "{\"x\":{\"dtype\":\"F4\",\"shape\":[25],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "product overflows to its size", "{\"x\":{\"dtype\":\"F16\",\"shape\":[4294967296,4294967296,6],\"data_offsets\":[0,0]}}", 0, LIMN_ENGINE_ERROR_FILE },
  { "bits overflow", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}", 0, LIMN_ENGINE_ERROR_FILE },
  { "dimension too long", "{\"x\":{\"dtype\":\"F16\",\"shape\":[99999999999999999999],\"data_offsets\":[0,0]}}", 0, LIMN_ENGINE_ERROR_FILE },
  { "negative dimensions", "{\"x\":{\"dtype\":\"F16\",\"shape\":[-2,-3],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "fraction", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2.0,3],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "exponent", "{\"x\":{\"dtype\":\"F16\",\"shape\":[6e0],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "leading zero", "{\"x\":{\"dtype\":\"F16\",\"shape\":[06],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "dimension is text", "{\"x\":{\"dtype\":\"F16\",\"shape\":[\"6\"],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "nine dimensions", "{\"x\":{\"dtype\":\"F16\",\"shape\":[6,1,1,1,1,1,1,1,1],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "unknown type", "{\"x\":{\"dtype\":\"F17\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_UNSUPPORTED },
  { "type with newline", "{\"x\":{\"dtype\":\"F\\n1\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_UNSUPPORTED },
  { "no type", "{\"x\":{\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "no shape", "{\"x\":{\"dtype\":\"F16\",\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "no offsets", "{\"x\":{\"dtype\":\"F16\",\"shape\":[0]}}", 0, LIMN_ENGINE_ERROR_FILE },
  { "tensor is a number", "{\"x\":6}", 0, LIMN_ENGINE_ERROR_FILE },
  { "name with zero", "{\"x\\u0000y\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "half a surrogate", "{\"\\ud800\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "bad escape", "{\"\\x41\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "newline in name", "{\"a\nb\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "not UTF-8", "{\"\xff\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "bad metadata", "{\"__metadata__\":[]," WEIGHTS_TEST_X "}", 12, LIMN_ENGINE_ERROR_FILE },
  { "bad number in metadata", "{\"__metadata__\":{\"a\":-}," WEIGHTS_TEST_X "}", 12, LIMN_ENGINE_ERROR_FILE },
};

static void
test_lies (void)
{
  g_autoptr (LimnWeights) truth = weights_test_parse ("{" WEIGHTS_TEST_X "}", 12, NULL);

  g_assert_nonnull (truth);
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnWeights) weights = weights_test_parse (lies[i].header, lies[i].size, &error);

      if (weights != NULL)
        g_error ("“%s” was believed", lies[i].name);
      weights_test_one_line (error, lies[i].code);
    }
}

static void
test_depth_bomb (void)
{
  g_autofree char *bomb = g_strnfill (1000000, '[');
  g_autofree char *header = g_strconcat ("{\"__metadata__\":{\"a\":", bomb, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (weights_test_parse (header, 0, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_FILE);
}

static void
test_header_length (void)
{
  static const guint64 lengths[] = {
    3, 0, 100000001, G_MAXUINT64, G_MAXUINT64 - 7, (guint64) 1 << 63
  };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint64 file[] = { GUINT64_TO_LE (lengths[i]), GUINT64_TO_LE (0x2020202020207d7b) };
      g_autoptr (GBytes) bytes = g_bytes_new (file, i == 0 ? 10 : sizeof file);
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_weights_new_from_bytes (bytes, &error));
      weights_test_one_line (error, LIMN_ENGINE_ERROR_FILE);
    }
}

static void
test_truncated_anywhere (void)
{
  g_autoptr (GBytes) whole = weights_test_bytes ("{" WEIGHTS_TEST_X "}", 12);

  for (gsize size = 0; size < g_bytes_get_size (whole); size++)
    {
      /* A copy, so that reading too far is seen. */
      g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (whole, NULL), size);
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_weights_new_from_bytes (part, &error));
      weights_test_one_line (error, LIMN_ENGINE_ERROR_FILE);
    }
}

static void
test_random_damage (void)
{
  g_autoptr (GBytes) whole = weights_test_bytes (
      "{\"__metadata__\":{\"format\":\"pt\"}," WEIGHTS_TEST_X
      ",\"y\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[12,20]},"
      "\"z\\n\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[20,24]}}",
      24);
  gsize         size = 0, believed = 0;
  const guint8 *data = g_bytes_get_data (whole, &size);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (int round = 0; round < 20000; round++)
    {
      guint8 *copy = g_memdup2 (data, size);
      gsize   length = round % 4 == 0 ? (gsize) g_rand_int_range (random, 0, (gint32) size) : size;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnWeights) weights = NULL;

      for (int flips = g_rand_int_range (random, 1, 4); flips > 0; flips--)
        copy[g_rand_int_range (random, 0, (gint32) size)] = round % 2
                                                                ? (guint8) g_rand_int_range (random, 0, 256)
                                                                : (guint8) "0123456789{}[]\",:-eE.\\un "[g_rand_int_range (random, 0, 25)];
      bytes = g_bytes_new (copy, length);
      g_free (copy);
      weights = limn_weights_new_from_bytes (bytes, &error);
      g_assert_true ((weights == NULL) == (error != NULL));
      if (error != NULL)
        weights_test_one_line (error, error->code);
      else
        weights_test_use (weights);
      believed += weights != NULL;
    }
  /* Damage to names and data cannot be seen; damage to anything else must be. */
  g_assert_cmpuint (believed, >, 100);
  g_assert_cmpuint (believed, <, 10000);
}

/* As many tensors as Stable Diffusion 1.5 has, and more: must take milliseconds, not more than linear time. */
static void
test_many (void)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = NULL;
  gint64 start;

  for (int i = 0; i < 20000; i++)
    g_string_append_printf (header,
                            "%s\"model.diffusion_model.input_blocks.%d.1.transformer_blocks.0.attn2.to_out.0.weight\":"
                            "{\"dtype\":\"F16\",\"shape\":[1,2,1,1],\"data_offsets\":[%d,%d]}",
                            i > 0 ? "," : "",
                            i,
                            4 * i,
                            4 * i + 4);
  g_string_append_c (header, '}');
  start = g_get_monotonic_time ();
  weights = weights_test_parse (header->str, 80000, &error);
  g_test_message ("20000 tensors in %.1f ms", (double) (g_get_monotonic_time () - start) / 1e3);
  g_assert_no_error (error);
  g_assert_cmpuint (limn_weights_count (weights), ==, 20000);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2000000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/reads", test_reads);
  g_test_add_func ("/safetensors/missing-says-why", test_missing_says_why);
  g_test_add_func ("/safetensors/unaligned", test_unaligned);
  g_test_add_func ("/safetensors/subset-outlives", test_subset_outlives);
  g_test_add_func ("/safetensors/lies", test_lies);
  g_test_add_func ("/safetensors/depth-bomb", test_depth_bomb);
  g_test_add_func ("/safetensors/header-length", test_header_length);
  g_test_add_func ("/safetensors/truncated-anywhere", test_truncated_anywhere);
  g_test_add_func ("/safetensors/random-damage", test_random_damage);
  g_test_add_func ("/safetensors/many", test_many);
  return g_test_run ();
}
