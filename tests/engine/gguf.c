/* GGUF files: what is read of them, and what is refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/gguf-test.h"
#include "tests/engine/weights-test.h"

static void
assert_refused (GBytes     *bytes,
                int         code,
                const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = limn_weights_new_from_bytes (bytes, &error);

  g_assert_null (weights);
  weights_test_one_line (error, code);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static void
test_reads (void)
{
  GgufTestMarks marks;
  g_autoptr (GBytes) bytes = gguf_test_whole (&marks);
  g_autoptr (LimnWeights) weights = gguf_test_read (bytes);
  const LimnWeight *q = limn_weights_find (weights, "q"), *f = limn_weights_find (weights, "f");
  float             values[128];

  g_assert_cmpuint (limn_weights_count (weights), ==, 2);
  g_assert_cmpint (q->type, ==, LIMN_Q8_0);
  g_assert_cmpint (q->n_dims, ==, 2);
  g_assert_cmpint (q->dims[0], ==, 2);
  g_assert_cmpint (q->dims[1], ==, 64);
  g_assert_cmpuint (q->n_elements, ==, 128);
  g_assert_cmpuint (q->size, ==, 4 * 34);
  g_assert_cmpuint (q->data[0], ==, 64);
  g_assert_cmpint (f->dims[0], ==, 3);
  g_assert_cmpint (f->dims[1], ==, 2);
  g_assert_cmpuint (f->data[0], ==, 0);
  limn_weight_to_f32 (q, values);
  /* The scale's bytes are 64 and 65: 2.5 + 2⁻³; the first number is 66. */
  g_assert_cmpfloat (values[0], ==, 66 * 2.625f);
  g_assert_cmpstr (limn_weights_metadata (weights, "general.name"), ==, "A näme");
  g_assert_null (limn_weights_metadata (weights, "tokens"));
}

static void
test_skipped_says_why (void)
{
  GgufTestMarks marks;
  g_autoptr (GBytes) bytes = gguf_test_whole (&marks);
  g_autoptr (LimnWeights) weights = gguf_test_read (bytes);
  g_autoptr (GError) error = NULL;

  g_assert_null (limn_weights_require (weights, "i", &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "I64"));
}

/* Without an alignment it is 32; version 2 has the same layout. */
static void
test_defaults (void)
{
  GByteArray *file = gguf_test_begin (2, 1, 0);

  gguf_test_put_tensor (file, "x", 1, 2, GGUF_F32, 32);
  {
    g_autoptr (GBytes) bytes = gguf_test_finish (file, 32, 40);
    g_autoptr (LimnWeights) weights = gguf_test_read (bytes);

    g_assert_cmpuint (limn_weights_get (weights, 0)->data[0], ==, 32);
  }
}

static void
test_truncated_anywhere (void)
{
  GgufTestMarks marks;
  g_autoptr (GBytes) whole = gguf_test_whole (&marks);

  for (gsize size = 0; size < g_bytes_get_size (whole); size++)
    {
      /* A copy, so that reading too far is seen. */
      g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (whole, NULL), size);

      assert_refused (part, LIMN_ENGINE_ERROR_FILE, "");
    }
}

