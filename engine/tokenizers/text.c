/* What is done to text before it is cut into words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tokenizers/text.h"

#include <string.h>

typedef struct
{
  gunichar first, last;
} Range;

static const Range chinese[] = {
  { 0x3400, 0x4dbf },
  { 0x4e00, 0x9fff },
  { 0xf900, 0xfaff },
  { 0x20000, 0x2a6df },
  { 0x2a700, 0x2ceaf },
  { 0x2f800, 0x2fa1f },
};

static gboolean
is_chinese (gunichar c)
{
  for (guint i = 0; i < G_N_ELEMENTS (chinese); i++)
    if (c >= chinese[i].first && c <= chinese[i].last)
      return TRUE;
  return FALSE;
}

static gboolean
is_space (gunichar c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || g_unichar_type (c) == G_UNICODE_SPACE_SEPARATOR;
}

static gboolean
vanishes (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  if (c == 0xfffd)
    return TRUE;
  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_SURROGATE || type == G_UNICODE_UNASSIGNED;
}

static void
append_clean (GString *out,
              gunichar c)
{
  if (is_space (c))
    g_string_append_c (out, ' ');
  else if (is_chinese (c))
    {
      g_string_append_c (out, ' ');
      g_string_append_unichar (out, c);
      g_string_append_c (out, ' ');
    }
  else if (!vanishes (c))
    g_string_append_unichar (out, c);
}

/* Python's str.split () also parts at the line and paragraph separators, which are no white space above. */
static char *
join_words (const char *text)
{
  GString *out = g_string_new (NULL);
  gboolean gap = FALSE;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (is_space (c) || c == 0x85 || c == 0x2028 || c == 0x2029)
        {
          gap = out->len > 0;
          continue;
        }
      if (gap)
        g_string_append_c (out, ' ');
      gap = FALSE;
      g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

char *
limn_text_compose (const char *text)
{
  return g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
}

char *
limn_text_clean_clip (const char *text)
{
  g_autoptr (GString) clean = g_string_new (NULL);
  g_autofree char *composed = NULL;
  g_autofree char *joined = NULL;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    append_clean (clean, g_utf8_get_char (at));
  composed = limn_text_compose (clean->str);
  joined = join_words (composed);
  return limn_text_lower (joined, TRUE);
}

static gboolean
is_cased (gunichar c)
{
  return g_unichar_isupper (c) || g_unichar_islower (c) || g_unichar_istitle (c);
}

/* Marks and apostrophes that a word's end looks through (Unicode, section 3.13: Case_Ignorable). */
static gboolean
is_case_ignorable (gunichar c)
{
  return g_unichar_ismark (c) || g_unichar_type (c) == G_UNICODE_MODIFIER_LETTER || g_unichar_type (c) == G_UNICODE_MODIFIER_SYMBOL || g_unichar_type (c) == G_UNICODE_FORMAT || strchr ("'.:^`", (int) MIN (c, 0x7f)) != NULL || c == 0x2019 || c == 0xb7;
}

static gboolean
ends_word (const char *text,
           const char *at)
{
  const char *before = at, *after = g_utf8_next_char (at);

  while (before > text)
    {
      before = g_utf8_prev_char (before);
      if (!is_case_ignorable (g_utf8_get_char (before)))
        break;
    }
  while (*after != '\0' && is_case_ignorable (g_utf8_get_char (after)))
    after = g_utf8_next_char (after);
  return before < at && is_cased (g_utf8_get_char (before)) && !is_cased (g_utf8_get_char (after));
}

char *
limn_text_lower (const char *text,
                 gboolean    sigma)
{
  GString *out = g_string_sized_new (strlen (text));

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == 0x130) /* İ is the one letter whose lower case is two characters */
        g_string_append (out, "i\xcc\x87");
      else if (c == 0x3a3 && sigma && ends_word (text, at))
        g_string_append_unichar (out, 0x3c2);
      else
        g_string_append_unichar (out, g_unichar_tolower (c));
    }
  return g_string_free (out, FALSE);
}
