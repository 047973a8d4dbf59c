/* Weights in prompts, changed by a key: a word becomes (word:1.1), and back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/prompt-weight.h"

#include <math.h>
#include <string.h>

#include "app/number.h"

#define MAX_WEIGHT 4

/* The prompt in characters. */
typedef struct
{
  gunichar *at;
  int       n;
} Text;

static void
text_clear (Text *text)
{
  g_free (text->at);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Text, text_clear)

static Text
read_text (const char *utf8)
{
  glong n;
  Text  text = { .at = g_utf8_to_ucs4_fast (utf8, -1, &n) };

  text.n = (int) n;
  return text;
}

void
limn_prompt_change_clear (LimnPromptChange *change)
{
  g_clear_pointer (&change->text, g_free);
}

static gboolean
is_escaped (const Text *text,
            int         at)
{
  int slashes = 0;

  while (at - slashes > 0 && text->at[at - slashes - 1] == '\\')
    slashes++;
  return slashes % 2 == 1;
}

static gboolean
is_at (const Text *text,
       int         at,
       gunichar    c)
{
  return at >= 0 && at < text->n && text->at[at] == c && !is_escaped (text, at);
}

/* The bracket @open before @from that is not closed before it; -1: none. */
static int
find_open (const Text *text,
           int         from,
           gunichar    open,
           gunichar    close)
{
  int depth = 0;

  for (int i = from - 1; i >= 0; i--)
    if (is_at (text, i, close))
      depth++;
    else if (is_at (text, i, open) && depth-- == 0)
      return i;
  return -1;
}

/* Its partner; -1: none. */
static int
find_close (const Text *text,
            int         from,
            gunichar    open,
            gunichar    close)
{
  int depth = 0;

  for (int i = from; i < text->n; i++)
    if (is_at (text, i, open))
      depth++;
    else if (is_at (text, i, close) && depth-- == 0)
      return i;
  return -1;
}

static gboolean
is_word (gunichar c)
{
  return g_unichar_isalnum (c) || c == '-' || c == '_' || c == '\'' || g_unichar_ismark (c);
}

static char *
slice (const Text *text,
       int         begin,
       int         end)
{
  return g_ucs4_to_utf8 (text->at + begin, MAX (end - begin, 0), NULL, NULL, NULL);
}

/* Of "…:1.2" from @begin to @end: where the colon is, and the number behind it; else @end and 1. */
static int
find_weight (const Text *text,
             int         begin,
             int         end,
             double     *weight)
{
  *weight = 1;
  for (int i = end - 1; i >= begin; i--)
    {
      g_autofree char *number = text->at[i] == ':' ? slice (text, i + 1, end) : NULL;

      if (number != NULL)
        return limn_number_parse_real (g_strstrip (number), weight) ? i : end;
    }
  return end;
}

/* What a change is about: @outer_begin…@outer_end is replaced, @begin…@end is what has the weight. */
typedef struct
{
  int    outer_begin, outer_end, begin, end;
  double weight;
  char   close; /* of what it is in: ')', '>' or nothing */
} Group;

static Group
bracketed (const Text *text,
           int         open,
           int         close)
{
  Group group = { open, close + 1, open + 1, close, 1, text->at[open] == '<' ? '>' : ')' };

  group.end = find_weight (text, open + 1, close, &group.weight);
  if (group.end == close && group.close == ')')
    group.weight = 1.1;
  return group;
}

/* The innermost pair of these around the cursor. */
static gboolean
find_around (const Text *text,
             int         at,
             gunichar    open,
             gunichar    close,
             Group      *group)
{
  int begin = find_open (text, at, open, close), end = begin < 0 ? -1 : find_close (text, at, open, close);

  if (end < 0)
    return FALSE;
  *group = bracketed (text, begin, end);
  return TRUE;
}

/* To whole words; of no selection, to the word at the cursor. */
static void
grow (const Text *text,
      int        *begin,
      int        *end)
{
  while (*begin > 0 && is_word (text->at[*begin - 1]) && (*begin == *end || is_word (text->at[*begin])))
    (*begin)--;
  while (*end < text->n && is_word (text->at[*end]) && (*begin == *end || is_word (text->at[*end - 1])))
    (*end)++;
}

static gboolean
find_group (const Text *text,
            int         begin,
            int         end,
            Group      *group)
{
  double weight;

  if (begin == end && (find_around (text, begin, '<', '>', group) || find_around (text, begin, '(', ')', group)))
    return TRUE;
  grow (text, &begin, &end);
  while (begin < end && g_unichar_isspace (text->at[begin]))
    begin++;
  while (end > begin && g_unichar_isspace (text->at[end - 1]))
    end--;
  if (begin >= end)
    return FALSE;

  if ((is_at (text, begin, '(') && is_at (text, end - 1, ')') && find_close (text, begin + 1, '(', ')') == end - 1)
      || (is_at (text, begin, '<') && is_at (text, end - 1, '>')))
    *group = bracketed (text, begin, end - 1);
  else if (is_at (text, begin - 1, '(') && find_close (text, begin, '(', ')') >= end
           && find_weight (text, begin, find_close (text, begin, '(', ')'), &weight) == end)
    *group = bracketed (text, begin - 1, find_close (text, begin, '(', ')'));
  else
    *group = (Group){ begin, end, begin, end, 1, 0 };
  return TRUE;
}

gboolean
limn_prompt_weight_change (const char       *utf8,
                           int               begin,
                           int               end,
                           double            by,
                           LimnPromptChange *change)
{
  g_auto (Text) text = read_text (utf8);
  Group            group;
  double           weight;
  g_autofree char *inside = NULL;
  g_autofree char *number = NULL;
  gboolean         plain;

  begin = CLAMP (begin, 0, text.n);
  end = CLAMP (end, begin, text.n);
  if (!find_group (&text, begin, end, &group))
    return FALSE;

  weight = round (CLAMP (group.weight + by, 0, MAX_WEIGHT) * 100) / 100;
  inside = slice (&text, group.begin, group.end);
  number = limn_number_format_real (weight);
  plain = weight == 1 && group.close != '>';
  change->begin = group.outer_begin;
  change->end = group.outer_end;
  if (plain)
    change->text = g_strdup (inside);
  else
    change->text = g_strdup_printf (group.close == '>' ? "<%s:%s>" : "(%s:%s)", inside, number);
  change->select_begin = group.outer_begin + !plain;
  change->select_end = change->select_begin + (group.end - group.begin);
  return TRUE;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

GArray *
limn_prompt_unbalanced (const char *utf8)
{
  static const char open[] = "([{", close[] = ")]}";
  g_auto (Text) text = read_text (utf8);
  GArray *opened = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) lone = g_array_new (FALSE, FALSE, sizeof (int));

  for (int i = 0; i < text.n; i++)
    {
      const char *opens = text.at[i] < 128 && text.at[i] > 0 ? strchr (open, (int) text.at[i]) : NULL;
      const char *closes = text.at[i] < 128 && text.at[i] > 0 ? strchr (close, (int) text.at[i]) : NULL;
      int         last = opened->len > 0 ? g_array_index (opened, int, opened->len - 1) : -1;

      if ((opens == NULL && closes == NULL) || is_escaped (&text, i))
        continue;
      if (opens != NULL)
        g_array_append_val (opened, i);
      else if (last >= 0 && text.at[last] == (gunichar) open[closes - close])
        g_array_set_size (opened, opened->len - 1);
      else
        g_array_append_val (lone, i);
    }

  g_array_append_vals (opened, lone->data, lone->len);
  g_array_sort (opened, compare);
  return opened;
}