static void
test_lies (void)
{
  GgufTestMarks marks;
  g_autoptr (GBytes) whole = gguf_test_whole (&marks);
  const struct
  {
    guint       at;
    int         bytes;
    guint64     value;
    int         code;
    const char *says;
  } lies[] = {
    { marks.version, 4, 0, LIMN_ENGINE_ERROR_UNSUPPORTED, "version 0" },
    { marks.version, 4, 1, LIMN_ENGINE_ERROR_UNSUPPORTED, "version 1" },
    { marks.version, 4, 4, LIMN_ENGINE_ERROR_UNSUPPORTED, "version 4" },
    { marks.version, 4, 0x03000000, LIMN_ENGINE_ERROR_UNSUPPORTED, "big-endian" },
    { marks.n_tensors, 8, 4, LIMN_ENGINE_ERROR_FILE, "" },
    { marks.n_tensors, 8, G_MAXUINT64, LIMN_ENGINE_ERROR_FILE, "tensors, which it cannot" },
    { marks.n_tensors, 8, 1000, LIMN_ENGINE_ERROR_FILE, "tensors, which it cannot" },
    { marks.n_values, 8, 15, LIMN_ENGINE_ERROR_FILE, "" },
    { marks.n_values, 8, G_MAXUINT64, LIMN_ENGINE_ERROR_FILE, "values, which it cannot" },
    { marks.key, 8, 0, LIMN_ENGINE_ERROR_FILE, "key" },
    { marks.key, 8, G_MAXUINT64, LIMN_ENGINE_ERROR_FILE, "ends inside" },
    { marks.key + 8, 1, 0, LIMN_ENGINE_ERROR_FILE, "key" },
    { marks.key + 8, 1, 0xff, LIMN_ENGINE_ERROR_FILE, "key" },
    { marks.alignment_type, 4, 13, LIMN_ENGINE_ERROR_FILE, "type" },
    { marks.alignment_type, 4, GGUF_FLOAT32, LIMN_ENGINE_ERROR_FILE, "power of two" },
    { marks.alignment, 4, 0, LIMN_ENGINE_ERROR_FILE, "power of two" },
    { marks.alignment, 4, 48, LIMN_ENGINE_ERROR_FILE, "power of two" },
    { marks.alignment, 4, 1U << 31, LIMN_ENGINE_ERROR_FILE, "power of two" },
    { marks.alignment, 4, 512, LIMN_ENGINE_ERROR_FILE, "" },
    { marks.text, 8, G_MAXUINT64 - 7, LIMN_ENGINE_ERROR_FILE, "ends inside" },
    { marks.array_item, 4, 77, LIMN_ENGINE_ERROR_FILE, "type" },
    { marks.array_item, 4, GGUF_FLOAT64, LIMN_ENGINE_ERROR_FILE, "" },
    { marks.array_count, 8, G_MAXUINT64, LIMN_ENGINE_ERROR_FILE, "" },
    { marks.array_count, 8, (guint64) 1 << 61, LIMN_ENGINE_ERROR_FILE, "" },
    { marks.name, 8, 0, LIMN_ENGINE_ERROR_FILE, "proper name" },
    { marks.name, 8, 5000, LIMN_ENGINE_ERROR_FILE, "ends inside" },
    { marks.name + 8, 1, 'f', LIMN_ENGINE_ERROR_FILE, "twice" },
    { marks.name + 8, 1, 'i', LIMN_ENGINE_ERROR_FILE, "twice" },
    { marks.n_dims, 4, 9, LIMN_ENGINE_ERROR_FILE, "too many dimensions" },
    { marks.n_dims, 4, G_MAXUINT32, LIMN_ENGINE_ERROR_FILE, "too many dimensions" },
    { marks.columns, 8, 63, LIMN_ENGINE_ERROR_FILE, "whole blocks" },
    { marks.columns, 8, 96, LIMN_ENGINE_ERROR_FILE, "over another" },
    { marks.columns, 8, (guint64) 1 << 63, LIMN_ENGINE_ERROR_FILE, "impossibly large" },
    { marks.rows, 8, (guint64) 1 << 62, LIMN_ENGINE_ERROR_FILE, "impossibly large" },
    { marks.rows, 8, (guint64) 1 << 57, LIMN_ENGINE_ERROR_FILE, "outside" },
    { marks.type, 4, 4, LIMN_ENGINE_ERROR_UNSUPPORTED, "number 4" },
    { marks.type, 4, 16, LIMN_ENGINE_ERROR_UNSUPPORTED, "IQ2_XXS" },
    { marks.type, 4, G_MAXUINT32, LIMN_ENGINE_ERROR_UNSUPPORTED, "not known" },
    { marks.type, 4, GGUF_Q4_K, LIMN_ENGINE_ERROR_FILE, "whole blocks" },
    { marks.offset, 8, 65, LIMN_ENGINE_ERROR_FILE, "alignment" },
    { marks.offset, 8, 0, LIMN_ENGINE_ERROR_FILE, "over another" },
    { marks.offset, 8, 192, LIMN_ENGINE_ERROR_FILE, "outside" },
    { marks.offset, 8, G_MAXUINT64 - 63, LIMN_ENGINE_ERROR_FILE, "outside" },
    { marks.offset2, 8, 320, LIMN_ENGINE_ERROR_FILE, "outside" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      gsize   size = g_bytes_get_size (whole);
      guint8 *copy = g_memdup2 (g_bytes_get_data (whole, NULL), size);
      g_autoptr (GBytes) bytes = NULL;

      for (int k = 0; k < lies[i].bytes; k++)
        copy[lies[i].at + (guint) k] = (guint8) (lies[i].value >> 8 * k);
      bytes = g_bytes_new_take (copy, size);
      assert_refused (bytes, lies[i].code, lies[i].says);
    }
}

static void
test_keys_twice (void)
{
  GByteArray *file = gguf_test_begin (3, 0, 2);

  for (int i = 0; i < 2; i++)
    {
      gguf_test_put_value (file, "general.name", GGUF_STRING);
      gguf_test_put_text (file, "x");
    }
  {
    g_autoptr (GBytes) bytes = gguf_test_finish (file, 1, 0);

    assert_refused (bytes, LIMN_ENGINE_ERROR_FILE, "twice");
  }
}

static void
test_arrays_in_arrays (void)
{
  GByteArray *file = gguf_test_begin (3, 0, 1);

  gguf_test_put_value (file, "deep", GGUF_ARRAY);
  for (int i = 0; i < 100000; i++)
    {
      gguf_test_put (file, GGUF_ARRAY, 4);
      gguf_test_put (file, 1, 8);
    }
  {
    g_autoptr (GBytes) bytes = gguf_test_finish (file, 1, 0);

    assert_refused (bytes, LIMN_ENGINE_ERROR_FILE, "arrays in arrays");
  }
}

static void
test_pieces (void)
{
  for (guint64 pieces = 1; pieces <= 2; pieces++)
    {
      GByteArray *file = gguf_test_begin (3, 0, 1);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (LimnWeights) weights = NULL;

      gguf_test_put_value (file, "split.count", GGUF_UINT16);
      gguf_test_put (file, pieces, 2);
      bytes = gguf_test_finish (file, 1, 0);
      if (pieces == 1)
        weights = gguf_test_read (bytes);
      else
        assert_refused (bytes, LIMN_ENGINE_ERROR_UNSUPPORTED, "one of 2 pieces");
    }
}

/* Not kept, but read over: nothing here needs a long text, and what is no text cannot be shown. */
static void
test_odd_texts (void)
{
  g_autofree char *text = g_strnfill (100000, 'x');
  GByteArray      *file = gguf_test_begin (3, 0, 3);

  gguf_test_put_value (file, "long", GGUF_STRING);
  gguf_test_put_text (file, text);
  gguf_test_put_value (file, "odd", GGUF_STRING);
  gguf_test_put_text (file, "\xff\xfe");
  gguf_test_put_value (file, "after", GGUF_STRING);
  gguf_test_put_text (file, "kept");
  {
    g_autoptr (GBytes) bytes = gguf_test_finish (file, 1, 0);
    g_autoptr (LimnWeights) weights = gguf_test_read (bytes);

    g_assert_null (limn_weights_metadata (weights, "long"));
    g_assert_null (limn_weights_metadata (weights, "odd"));
    g_assert_cmpstr (limn_weights_metadata (weights, "after"), ==, "kept");
  }
}

/* --- original shapes --------------------------------------------------------------------------------------------- */

/* A convolution [4, 64, 3, 3] stored as rows of 256. */
static GBytes *
reshaped_file (int           type,
               int           n,
               const gint64 *dims)
{
  GByteArray *file = gguf_test_begin (3, 1, 1);

  gguf_test_put_shape (file, "c", type, n, dims);
  gguf_test_put_tensor (file, "c", 9, 256, GGUF_Q4_K, 0);
  return gguf_test_finish (file, 32, 9 * 144);
}

static void
test_original_shape (void)
{
  static const gint64 dims[] = { 4, 64, 3, 3 };
  static const int    types[] = { GGUF_INT32, GGUF_INT64, GGUF_UINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GBytes) bytes = reshaped_file (types[i], 4, dims);
      g_autoptr (LimnWeights) weights = gguf_test_read (bytes);
      const LimnWeight *c = limn_weights_get (weights, 0);

      g_assert_cmpint (c->n_dims, ==, 4);
      for (int d = 0; d < 4; d++)
        g_assert_cmpint (c->dims[d], ==, dims[d]);
      g_assert_cmpuint (c->n_elements, ==, 4 * 64 * 9);
      g_assert_cmpuint (c->size, ==, 9 * 144);
      weights_test_use (weights);
    }
}

