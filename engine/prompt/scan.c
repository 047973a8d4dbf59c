/* Characters of a prompt: white space, words and numbers, as Unicode has them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/prompt-private.h"

#include <math.h>
#include <string.h>

/* Longer numbers than this are no weight that anybody means. */
#define MAX_DIGITS 64

gsize
limn_scan_char (LimnRange range,
                gsize     at,
                gunichar *c)
{
  gunichar read = g_utf8_get_char_validated (range.text + at, (gssize) (range.length - at));

  if (read == (gunichar) -1 || read == (gunichar) -2)
    {
      *c = 0xfffd;
      return 1;
    }
  *c = read;
  return (gsize) MAX (1, g_unichar_to_utf8 (read, NULL));
}

/* GLib leaves out the separators of ASCII and the next line. */
static gboolean
is_space (gunichar c)
{
  return g_unichar_isspace (c) || c == 0x0b || (c >= 0x1c && c <= 0x1f) || c == 0x85;
}

static gboolean
is_word (gunichar c)
{
  return c == '_' || g_unichar_isalnum (c);
}

/* Where the character that ends at @at begins. */
static gsize
previous_char (LimnRange range,
               gsize     at,
               gunichar *c)
{
  for (gsize back = 1; back <= 4 && back <= at; back++)
    if (limn_scan_char (range, at - back, c) == back && (back > 1 || (guchar) range.text[at - 1] < 0x80))
      return at - back;
  *c = 0xfffd;
  return at - 1;
}

gsize
limn_scan_space (LimnRange range,
                 gsize     at)
{
  while (at < range.length)
    {
      gunichar c;
      gsize    length = limn_scan_char (range, at, &c);

      if (!is_space (c))
        break;
      at += length;
    }
  return at;
}

gsize
limn_scan_space_back (LimnRange range,
                      gsize     at)
{
  while (at > 0)
    {
      gunichar c;
      gsize    before = previous_char (range, at, &c);

      if (!is_space (c))
        break;
      at = before;
    }
  return at;
}

gsize
limn_scan_word (LimnRange range,
                gsize     at)
{
  while (at < range.length)
    {
      gunichar c;
      gsize    length = limn_scan_char (range, at, &c);

      if (!is_word (c))
        break;
      at += length;
    }
  return at;
}

static gboolean
stands_alone (LimnRange range,
              gsize     at,
              gsize     length)
{
  gunichar before = ' ', after = ' ';

  if (at > 0)
    previous_char (range, at, &before);
  if (at + length < range.length)
    limn_scan_char (range, at + length, &after);
  return !is_word (before) && !is_word (after);
}

gboolean
limn_scan_find_word (LimnRange   range,
                     const char *word,
                     gsize       from,
                     gsize      *at)
{
  gsize length = strlen (word);

  while (from < range.length)
    {
      const char *found = memmem (range.text + from, range.length - from, word, length);

      if (found == NULL)
        return FALSE;
      *at = (gsize) (found - range.text);
      if (stands_alone (range, *at, length))
        return TRUE;
      from = *at + 1;
    }
  return FALSE;
}

/* Digits, with a point or without; at least one digit. */
static gboolean
skip_decimal (const char **at)
{
  int digits = 0, points = 0;

  for (; g_ascii_isdigit (**at) || (**at == '.' && points == 0); (*at)++)
    if (**at == '.')
      points++;
    else
      digits++;
  return digits > 0;
}

static gboolean
skip_exponent (const char **at)
{
  gsize digits;

  if (**at != 'e' && **at != 'E')
    return TRUE;
  (*at)++;
  if (**at == '+' || **at == '-')
    (*at)++;
  digits = strspn (*at, "0123456789");
  *at += digits;
  return digits > 0;
}

gboolean
limn_scan_number (LimnRange range,
                  gboolean  exponent,
                  double   *number)
{
  char        buffer[MAX_DIGITS + 1];
  const char *at = buffer;

  if (range.length == 0 || range.length > MAX_DIGITS)
    return FALSE;
  memcpy (buffer, range.text, range.length);
  buffer[range.length] = '\0';
  if (*at == '+' || *at == '-')
    at++;
  if (!skip_decimal (&at) || (exponent && !skip_exponent (&at)) || at != buffer + range.length)
    return FALSE;
  *number = g_ascii_strtod (buffer, NULL);
  return isfinite (*number);
}
