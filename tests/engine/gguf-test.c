/* What the tests of GGUF files share: writing them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/gguf-test.h"

void
gguf_test_put (GByteArray *file,
               guint64     value,
               int         bytes)
{
  for (int i = 0; i < bytes; i++)
    g_byte_array_append (file, &(guint8){ (guint8) (value >> 8 * i) }, 1);
}

void
gguf_test_put_text (GByteArray *file,
                    const char *text)
{
  gguf_test_put (file, strlen (text), 8);
  g_byte_array_append (file, (const guint8 *) text, (guint) strlen (text));
}

void
gguf_test_put_value (GByteArray *file,
                     const char *key,
                     int         type)
{
  gguf_test_put_text (file, key);
  gguf_test_put (file, (guint64) type, 4);
}

void
gguf_test_put_shape (GByteArray   *file,
                     const char   *tensor,
                     int           type,
                     int           n,
                     const gint64 *dims)
{
  g_autofree char *key = g_strconcat ("comfy.gguf.orig_shape.", tensor, NULL);

  gguf_test_put_value (file, key, GGUF_ARRAY);
  gguf_test_put (file, (guint64) type, 4);
  gguf_test_put (file, (guint64) n, 8);
  for (int i = 0; i < n; i++)
    gguf_test_put (file, (guint64) dims[i], type == GGUF_INT32 ? 4 : 8);
}

GByteArray *
gguf_test_begin (int version,
                 int n_tensors,
                 int n_values)
{
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) "GGUF", 4);
  gguf_test_put (file, (guint64) version, 4);
  gguf_test_put (file, (guint64) n_tensors, 8);
  gguf_test_put (file, (guint64) n_values, 8);
  return file;
}

/* A tensor of two dimensions, [@rows, @columns] as everybody else writes it. */
void
gguf_test_put_tensor (GByteArray *file,
                      const char *name,
                      gint64      rows,
                      gint64      columns,
                      int         type,
                      guint64     offset)
{
  gguf_test_put_text (file, name);
  gguf_test_put (file, 2, 4);
  gguf_test_put (file, (guint64) columns, 8);
  gguf_test_put (file, (guint64) rows, 8);
  gguf_test_put (file, (guint64) type, 4);
  gguf_test_put (file, offset, 8);
}

/* Padding, and data: 0, 1, 2, … */
GBytes *
gguf_test_finish (GByteArray *file,
                  gsize       alignment,
                  gsize       size)
{
  while (file->len % alignment != 0)
    gguf_test_put (file, 0xee, 1);
  for (gsize i = 0; i < size; i++)
    gguf_test_put (file, i, 1);
  return g_byte_array_free_to_bytes (file);
}

LimnWeights *
gguf_test_read (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  LimnWeights *weights = limn_weights_new_from_bytes (bytes, &error);

  g_assert_no_error (error);
  return weights;
}

/* A file with a value of every type, and three tensors. */
GBytes *
gguf_test_whole (GgufTestMarks *marks)
{
  static const int sizes[] = { 1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8 };
  GByteArray      *file = gguf_test_begin (3, 3, 14);

  *marks = (GgufTestMarks){ .version = 4, .n_tensors = 8, .n_values = 16, .key = 24 };
  gguf_test_put_value (file, "general.alignment", GGUF_UINT32);
  marks->alignment_type = file->len - 4;
  marks->alignment = file->len;
  gguf_test_put (file, 64, 4);
  for (int type = GGUF_UINT8; type <= GGUF_FLOAT64; type++)
    {
      g_autofree char *key = g_strdup_printf ("a.value.%d", type);

      if (type == GGUF_STRING || type == GGUF_ARRAY)
        continue;
      gguf_test_put_value (file, key, type);
      gguf_test_put (file, 1, sizes[type]);
    }
  gguf_test_put_value (file, "general.name", GGUF_STRING);
  marks->text = file->len;
  gguf_test_put_text (file, "A näme");
  gguf_test_put_value (file, "tokens", GGUF_ARRAY);
  marks->array_item = file->len;
  gguf_test_put (file, GGUF_ARRAY, 4);
  marks->array_count = file->len + 0;
  gguf_test_put (file, 2, 8);
  gguf_test_put (file, GGUF_STRING, 4);
  gguf_test_put (file, 2, 8);
  gguf_test_put_text (file, "one");
  gguf_test_put_text (file, "");
  gguf_test_put (file, GGUF_UINT16, 4);
  gguf_test_put (file, 3, 8);
  gguf_test_put (file, 0, 6);

  marks->name = file->len;
  marks->n_dims = file->len + 8 + 1;
  marks->columns = marks->n_dims + 4;
  marks->rows = marks->columns + 8;
  marks->type = marks->rows + 8;
  marks->offset = marks->type + 4;
  gguf_test_put_tensor (file, "q", 2, 64, GGUF_Q8_0, 64);
  gguf_test_put_tensor (file, "i", 1, 2, GGUF_I64, 256);
  marks->offset2 = file->len - 8;
  gguf_test_put_tensor (file, "f", 3, 2, GGUF_F32, 0);
  return gguf_test_finish (file, 64, 256 + 16);
}
