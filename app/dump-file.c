/* Intermediate tensors of a generation as a safetensors file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dump-file.h"

#include "app/json-writer.h"
#include "app/safe-file.h"

#define ALIGNMENT 8

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (a, b);
}

static gsize
array_bytes (const LimnArray *array)
{
  return limn_shape_elements (array->shape) * sizeof (float);
}

static void
write_entry (LimnJsonWriter  *writer,
             const char      *name,
             const LimnArray *array,
             gsize            offset)
{
  const int dims[] = { array->shape.n, array->shape.h, array->shape.w, array->shape.c };

  limn_json_writer_open (writer, name, '{');
  limn_json_writer_string (writer, "dtype", "F32");
  limn_json_writer_open (writer, "shape", '[');
  for (gsize i = 0; i < G_N_ELEMENTS (dims); i++)
    limn_json_writer_integer (writer, NULL, dims[i]);
  limn_json_writer_close (writer, ']');
  limn_json_writer_open (writer, "data_offsets", '[');
  limn_json_writer_integer (writer, NULL, offset);
  limn_json_writer_integer (writer, NULL, offset + array_bytes (array));
  limn_json_writer_close (writer, ']');
  limn_json_writer_close (writer, '}');
}

static GString *
format_header (GList      *names,
               GHashTable *tensors)
{
  LimnJsonWriter writer;
  gsize          offset = 0;

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_json_writer_open (&writer, "__metadata__", '{');
  limn_json_writer_string (&writer, "layout", "nhwc");
  limn_json_writer_close (&writer, '}');
  for (GList *l = names; l != NULL; l = l->next)
    {
      const LimnArray *array = g_hash_table_lookup (tensors, l->data);

      write_entry (&writer, l->data, array, offset);
      offset += array_bytes (array);
    }
  limn_json_writer_close (&writer, '}');

  while (writer.text->len % ALIGNMENT != 0)
    g_string_append_c (writer.text, ' ');
  return writer.text;
}

gboolean
limn_dump_file_write (const char *path,
                      GHashTable *tensors,
                      GError    **error)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (tensors), compare_names);
  g_autoptr (GString) header = format_header (names, tensors);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  guint64 size = GUINT64_TO_LE ((guint64) header->len);

  g_byte_array_append (file, (const guint8 *) &size, sizeof size);
  g_byte_array_append (file, (const guint8 *) header->str, header->len);
  for (GList *l = names; l != NULL; l = l->next)
    {
      const LimnArray *array = g_hash_table_lookup (tensors, l->data);

      g_byte_array_append (file, (const guint8 *) array->data, array_bytes (array));
    }

  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&file));
  return limn_safe_file_write (path, bytes, TRUE, error);
}
