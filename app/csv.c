/* Tables as comma-separated values (RFC 4180).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/csv.h"

typedef struct
{
  GPtrArray *rows, *row;
  GString   *cell;
  gboolean   quoted, any; /* within quotes; something stands in the row */
} Reader;

static void
end_cell (Reader *reader)
{
  g_ptr_array_add (reader->row, g_string_free (reader->cell, FALSE));
  reader->cell = g_string_new (NULL);
}

static void
end_row (Reader *reader)
{
  if (reader->any)
    {
      end_cell (reader);
      g_ptr_array_add (reader->row, NULL);
      g_ptr_array_add (reader->rows, g_ptr_array_free (reader->row, FALSE));
      reader->row = g_ptr_array_new ();
    }
  reader->any = FALSE;
}

/* Returns: how many bytes more than this one were taken */
static gsize
take (Reader *reader,
      char    c,
      char    next)
{
  if (reader->quoted && c == '"' && next == '"')
    {
      g_string_append_c (reader->cell, '"');
      return 1;
    }
  if (c == '"')
    {
      reader->quoted = !reader->quoted;
      reader->any = TRUE;
    }
  else if (!reader->quoted && c == ',')
    {
      reader->any = TRUE;
      end_cell (reader);
    }
  else if (!reader->quoted && (c == '\n' || c == '\r'))
    end_row (reader);
  else
    {
      reader->any = TRUE;
      g_string_append_c (reader->cell, c);
    }
  return 0;
}

GPtrArray *
limn_csv_parse (const char *text,
                gsize       size)
{
  Reader reader = { .rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev), .row = g_ptr_array_new (), .cell = g_string_new (NULL) };

  for (gsize i = 0; i < size; i++)
    i += take (&reader, text[i], i + 1 < size ? text[i + 1] : '\0');
  end_row (&reader);
  g_ptr_array_unref (reader.row);
  g_string_free (reader.cell, TRUE);
  return reader.rows;
}
