/* What the tests of adapters share: tensors of random numbers, as a safetensors file in memory or in a folder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/tensors-test.h"

static gsize
elements_of (const TestTensor *tensor)
{
  gsize n = 1;

  for (int d = 0; d < tensor->n_dims; d++)
    n *= (gsize) tensor->dims[d];
  return n;
}

static void
append_entry (GString          *header,
              const TestTensor *tensor,
              gsize             at)
{
  g_string_append_printf (header, "%s\"%s\":{\"dtype\":\"F32\",\"shape\":[", header->len > 1 ? "," : "", tensor->name);
  for (int d = 0; d < tensor->n_dims; d++)
    g_string_append_printf (header, "%s%d", d > 0 ? "," : "", tensor->dims[d]);
  g_string_append_printf (header, "],\"data_offsets\":[%zu,%zu]}", 4 * at, 4 * (at + elements_of (tensor)));
}

GBytes *
tensors_test_file (const TestTensor *tensors,
                   gsize             n)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  GByteArray *file = g_byte_array_new ();
  guint64     length;
  gsize       at = 0;

  for (gsize i = 0; i < n; at += elements_of (&tensors[i++]))
    append_entry (header, &tensors[i], at);
  g_string_append_c (header, '}');
  length = GUINT64_TO_LE (header->len);
  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header->str, header->len);
  for (gsize i = 0; i < at; i++)
    {
      float value = (float) g_rand_double_range (random, -1, 1);

      g_byte_array_append (file, (const guint8 *) &value, sizeof value);
    }
  return g_byte_array_free_to_bytes (file);
}

LimnWeights *
tensors_test_weights (const TestTensor *tensors,
                      gsize             n)
{
  g_autoptr (GBytes) file = tensors_test_file (tensors, n);
  g_autoptr (GError) error = NULL;
  LimnWeights *weights = limn_weights_new_from_bytes (file, &error);

  g_assert_no_error (error);
  return weights;
}

GBytes *
tensors_test_with (GBytes      *file,
                   const char  *name,
                   const float *values,
                   gsize        n)
{
  g_autoptr (LimnWeights) weights = limn_weights_new_from_bytes (file, NULL);
  const LimnWeight *weight = limn_weights_find (weights, name);
  gsize             size = 0;
  const guint8     *data = g_bytes_get_data (file, &size);
  guint8           *copy = g_memdup2 (data, size);

  g_assert_nonnull (weight);
  g_assert_cmpuint (weight->n_elements, ==, n);
  memcpy (copy + (weight->data - data), values, n * sizeof *values);
  return g_bytes_new_take (copy, size);
}

float *
tensors_test_floats (const LimnWeights *weights,
                     const char        *name)
{
  const LimnWeight *weight = limn_weights_find (weights, name);
  float            *floats;

  g_assert_nonnull (weight);
  floats = g_new (float, weight->n_elements);
  limn_weight_to_f32 (weight, floats);
  return floats;
}
