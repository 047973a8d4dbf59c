/* [a:b:0.5] and [a|b]: brackets are found in one pass without recursion, and what a step leaves is read off.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/prompt-private.h"

#include <string.h>

/* A bracket that is open: its item, its first and last separator. */
typedef struct
{
  char  bracket;
  guint open, last;
  int   colons, bars;
} Frame;

typedef struct
{
  LimnRange range;
  GArray   *items, *frames;
  gboolean  literal;
} Reader;

static LimnItem *
item_at (const GArray *items,
         guint         i)
{
  return &g_array_index (items, LimnItem, i);
}

static guint
add_item (Reader *reader,
          gsize   start,
          gsize   length)
{
  LimnItem item = { .kind = LIMN_ITEM_TEXT, .start = start, .length = length };

  g_array_append_val (reader->items, item);
  return reader->items->len - 1;
}

static Frame *
top_frame (Reader *reader)
{
  guint n = reader->frames->len;

  return n == 0 ? NULL : &g_array_index (reader->frames, Frame, n - 1);
}

/* The grammar takes a stray bracket or colon only outside of all others: what is open cannot be closed any more. */
static void
abandon_frames (Reader *reader)
{
  for (guint i = 0; i < reader->frames->len; i++)
    if (g_array_index (reader->frames, Frame, i).bars > 0)
      reader->literal = TRUE;
  g_array_set_size (reader->frames, 0);
}

static void
open_frame (Reader *reader,
            gsize   at)
{
  Frame frame = { .bracket = reader->range.text[at], .open = add_item (reader, at, 1) };

  frame.last = frame.open;
  g_array_append_val (reader->frames, frame);
}

static void
add_separator (Reader *reader,
               Frame  *frame,
               gsize   at)
{
  guint item = add_item (reader, at, 1);

  item_at (reader->items, frame->last)->next = item;
  frame->last = item;
}

static void
read_colon (Reader *reader,
            gsize   at)
{
  Frame *frame = top_frame (reader);

  if (frame == NULL)
    {
      add_item (reader, at, 1);
      return;
    }
  frame->colons++;
  add_separator (reader, frame, at);
}

static void
read_bar (Reader *reader,
          gsize   at)
{
  Frame *frame = top_frame (reader);

  if (frame == NULL || frame->bracket != '[')
    {
      reader->literal = TRUE;
      add_item (reader, at, 1);
      return;
    }
  frame->bars++;
  add_separator (reader, frame, at);
}

/* The number that ends a switch: white space may be around it. */
static gboolean
read_when (Reader      *reader,
           const Frame *frame,
           gsize        end,
           LimnItem    *open)
{
  gsize     start = item_at (reader->items, frame->last)->start + 1;
  LimnRange number = { reader->range.text, end };

  start = limn_scan_space (number, start);
  number.length = MAX (start, limn_scan_space_back (number, end));
  number = (LimnRange){ number.text + start, number.length - start };
  if (!limn_scan_number (number, TRUE, &open->when))
    return FALSE;
  open->share = memchr (number.text, '.', number.length) != NULL;
  return TRUE;
}

/* Turns the literal brackets and separators of @frame into what they mean. */
static void
close_items (Reader      *reader,
             const Frame *frame,
             LimnItemKind kind,
             guint        close)
{
  LimnItem *items = (LimnItem *) (void *) reader->items->data;

  items[frame->last].next = close;
  items[close].kind = LIMN_ITEM_CLOSE;
  for (guint i = frame->open; i != close; i = items[i].next)
    {
      items[i].kind = i == frame->open ? kind : LIMN_ITEM_SEPARATOR;
      items[i].close = close;
    }
}

static void
read_close (Reader *reader,
            gsize   at)
{
  char      bracket = reader->range.text[at];
  guint     close = add_item (reader, at, 1);
  Frame    *frame = top_frame (reader);
  LimnItem *open = frame != NULL ? item_at (reader->items, frame->open) : NULL;
  gboolean  round = bracket == ')', fits = frame != NULL && frame->bracket == (round ? '(' : '[');

  if (fits && frame->bars > 0 && frame->colons == 0)
    {
      open->parts = frame->bars + 1;
      close_items (reader, frame, LIMN_ITEM_ALTERNATE, close);
    }
  else if (fits && !round && frame->bars == 0 && (frame->colons == 1 || frame->colons == 2) && read_when (reader, frame, at, open))
    {
      open->parts = frame->colons;
      close_items (reader, frame, LIMN_ITEM_SWITCH, close);
    }
  else if (!fits || frame->bars > 0 || frame->colons > (round ? 1 : 0))
    {
      abandon_frames (reader);
      return;
    }
  g_array_set_size (reader->frames, reader->frames->len - 1);
}

/* Text up to the next character that means something; a backslash takes the character after it along. */
static gsize
read_text (Reader *reader,
           gsize   at)
{
  LimnRange range = reader->range;
  gsize     start = at;

  for (; at < range.length && strchr ("()[]:|", range.text[at]) == NULL; at++)
    {
      if (range.text[at] != '\\')
        continue;
      if (at + 1 == range.length || range.text[at + 1] == '\n')
        reader->literal = TRUE;
      else
        at++;
    }
  at = MIN (at, range.length);
  add_item (reader, start, at - start);
  return at;
}

GArray *
limn_schedule_parse (const char *text,
                     gboolean   *literal)
{
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  Reader reader = { .range = { text, strlen (text) },
                    .items = g_array_new (FALSE, FALSE, sizeof (LimnItem)),
                    .frames = frames };
  gsize  at = 0;

  while (at < reader.range.length)
    if (text[at] == '(' || text[at] == '[')
      open_frame (&reader, at++);
    else if (text[at] == ')' || text[at] == ']')
      read_close (&reader, at++);
    else if (text[at] == ':')
      read_colon (&reader, at++);
    else if (text[at] == '|')
      read_bar (&reader, at++);
    else
      at = read_text (&reader, at);
  abandon_frames (&reader);
  *literal = reader.literal;
  return reader.items;
}

/* --- what a step leaves ------------------------------------------------------------------------------------------ */

static int
last_step_before (const LimnItem *item,
                  int             steps)
{
  double when = item->share ? item->when * steps : item->when;

  return when >= steps ? steps : (int) MAX (when, -1);
}

/* Which part of the bracket at item @i is there at @step; -1: none. */
static int
choose_part (const LimnItem *item,
             int             step,
             int             steps)
{
  if (item->kind == LIMN_ITEM_ALTERNATE)
    return (step - 1) % item->parts;
  if (step > last_step_before (item, steps))
    return item->parts - 1;
  return item->parts - 2;
}

char *
limn_schedule_text (const char   *text,
                    const GArray *items,
                    int           step,
                    int           steps)
{
  g_autoptr (GString) out = g_string_new (NULL);
  guint i = 0;

  while (i < items->len)
    {
      const LimnItem *item = item_at (items, i);
      int             part;

      if (item->kind == LIMN_ITEM_TEXT)
        g_string_append_len (out, text + item->start, (gssize) item->length);
      if (item->kind == LIMN_ITEM_TEXT || item->kind == LIMN_ITEM_CLOSE)
        {
          i++;
          continue;
        }
      if (item->kind == LIMN_ITEM_SEPARATOR) /* the part that was chosen ends */
        {
          i = item->close;
          continue;
        }
      part = choose_part (item, step, steps);
      if (part < 0)
        i = item->close;
      for (int k = 0; k < part; k++)
        i = item_at (items, i)->next;
      i += part < 0 ? 0 : 1;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
