/* {red|green|blue} and __file__: choices that a seed makes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/prompt-private.h"

#include <string.h>

/* Lines of wildcards may hold wildcards; so often they are looked through. */
#define MAX_ROUNDS 32

/* Bytes: a text that grows by more is a mistake that multiplies. */
#define MAX_LENGTH ((gsize) 1 << 20)

/* A brace or square bracket that is open. */
typedef struct
{
  char  bracket;
  guint open, last;
  int   bars;
} Frame;

typedef struct
{
  guint64          state;
  LimnWildcardFunc wildcards;
  gpointer         data;
  gsize            most;  /* bytes */
  gboolean         chose; /* whether this round changed anything */
} Draw;

/* --- braces ------------------------------------------------------------------------------------------------------ */

static LimnItem *
item_at (const GArray *items,
         guint         i)
{
  return &g_array_index (items, LimnItem, i);
}

static void
add_item (GArray *items,
          gsize   start,
          gsize   length)
{
  LimnItem item = { .kind = LIMN_ITEM_TEXT, .start = start, .length = length };

  g_array_append_val (items, item);
}

/* Ends the choice that @frame began; without a bar it was none. */
static void
close_choice (GArray      *items,
              const Frame *frame,
              guint        close)
{
  if (frame->bars == 0)
    return;
  item_at (items, frame->last)->next = close;
  item_at (items, close)->kind = LIMN_ITEM_CLOSE;
  item_at (items, frame->open)->parts = frame->bars + 1;
  for (guint i = frame->open; i != close; i = item_at (items, i)->next)
    {
      item_at (items, i)->kind = i == frame->open ? LIMN_ITEM_ALTERNATE : LIMN_ITEM_SEPARATOR;
      item_at (items, i)->close = close;
    }
}

static void
read_close (GArray *items,
            GArray *frames,
            char    bracket)
{
  guint n = frames->len;

  if (bracket == ']')
    {
      if (n > 0 && g_array_index (frames, Frame, n - 1).bracket == '[')
        g_array_set_size (frames, n - 1);
      return;
    }
  while (n > 0 && g_array_index (frames, Frame, n - 1).bracket != '{')
    n--;
  if (n > 0)
    close_choice (items, &g_array_index (frames, Frame, n - 1), items->len - 1);
  g_array_set_size (frames, n > 0 ? n - 1 : 0);
}

/* A bar in square brackets is theirs. */
static void
read_bar (GArray *items,
          GArray *frames)
{
  Frame *frame = frames->len > 0 ? &g_array_index (frames, Frame, frames->len - 1) : NULL;
  guint  item = items->len - 1;

  if (frame == NULL || frame->bracket != '{')
    return;
  item_at (items, frame->last)->next = item;
  frame->last = item;
  frame->bars++;
}

static void
read_mark (GArray *items,
           GArray *frames,
           char    mark)
{
  Frame frame = { .bracket = mark, .open = items->len - 1, .last = items->len - 1 };

  if (mark == '{' || mark == '[')
    g_array_append_val (frames, frame);
  else if (mark == '|')
    read_bar (items, frames);
  else
    read_close (items, frames, mark);
}

GArray *
limn_choices_parse (LimnRange range)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (LimnItem));
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (Frame));

  for (gsize at = 0, start = 0; at < range.length; start = at)
    {
      while (at < range.length && strchr ("{}[]|", range.text[at]) == NULL)
        at += range.text[at] == '\\' && at + 1 < range.length ? 2 : 1;
      if (at > start)
        add_item (items, start, at - start);
      if (at == range.length)
        break;
      add_item (items, at, 1);
      read_mark (items, frames, range.text[at++]);
    }
  return items;
}

/* --- wildcards --------------------------------------------------------------------------------------------------- */

/* Letters, digits, "-", "/", "." and single underscores. */
static gsize
scan_name (LimnRange range,
           gsize     at)
{
  while (at < range.length)
    {
      gunichar c;
      gsize    length = limn_scan_char (range, at, &c);

      if (c == '_' && at + 1 < range.length && range.text[at + 1] == '_')
        break;
      if (c != '_' && c != '-' && c != '/' && c != '.' && !g_unichar_isalnum (c))
        break;
      at += length;
    }
  return at;
}

