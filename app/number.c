/* Numbers as people and other programs write them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/number.h"

#include <errno.h>
#include <math.h>
#include <string.h>

gboolean
limn_number_parse_integer (const char *text,
                           gint64     *value)
{
  const char *digits = text + (*text == '-' || *text == '+');

  if (*digits == '\0' || digits[strspn (digits, "0123456789")] != '\0')
    return FALSE;

  errno = 0;
  *value = g_ascii_strtoll (text, NULL, 10);
  return errno == 0;
}

gboolean
limn_number_parse_real (const char *text,
                        double     *value)
{
  char *end = NULL;

  /* No hexadecimal numbers, no "inf", no leading space: strtod takes all of these. */
  if (*text == '\0' || text[strspn (text, "+-.0123456789eE")] != '\0')
    return FALSE;

  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (*value);
}

gboolean
limn_number_parse_size (const char *text,
                        gint64     *width,
                        gint64     *height)
{
  const char      *times = strpbrk (text, "xX");
  g_autofree char *first = NULL;

  if (times == NULL)
    return FALSE;

  first = g_strndup (text, times - text);
  return limn_number_parse_integer (first, width) && limn_number_parse_integer (times + 1, height);
}

char *
limn_number_format_real (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 6; digits <= 17; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (buffer, sizeof buffer, format, value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }

  return g_strdup (buffer);
}
