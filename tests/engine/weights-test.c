/* What the tests of weights share: small safetensors files, in memory and in a folder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/weights-test.h"

#include <glib/gstdio.h>

/* (transfer full): a file of @header and @size bytes of data: 0, 1, 2, … */
GBytes *
weights_test_bytes (const char *header,
                    gsize       size)
{
  GByteArray *file = g_byte_array_new ();
  guint64     length = GUINT64_TO_LE (strlen (header));

  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header, strlen (header));
  for (gsize i = 0; i < size; i++)
    g_byte_array_append (file, &(guint8){ (guint8) i }, 1);
  return g_byte_array_free_to_bytes (file);
}

LimnWeights *
weights_test_parse (const char *header,
                    gsize       size,
                    GError    **error)
{
  g_autoptr (GBytes) file = weights_test_bytes (header, size);

  return limn_weights_new_from_bytes (file, error);
}

void
weights_test_one_line (const GError *error,
                       int           code)
{
  g_assert_error (error, LIMN_ENGINE_ERROR, code);
  g_assert_cmpuint (strlen (error->message), >, 15);
  g_assert_null (strchr (error->message, '\n'));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

char *
weights_test_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("limn-safetensors-XXXXXX", &error);

  g_assert_no_error (error);
  return path;
}

void
weights_test_remove (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_cmpint (g_unlink (file), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

char *
weights_test_write (const char *folder,
                    const char *name,
                    const void *data,
                    gssize      size)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (folder, name, NULL);

  g_file_set_contents (path, data, size, &error);
  g_assert_no_error (error);
  return path;
}

char *
weights_test_write_tensors (const char *folder,
                            const char *name,
                            const char *header,
                            gsize       size)
{
  g_autoptr (GBytes) file = weights_test_bytes (header, size);
  gsize         length = 0;
  gconstpointer data = g_bytes_get_data (file, &length);

  return weights_test_write (folder, name, data, (gssize) length);
}

void
weights_test_open_fails (const char *path,
                         int         code,
                         const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = limn_weights_open (path, &error);

  g_assert_null (weights);
  weights_test_one_line (error, code);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
}

/* Touches all that a reader believed. */
void
weights_test_use (const LimnWeights *weights)
{
  for (gsize i = 0; i < limn_weights_count (weights); i++)
    {
      const LimnWeight *weight = limn_weights_get (weights, i);
      g_autofree float *to = g_new (float, weight->n_elements + 1);

      g_assert_true (limn_weights_find (weights, weight->name) == weight);
      limn_weight_to_f32 (weight, to);
    }
}