static void
test_original_shape_lies (void)
{
  static const struct
  {
    int         type, n;
    gint64      dims[9];
    const char *says;
  } lies[] = {
    { GGUF_INT32, 4, { 4, 64, 3, 4 }, "another original shape" },
    { GGUF_INT32, 4, { 4, 64, -3, -3 }, "something else" },
    { GGUF_INT64, 2, { G_MAXINT64, G_MAXINT64 }, "impossibly large" },
    { GGUF_INT64, 3, { (gint64) 1 << 32, (gint64) 1 << 32, 2304 }, "impossibly large" },
    { GGUF_UINT64, 2, { -1, 1 }, "something else" },
    { GGUF_FLOAT64, 2, { 48, 48 }, "something else" },
    { GGUF_INT64, 9, { 4, 64, 3, 3, 1, 1, 1, 1, 1 }, "too many" },
    { GGUF_INT32, 0, { 0 }, "another original shape" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autoptr (GBytes) bytes = reshaped_file (lies[i].type, lies[i].n, lies[i].dims);

      assert_refused (bytes, LIMN_ENGINE_ERROR_FILE, lies[i].says);
    }
}

/* --- damage ------------------------------------------------------------------------------------------------------ */

static void
test_random_damage (void)
{
  static const guint8 likely[] = { 0, 1, 2, 8, 9, 64, 127, 128, 255 };
  GgufTestMarks       marks;
  g_autoptr (GBytes) whole = gguf_test_whole (&marks);
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
        copy[g_rand_int_range (random, 4, (gint32) size)] = round % 2 ? (guint8) g_rand_int_range (random, 0, 256)
                                                                      : likely[g_rand_int_range (random, 0, G_N_ELEMENTS (likely))];
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
  /* Damage to names, values and data cannot be seen; damage to anything else must be. */
  g_assert_cmpuint (believed, >, 1000);
  g_assert_cmpuint (believed, <, 15000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gguf/reads", test_reads);
  g_test_add_func ("/gguf/skipped-says-why", test_skipped_says_why);
  g_test_add_func ("/gguf/defaults", test_defaults);
  g_test_add_func ("/gguf/truncated-anywhere", test_truncated_anywhere);
  g_test_add_func ("/gguf/lies", test_lies);
  g_test_add_func ("/gguf/keys-twice", test_keys_twice);
  g_test_add_func ("/gguf/arrays-in-arrays", test_arrays_in_arrays);
  g_test_add_func ("/gguf/pieces", test_pieces);
  g_test_add_func ("/gguf/odd-texts", test_odd_texts);
  g_test_add_func ("/gguf/original-shape", test_original_shape);
  g_test_add_func ("/gguf/original-shape-lies", test_original_shape_lies);
  g_test_add_func ("/gguf/random-damage", test_random_damage);
  return g_test_run ();
}
