/* Reads numbers and strings from the beginning of a file, one after the other; for GGUF headers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/byte-reader.h"

void
limn_byte_reader_init (LimnByteReader   *reader,
                       const LimnSource *source)
{
  reader->source = source;
  reader->at = reader->begin = reader->end = 0;
  reader->error = NULL;
  limn_source_data (source, &reader->size);
}

gsize
limn_byte_reader_left (const LimnByteReader *reader)
{
  return reader->size - reader->at;
}

gboolean
limn_byte_reader_fail (LimnByteReader *reader,
                       int             code,
                       const char     *format,
                       ...)
{
  g_autofree char *what = NULL;
  va_list          args;

  if (reader->error != NULL)
    return FALSE;
  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (&reader->error, LIMN_ENGINE_ERROR, code, "%s: %s", limn_source_name (reader->source), what);
  return FALSE;
}

/* Whether @bytes more can be read. */
static gboolean
check_left (LimnByteReader *reader,
            guint64         bytes)
{
  if (reader->error == NULL && bytes > limn_byte_reader_left (reader))
    limn_byte_reader_fail (reader, LIMN_ENGINE_ERROR_FILE, "ends inside its header; download it again");
  return reader->error == NULL;
}

static gboolean
fill_window (LimnByteReader *reader)
{
  gsize size = MIN (sizeof reader->window, limn_byte_reader_left (reader));

  reader->begin = reader->end = reader->at;
  if (!limn_source_read (reader->source, reader->at, reader->window, size, &reader->error))
    return FALSE;
  reader->end += size;
  return TRUE;
}

/* @bytes: that are left */
static gboolean
take (LimnByteReader *reader,
      guint8         *to,
      gsize           bytes)
{
  while (bytes > 0)
    {
      gsize n;

      if ((reader->at < reader->begin || reader->at >= reader->end) && !fill_window (reader))
        return FALSE;
      n = MIN (bytes, reader->end - reader->at);
      memcpy (to, reader->window + (reader->at - reader->begin), n);
      reader->at += n;
      to += n;
      bytes -= n;
    }
  return TRUE;
}

guint64
limn_byte_reader_integer (LimnByteReader *reader,
                          gsize           bytes)
{
  guint8  raw[8] = { 0 };
  guint64 value = 0;

  g_return_val_if_fail (bytes <= sizeof raw, 0);
  if (!check_left (reader, bytes) || !take (reader, raw, bytes))
    return 0;
  for (gsize i = bytes; i > 0; i--)
    value = value << 8 | raw[i - 1];
  return value;
}

void
limn_byte_reader_skip (LimnByteReader *reader,
                       guint64         bytes)
{
  if (check_left (reader, bytes))
    reader->at += bytes;
}

gboolean
limn_byte_reader_text (LimnByteReader *reader,
                       GString        *text,
                       gsize           limit)
{
  guint64 length = limn_byte_reader_integer (reader, 8);

  g_string_truncate (text, 0);
  if (!check_left (reader, length))
    return FALSE;
  if (length > limit)
    {
      limn_byte_reader_skip (reader, length);
      return FALSE;
    }
  g_string_set_size (text, length);
  return take (reader, (guint8 *) text->str, length) && g_utf8_validate_len (text->str, length, NULL);
}