/* A name leads out of its folder neither upwards nor from the root. */
static gboolean
is_name (LimnRange name)
{
  return name.length > 0 && name.text[0] != '/' && name.text[0] != '_'
         && memmem (name.text, name.length, "..", 2) == NULL;
}

gboolean
limn_wildcard_read (LimnRange range,
                    gsize     at,
                    gsize    *length)
{
  gsize end;

  if (at + 4 >= range.length || memcmp (range.text + at, "__", 2) != 0)
    return FALSE;
  end = scan_name (range, at + 2);
  if (end + 2 > range.length || memcmp (range.text + end, "__", 2) != 0)
    return FALSE;
  *length = end + 2 - at;
  return is_name ((LimnRange){ range.text + at + 2, end - at - 2 });
}

/* --- drawing ----------------------------------------------------------------------------------------------------- */

/* SplitMix64 (Steele et al., 2014). Returns: a number below @n */
static guint
draw_below (Draw *draw,
            guint n)
{
  guint64 z = (draw->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  z ^= z >> 31;
  draw->chose = TRUE;
  return (guint) (((z >> 32) * n) >> 32);
}

/* Returns: FALSE if there are no such lines */
static gboolean
draw_line (Draw     *draw,
           LimnRange name,
           GString  *out)
{
  g_autofree char   *terminated = g_strndup (name.text, name.length);
  const char *const *lines = draw->wildcards != NULL ? draw->wildcards (terminated, draw->data) : NULL;
  guint              n = 0;

  while (lines != NULL && lines[n] != NULL)
    n++;
  if (n == 0)
    return FALSE;
  g_string_append (out, lines[draw_below (draw, n)]);
  return TRUE;
}

static void
draw_text (Draw     *draw,
           LimnRange range,
           GString  *out)
{
  for (gsize at = 0, length = 0; at < range.length && out->len <= draw->most; at += length)
    {
      const char *under = memmem (range.text + at, range.length - at, "__", 2);
      gsize       plain = under != NULL ? (gsize) (under - range.text) - at : range.length - at;

      g_string_append_len (out, range.text + at, (gssize) plain);
      at += plain;
      if (!limn_wildcard_read (range, at, &length))
        length = MIN (1, range.length - at);
      else if (draw_line (draw, (LimnRange){ range.text + at + 2, length - 4 }, out))
        continue;
      g_string_append_len (out, range.text + at, (gssize) length);
    }
}

static char *
draw_round (Draw       *draw,
            const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  LimnRange range = { text, strlen (text) };
  g_autoptr (GArray) items = limn_choices_parse (range);
  guint i = 0;

  while (i < items->len && out->len <= draw->most)
    {
      const LimnItem *item = item_at (items, i);
      guint           part = item->kind == LIMN_ITEM_ALTERNATE ? draw_below (draw, (guint) item->parts) : 0;

      if (item->kind == LIMN_ITEM_TEXT)
        draw_text (draw, (LimnRange){ text + item->start, item->length }, out);
      if (item->kind == LIMN_ITEM_SEPARATOR)
        i = item->close;
      for (guint k = 0; k < part; k++)
        i = item_at (items, i)->next;
      i++;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
limn_prompt_expand (const char      *text,
                    guint64          seed,
                    LimnWildcardFunc wildcards,
                    gpointer         data,
                    GError         **error)
{
  Draw             draw = { .state = seed, .wildcards = wildcards, .data = data, .most = MAX_LENGTH + strlen (text) };
  g_autofree char *current = g_strdup (text);

  for (int round = 0; round < MAX_ROUNDS && strlen (current) <= draw.most; round++)
    {
      g_autofree char *before = g_steal_pointer (&current);

      draw.chose = FALSE;
      current = draw_round (&draw, before);
      if (!draw.chose)
        return g_steal_pointer (&current);
    }
  g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT,
                       "the choices of the prompt lead back to themselves: look for a wildcard whose lines name it again");
  return NULL;
}
