/* A strict JSON reader that builds nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/json-reader.h"

#include <string.h>

void
limn_json_init (LimnJsonReader *reader,
                const char     *text,
                gsize           size)
{
  *reader = (LimnJsonReader){ .start = text, .at = text, .end = text + size };
  if (!g_utf8_validate_len (text, size, &reader->at))
    reader->failed = TRUE;
  else
    reader->at = text;
}

static inline gboolean
is_space (char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

char
limn_json_peek (LimnJsonReader *reader)
{
  while (reader->at < reader->end && is_space (*reader->at))
    reader->at++;
  return reader->failed || reader->at == reader->end ? '\0' : *reader->at;
}

static gboolean
take (LimnJsonReader *reader,
      char            c)
{
  if (limn_json_peek (reader) != c || reader->failed || reader->at == reader->end)
    {
      reader->failed = TRUE;
      return FALSE;
    }
  reader->at++;
  return TRUE;
}

void
limn_json_open (LimnJsonReader *reader,
                char            bracket)
{
  reader->first = take (reader, bracket);
}

gboolean
limn_json_more (LimnJsonReader *reader,
                char            bracket)
{
  gboolean first = reader->first;

  reader->first = FALSE;
  if (limn_json_peek (reader) == bracket)
    {
      reader->at++;
      return FALSE;
    }
  if (!first)
    take (reader, ',');
  return !reader->failed;
}

static int
hex_digits (LimnJsonReader *reader)
{
  int value = 0;

  for (int i = 0; i < 4; i++, reader->at++)
    {
      int digit = reader->at < reader->end ? g_ascii_xdigit_value (*reader->at) : -1;

      if (digit < 0)
        {
          reader->failed = TRUE;
          return 0;
        }
      value = value * 16 + digit;
    }
  return value;
}

/* After "\u": one UTF-16 unit, or two that make a character. */
static gunichar
unicode_escape (LimnJsonReader *reader)
{
  gunichar c = hex_digits (reader), low;

  if (c < 0xd800 || c > 0xdfff)
    return c;
  if (c > 0xdbff || reader->end - reader->at < 2 || strncmp (reader->at, "\\u", 2) != 0)
    return 0;
  reader->at += 2;
  low = hex_digits (reader);
  if (low < 0xdc00 || low > 0xdfff)
    return 0;
  return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

static void
escape (LimnJsonReader *reader,
        GString        *out)
{
  static const char codes[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  char              code = reader->at < reader->end ? *reader->at++ : '\0';
  const char       *known = code != '\0' ? strchr (codes, code) : NULL;
  gunichar          c = 0;

  if (known != NULL)
    c = (gunichar) values[known - codes];
  else if (code == 'u')
    c = unicode_escape (reader);
  if (c == 0)
    reader->failed = TRUE;
  else
    g_string_append_unichar (out, c);
}

void
limn_json_string (LimnJsonReader *reader,
                  GString        *out)
{
  g_string_truncate (out, 0);
  take (reader, '"');
  while (!reader->failed)
    {
      const char *from = reader->at;

      while (reader->at < reader->end && *reader->at != '"' && *reader->at != '\\' && (guchar) *reader->at >= 0x20)
        reader->at++;
      g_string_append_len (out, from, reader->at - from);
      if (reader->at == reader->end || (guchar) *reader->at < 0x20)
        reader->failed = TRUE;
      else if (*reader->at++ == '"')
        return;
      else
        escape (reader, out);
    }
}

void
limn_json_key (LimnJsonReader *reader,
               GString        *out)
{
  limn_json_string (reader, out);
  take (reader, ':');
}

gint64
limn_json_integer (LimnJsonReader *reader)
{
  gint64      value = 0;
  gboolean    digits = g_ascii_isdigit (limn_json_peek (reader));
  const char *from = reader->at;

  for (; digits && reader->at < reader->end && g_ascii_isdigit (*reader->at); reader->at++)
    if (__builtin_mul_overflow (value, 10, &value) || __builtin_add_overflow (value, *reader->at - '0', &value))
      digits = FALSE;
  /* 007, 1.5 and 1e3 are no integers. */
  if (!digits || (*from == '0' && reader->at - from > 1) || (reader->at < reader->end && strchr (".eE", *reader->at) != NULL && *reader->at != '\0'))
    reader->failed = TRUE;
  return reader->failed ? 0 : value;
}

static gsize
skip_digits (LimnJsonReader *reader)
{
  const char *from = reader->at;

  while (reader->at < reader->end && g_ascii_isdigit (*reader->at))
    reader->at++;
  return (gsize) (reader->at - from);
}

static gboolean
skip_one_of (LimnJsonReader *reader,
             const char     *set)
{
  gboolean found = reader->at < reader->end && *reader->at != '\0' && strchr (set, *reader->at) != NULL;

  reader->at += found;
  return found;
}

static void
skip_number (LimnJsonReader *reader)
{
  const char *digits;

  skip_one_of (reader, "-");
  digits = reader->at;
  reader->failed = skip_digits (reader) == 0 || (*digits == '0' && reader->at - digits > 1);
  if (skip_one_of (reader, "."))
    reader->failed |= skip_digits (reader) == 0;
  if (skip_one_of (reader, "eE"))
    {
      skip_one_of (reader, "+-");
      reader->failed |= skip_digits (reader) == 0;
    }
}

static void
skip_word (LimnJsonReader *reader)
{
  static const char *const words[] = { "true", "false", "null" };
  gsize                    left = (gsize) (reader->end - reader->at);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) <= left && strncmp (reader->at, words[i], strlen (words[i])) == 0)
      {
        reader->at += strlen (words[i]);
        return;
      }
  reader->failed = TRUE;
}

static void
skip_value (LimnJsonReader *reader,
            GString        *scratch,
            int             depth)
{
  char first = limn_json_peek (reader);
  char close = first == '{' ? '}' : ']';

  if (first == '"')
    limn_json_string (reader, scratch);
  else if (first == '-' || g_ascii_isdigit (first))
    skip_number (reader);
  else if (first != '{' && first != '[')
    skip_word (reader);
  else if (depth == LIMN_JSON_MAX_DEPTH)
    reader->failed = TRUE;
  else
    {
      limn_json_open (reader, first);
      while (limn_json_more (reader, close))
        {
          if (first == '{')
            limn_json_key (reader, scratch);
          skip_value (reader, scratch, depth + 1);
        }
    }
}

void
limn_json_skip (LimnJsonReader *reader)
{
  g_autoptr (GString) scratch = g_string_new (NULL);

  skip_value (reader, scratch, 0);
}

void
limn_json_finish (LimnJsonReader *reader)
{
  limn_json_peek (reader);
  if (reader->at != reader->end)
    reader->failed = TRUE;
}
