/* Hostile files: what targets share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include <glib/gstdio.h>

#define MARK "=== "
#define MAX_FILES 16

/* Numbers read from either end of a tensor. */
#define ENDS 600

/* Bytes of all tensors of a made file. */
#define MAX_MADE (1 << 20)

static GBytes *
with_length (const char   *header,
             gsize         length,
             const guint8 *data,
             gsize         size)
{
  GByteArray *file = g_byte_array_new ();
  guint64     little = GUINT64_TO_LE ((guint64) length);

  g_byte_array_append (file, (const guint8 *) &little, sizeof little);
  g_byte_array_append (file, (const guint8 *) header, length);
  g_byte_array_append (file, data, size);
  return g_byte_array_free_to_bytes (file);
}

/* Adds the tensor of one line to @header; its numbers are the bytes from @at on. */
static gsize
add_line (GString    *header,
          const char *prefix,
          const char *line,
          gsize       at)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 9);
  g_autofree char *full = g_strconcat (prefix, words[0], NULL), *name = g_strescape (full, NULL);
  guint64          elements = 1, dim;
  gsize            length = header->len;

  if (line[0] == '\0' || strchr (name, '\\') != NULL)
    return at;
  g_string_append_printf (header, "%s\"%s\":{\"dtype\":\"F16\",\"shape\":[", length > 1 ? "," : "", name);
  for (int i = 1; words[i] != NULL && elements > 0; i++)
    {
      if (!g_ascii_string_to_unsigned (words[i], 10, 0, MAX_MADE, &dim, NULL))
        dim = 1;
      elements *= dim;
      if (elements > (MAX_MADE - at) / 2)
        elements = 0;
      g_string_append_printf (header, "%s%" G_GUINT64_FORMAT, i > 1 ? "," : "", dim);
    }
  g_string_append_printf (header, "],\"data_offsets\":[%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT "]}", at, at + (gsize) elements * 2);
  if (elements == 0)
    g_string_truncate (header, length);
  return at + (gsize) elements * 2;
}

static GBytes *
make_weights (const char *text,
              gsize       size)
{
  g_autofree char *copy = g_strndup (text, size);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", 0);
  g_autoptr (GString) header = g_string_new ("{");
  g_autofree guint8 *data = NULL;
  const char        *prefix = "";
  gsize              at = 0;

  for (int i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    if (lines[i][0] == '>')
      prefix = lines[i] + 1;
    else
      at = add_line (header, prefix, lines[i], at);
  g_string_append_c (header, '}');
  data = g_malloc (at + 1);
  for (gsize i = 0; i < at; i++)
    data[i] = (guint8) (i * 5 % 60);
  return with_length (header->str, header->len, data, at);
}

GBytes *
fuzz_weights_bytes (const guint8 *data,
                    gsize         size)
{
  const guint8 *zero = size > 0 ? memchr (data, '\0', size) : NULL;
  gsize         header = zero != NULL ? (gsize) (zero - data) : size;

  if (size > 0 && data[0] == '@')
    return make_weights ((const char *) data, size);
  if (size == 0 || data[0] != '{')
    return g_bytes_new (data, size);
  return with_length ((const char *) data, header, zero != NULL ? zero + 1 : data + size, zero != NULL ? size - header - 1 : 0);
}

void
fuzz_use_weights (const LimnWeights *weights)
{
  float numbers[ENDS];

  for (gsize i = 0; i < limn_weights_count (weights); i++)
    {
      const LimnWeight *weight = limn_weights_get (weights, i);
      gsize             n = MIN (weight->n_elements, ENDS);

      g_assert_true (g_utf8_validate (weight->name, -1, NULL));
      g_assert_true (limn_weights_find (weights, weight->name) == weight);
      limn_weight_range_to_f32 (weight, 0, n, numbers);
      limn_weight_range_to_f32 (weight, weight->n_elements - n, n, numbers);
      limn_weights_release_pages (weights, weight);
    }
}

/* Where the next file begins: a mark at the start of a line. */
static const char *
find_mark (const char *at,
           const char *end)
{
  for (const char *line = at; line != NULL && end - line > (gssize) strlen (MARK); line = memchr (line, '\n', end - line))
    {
      line += *line == '\n';
      if ((gsize) (end - line) > strlen (MARK) && memcmp (line, MARK, strlen (MARK)) == 0)
        return line;
    }
  return NULL;
}

/* Lower-case names in at most one folder: nothing leads out of ours. */
static gboolean
is_safe (const char *name)
{
  const char *slash = strchr (name, '/');

  return strlen (name) < 80 && name[0] != '\0' && name[0] != '.' && name[0] != '/' && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_-./") == strlen (name)
         && (slash == NULL || (slash[1] != '\0' && slash[1] != '.' && strchr (slash + 1, '/') == NULL));
}

static void
write_file (const char *folder,
            const char *name,
            const char *text,
            gsize       size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GBytes) bytes = NULL;

  g_mkdir (parent, 0700);
  if (g_str_has_suffix (name, ".safetensors"))
    bytes = fuzz_weights_bytes ((const guint8 *) text, size);
  else
    bytes = g_bytes_new (text, size);
  g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

char *
fuzz_unpack (const guint8 *data,
             gsize         size)
{
  char       *folder = g_dir_make_tmp ("limn-fuzz-XXXXXX", NULL);
  const char *end = (const char *) data + size, *mark = find_mark ((const char *) data, end);

  g_assert_nonnull (folder);
  for (int i = 0; mark != NULL && i < MAX_FILES; i++)
    {
      const char      *name = mark + strlen (MARK), *line = memchr (name, '\n', end - name);
      const char      *text = line != NULL ? line + 1 : end;
      g_autofree char *copy = g_strndup (name, (line != NULL ? line : end) - name);

      mark = find_mark (text, end);
      if (is_safe (copy))
        write_file (folder, copy, text, (mark != NULL ? mark : end) - text);
    }
  return folder;
}

static void
remove_inside (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_unlink (path) != 0)
        remove_inside (path);
    }
  g_rmdir (folder);
}

void
fuzz_remove (char *path)
{
  remove_inside (path);
  g_free (path);
}

void
fuzz_check_error (gboolean       failed,
                  GError *const *error)
{
  g_assert_cmpint (failed, ==, *error != NULL);
  if (*error == NULL)
    return;
  g_assert_true (g_utf8_validate ((*error)->message, -1, NULL));
  g_assert_null (strchr ((*error)->message, '\n'));
}
