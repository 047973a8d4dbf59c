/* Writes JSON: the few calls that the commands need, with numbers as short as they can be.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/json-writer.h"

#include <math.h>
#include <string.h>

#include "app/number.h"

void
limn_json_writer_init (LimnJsonWriter *writer,
                       gboolean        pretty)
{
  *writer = (LimnJsonWriter){ .text = g_string_new (NULL), .pretty = pretty, .first = TRUE };
}

void
limn_json_writer_clear (LimnJsonWriter *writer)
{
  if (writer->text != NULL)
    g_string_free (writer->text, TRUE);
  writer->text = NULL;
}

static void
new_line (LimnJsonWriter *writer)
{
  if (!writer->pretty)
    return;

  g_string_append_c (writer->text, '\n');
  for (int i = 0; i < writer->depth; i++)
    g_string_append (writer->text, "  ");
}

static void
append_quoted (GString    *text,
               const char *value)
{
  g_string_append_c (text, '"');
  for (const char *c = value; *c != '\0'; c++)
    if (*c == '"' || *c == '\\')
      g_string_append_printf (text, "\\%c", *c);
    else if (*c == '\n')
      g_string_append (text, "\\n");
    else if ((guchar) *c < 0x20 || *c == 0x7f)
      g_string_append_printf (text, "\\u%04x", (guint) *c);
    else
      g_string_append_c (text, *c);
  g_string_append_c (text, '"');
}

/* What comes before every value. */
static void
begin_value (LimnJsonWriter *writer,
             const char     *key)
{
  if (!writer->first)
    g_string_append (writer->text, writer->pretty ? "," : ", ");
  if (writer->depth > 0)
    new_line (writer);
  writer->first = FALSE;

  if (key == NULL)
    return;
  append_quoted (writer->text, key);
  g_string_append (writer->text, ": ");
}

void
limn_json_writer_open (LimnJsonWriter *writer,
                       const char     *key,
                       char            bracket)
{
  begin_value (writer, key);
  g_string_append_c (writer->text, bracket);
  writer->depth++;
  writer->first = TRUE;
}

void
limn_json_writer_close (LimnJsonWriter *writer,
                        char            bracket)
{
  writer->depth--;
  if (!writer->first)
    new_line (writer);
  g_string_append_c (writer->text, bracket);
  writer->first = FALSE;
}

void
limn_json_writer_string (LimnJsonWriter *writer,
                         const char     *key,
                         const char     *value)
{
  if (value == NULL)
    return;

  begin_value (writer, key);
  append_quoted (writer->text, value);
}

void
limn_json_writer_strings (LimnJsonWriter    *writer,
                          const char        *key,
                          const char *const *values)
{
  if (values == NULL)
    return;

  limn_json_writer_open (writer, key, '[');
  for (int i = 0; values[i] != NULL; i++)
    limn_json_writer_string (writer, NULL, values[i]);
  limn_json_writer_close (writer, ']');
}

void
limn_json_writer_integer (LimnJsonWriter *writer,
                          const char     *key,
                          gint64          value)
{
  begin_value (writer, key);
  g_string_append_printf (writer->text, "%" G_GINT64_FORMAT, value);
}

void
limn_json_writer_real (LimnJsonWriter *writer,
                       const char     *key,
                       double          value)
{
  g_autofree char *number = NULL;

  if (!isfinite (value))
    return;

  number = limn_number_format_real (value);
  begin_value (writer, key);
  g_string_append (writer->text, number);
}

void
limn_json_writer_null (LimnJsonWriter *writer,
                       const char     *key)
{
  begin_value (writer, key);
  g_string_append (writer->text, "null");
}

void
limn_json_writer_boolean (LimnJsonWriter *writer,
                          const char     *key,
                          gboolean        value)
{
  begin_value (writer, key);
  g_string_append (writer->text, value ? "true" : "false");
}
