/* Writes EXIF: two tables with nothing but texts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/exif.h"

#include <string.h>

#include "app/picture-file.h"
#include "app/pictures/exif-tags.h"

/* One field; its value belongs to it. */
typedef struct
{
  guint       tag, type;
  GByteArray *value;
} Field;

static void
field_clear (gpointer data)
{
  g_byte_array_unref (((Field *) data)->value);
}

static void
append_16 (GByteArray *out,
           guint       value)
{
  const guint8 bytes[] = { value >> 8, value & 0xff };

  g_byte_array_append (out, bytes, 2);
}

static void
append_32 (GByteArray *out,
           guint32     value)
{
  append_16 (out, value >> 16);
  append_16 (out, value & 0xffff);
}

static Field
text_field (guint       tag,
            const char *prefix,
            const char *text)
{
  Field field = { tag, LIMN_EXIF_ASCII, g_byte_array_new () };

  g_byte_array_append (field.value, (const guint8 *) prefix, strlen (prefix));
  g_byte_array_append (field.value, (const guint8 *) text, strlen (text) + 1);
  return field;
}

static Field
comment_field (const char *text)
{
  Field            field = { LIMN_EXIF_USER_COMMENT, LIMN_EXIF_UNDEFINED, g_byte_array_new () };
  gsize            size = 0;
  g_autofree char *utf16 = g_convert (text, -1, "UTF-16BE", "UTF-8", NULL, &size, NULL);

  g_byte_array_append (field.value, (const guint8 *) "UNICODE", 8);
  if (utf16 != NULL)
    g_byte_array_append (field.value, (const guint8 *) utf16, size);
  return field;
}

static Field
version_field (void)
{
  Field field = { LIMN_EXIF_VERSION, LIMN_EXIF_UNDEFINED, g_byte_array_new () };

  g_byte_array_append (field.value, (const guint8 *) "0232", 4);
  return field;
}

static Field
link_field (guint32 at)
{
  Field field = { LIMN_EXIF_TABLE, LIMN_EXIF_LONG, g_byte_array_new () };

  append_32 (field.value, at);
  return field;
}

/* Values of up to four bytes stand in the table, others behind it. */
static gsize
table_size (const GArray *fields)
{
  gsize size = 2 + 12 * fields->len + 4;

  for (guint i = 0; i < fields->len; i++)
    {
      gsize value = g_array_index (fields, Field, i).value->len;

      size += value > 4 ? (value + 1) / 2 * 2 : 0;
    }
  return size;
}

static void
append_padded (GByteArray       *out,
               const GByteArray *value,
               gsize             multiple)
{
  static const guint8 zeros[4] = { 0 };

  g_byte_array_append (out, value->data, value->len);
  if (value->len % multiple != 0)
    g_byte_array_append (out, zeros, multiple - value->len % multiple);
}

static void
append_table (GByteArray   *out,
              const GArray *fields)
{
  gsize behind = out->len + 2 + 12 * fields->len + 4;

  append_16 (out, fields->len);
  for (guint i = 0; i < fields->len; i++)
    {
      const Field *field = &g_array_index (fields, Field, i);

      append_16 (out, field->tag);
      append_16 (out, field->type);
      append_32 (out, field->type == LIMN_EXIF_LONG ? 1 : field->value->len);
      if (field->value->len <= 4)
        append_padded (out, field->value, 4);
      else
        append_32 (out, behind);
      behind += field->value->len > 4 ? (field->value->len + 1) / 2 * 2 : 0;
    }

  append_32 (out, 0);
  for (guint i = 0; i < fields->len; i++)
    if (g_array_index (fields, Field, i).value->len > 4)
      append_padded (out, g_array_index (fields, Field, i).value, 2);
}

static GArray *
new_fields (void)
{
  GArray *fields = g_array_new (FALSE, FALSE, sizeof (Field));

  g_array_set_clear_func (fields, field_clear);
  return fields;
}

static void
add_text (GArray          *fields,
          const GPtrArray *texts,
          const char      *keyword,
          guint            tag,
          const char      *prefix)
{
  const char *text = limn_picture_texts_find (texts, keyword);
  Field       field;

  if (text == NULL)
    return;
  field = tag == LIMN_EXIF_USER_COMMENT ? comment_field (text) : text_field (tag, prefix, text);
  g_array_append_val (fields, field);
}

GBytes *
limn_exif_write (const GPtrArray *texts)
{
  g_autoptr (GArray) first = new_fields ();
  g_autoptr (GArray) second = new_fields ();
  GByteArray *out;
  Field       field;

  add_text (first, texts, "workflow", LIMN_EXIF_MAKE, "workflow:");
  add_text (first, texts, "prompt", LIMN_EXIF_MODEL, "prompt:");
  field = version_field ();
  g_array_append_val (second, field);
  add_text (second, texts, "fooocus_scheme", LIMN_EXIF_MAKER_NOTE, "");
  add_text (second, texts, "parameters", LIMN_EXIF_USER_COMMENT, "");
  if (first->len == 0 && second->len == 1)
    return NULL;

  field = link_field (0);
  g_array_append_val (first, field);
  out = g_byte_array_new ();
  g_byte_array_append (out, (const guint8 *) "MM\0*\0\0\0\x08", 8);
  field = link_field (8 + table_size (first));
  field_clear (&g_array_index (first, Field, first->len - 1));
  g_array_index (first, Field, first->len - 1) = field;
  append_table (out, first);
  append_table (out, second);
  return g_byte_array_free_to_bytes (out);
}
