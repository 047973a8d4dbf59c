/* What an editor colours in a prompt: every byte gets a kind, and runs of one kind become spans.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/prompt-private.h"

#include <string.h>

/**
 * Painting:
 * @text: as typed
 * @rest: the same bytes with spaces where choices and tags are, so that what is left can be read by itself
 */
typedef struct
{
  LimnRange text;
  char     *rest;
  guint8   *kinds;
} Painting;

static void
paint (Painting          *painting,
       gsize              start,
       gsize              length,
       LimnPromptSpanKind kind)
{
  memset (painting->kinds + start, kind, length);
}

static void
paint_over (Painting          *painting,
            gsize              start,
            gsize              length,
            LimnPromptSpanKind kind)
{
  paint (painting, start, length, kind);
  memset (painting->rest + start, ' ', length);
}

/* --- choices and tags -------------------------------------------------------------------------------------------- */

static void
paint_choices (Painting *painting)
{
  g_autoptr (GArray) items = limn_choices_parse (painting->text);

  for (guint i = 0; i < items->len; i++)
    {
      const LimnItem *item = &g_array_index (items, LimnItem, i);

      if (item->kind != LIMN_ITEM_TEXT)
        paint_over (painting, item->start, item->length, LIMN_PROMPT_SPAN_CHOICE);
    }
}

static void
paint_wildcards (Painting *painting)
{
  LimnRange range = painting->text;
  gsize     at = 0, length;

  while (at < range.length)
    {
      const char *under = memmem (range.text + at, range.length - at, "__", 2);

      if (under == NULL)
        break;
      at = (gsize) (under - range.text);
      if (limn_wildcard_read (range, at, &length))
        paint_over (painting, at, length, LIMN_PROMPT_SPAN_WILDCARD);
      else
        length = 1;
      at += length;
    }
}

static void
paint_tags (Painting *painting)
{
  static const LimnPromptSpanKind kinds[] = {
    [LIMN_PROMPT_TAG_LORA] = LIMN_PROMPT_SPAN_TAG,
    [LIMN_PROMPT_TAG_IGNORED] = LIMN_PROMPT_SPAN_IGNORED_TAG,
    [LIMN_PROMPT_TAG_BAD_NUMBER] = LIMN_PROMPT_SPAN_BAD_TAG,
  };
  g_autoptr (GPtrArray) tags = NULL;
  g_autofree char *left = limn_prompt_take_tags (painting->text.text, &tags);

  for (guint i = 0; i < tags->len; i++)
    {
      const LimnPromptTag *tag = tags->pdata[i];

      paint_over (painting, tag->start, tag->length, kinds[tag->kind]);
    }
}

/* --- switches ---------------------------------------------------------------------------------------------------- */

/* The number of a switch goes with its brackets. */
static void
paint_switch (Painting        *painting,
              const GArray    *items,
              const LimnItem  *open,
              const LimnRange *branch)
{
  LimnPromptSpanKind kind = open->kind == LIMN_ITEM_SWITCH ? LIMN_PROMPT_SPAN_SWITCH : LIMN_PROMPT_SPAN_ALTERNATE;
  const LimnItem    *item = open;
  gsize              offset = (gsize) (branch->text - painting->rest);

  for (int part = 0; part <= open->parts; part++)
    {
      const LimnItem *next = part < open->parts ? &g_array_index (items, LimnItem, item->next) : NULL;
      gboolean        last = part == open->parts;

      paint_over (painting, offset + item->start, 1, kind);
      if (last && open->kind == LIMN_ITEM_SWITCH)
        {
          const LimnItem *close = &g_array_index (items, LimnItem, open->close);

          paint_over (painting, offset + item->start, close->start + 1 - item->start, kind);
        }
      item = next;
    }
}

static void
paint_bars (Painting        *painting,
            const LimnRange *branch)
{
  gsize offset = (gsize) (branch->text - painting->rest);

  for (gsize i = 0; i < branch->length; i++)
    if (branch->text[i] == '\\')
      i++;
    else if (branch->text[i] == '|')
      paint (painting, offset + i, 1, LIMN_PROMPT_SPAN_STRAY_BAR);
}

static void
paint_switches (Painting         *painting,
                const LimnBranch *branch)
{
  LimnRange range = { painting->rest + branch->start, branch->end - branch->start };

  if (branch->literal)
    {
      paint_bars (painting, &range);
      return;
    }
  for (guint i = 0; i < branch->items->len; i++)
    {
      const LimnItem *item = &g_array_index (branch->items, LimnItem, i);

      if (item->kind == LIMN_ITEM_SWITCH || item->kind == LIMN_ITEM_ALTERNATE)
        paint_switch (painting, branch->items, item, &range);
    }
}

/* --- weights ----------------------------------------------------------------------------------------------------- */

static void
paint_breaks (Painting *painting,
              gsize     start,
              gsize     length)
{
  LimnRange range = { painting->rest + start, length };
  gsize     at = 0;

  for (; limn_scan_find_word (range, "BREAK", at, &at); at += strlen ("BREAK"))
    paint (painting, start + at, strlen ("BREAK"), LIMN_PROMPT_SPAN_BREAK);
}

/* Pairs a closing bracket with the last open one. Returns: FALSE if there is none */
static gboolean
pair (GArray *open)
{
  if (open->len == 0)
    return FALSE;
  g_array_set_size (open, open->len - 1);
  return TRUE;
}

static void
paint_token (Painting        *painting,
             const LimnToken *token,
             gsize            offset,
             GArray          *round,
             GArray          *square)
{
  GArray *open = token->bracket == '(' || token->bracket == ')' ? round : square;
  gsize   start = offset + token->start;

  if (token->kind == LIMN_TOKEN_TEXT)
    paint_breaks (painting, start, token->length);
  else if (token->kind == LIMN_TOKEN_ESCAPE)
    paint (painting, start, token->length, LIMN_PROMPT_SPAN_ESCAPE);
  else if (token->kind == LIMN_TOKEN_OPEN)
    g_array_append_val (open, start);
  else if (token->kind == LIMN_TOKEN_CLOSE && !pair (open))
    paint (painting, start, 1, LIMN_PROMPT_SPAN_UNBALANCED);
  else if (token->kind == LIMN_TOKEN_CLOSE)
    paint (painting, start, 1, LIMN_PROMPT_SPAN_WEIGHT);
  else if (token->kind == LIMN_TOKEN_WEIGHT && !pair (open))
    paint (painting, start + token->length - 1, 1, LIMN_PROMPT_SPAN_UNBALANCED);
  else if (token->kind == LIMN_TOKEN_WEIGHT)
    paint (painting, start, token->length, LIMN_PROMPT_SPAN_WEIGHT);
  if (token->kind == LIMN_TOKEN_OPEN)
    paint (painting, start, 1, LIMN_PROMPT_SPAN_WEIGHT);
}

static void
paint_open (Painting     *painting,
            const GArray *open)
{
  for (guint i = 0; i < open->len; i++)
    paint (painting, g_array_index (open, gsize, i), 1, LIMN_PROMPT_SPAN_UNBALANCED);
}

static void
paint_weights (Painting         *painting,
               const LimnBranch *branch)
{
  LimnRange range = { painting->rest + branch->start, branch->end - branch->start };
  g_autoptr (GArray) round = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GArray) square = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize at = 0; at < range.length;)
    {
      LimnToken token = limn_token_read (range, at);

      paint_token (painting, &token, branch->start, round, square);
      at += token.length;
    }
  paint_open (painting, round);
  paint_open (painting, square);
}

/* The weight of a branch, without the white space around it, and the AND after it. */
static void
paint_and (Painting         *painting,
           const LimnBranch *branch)
{
  LimnRange between = { painting->rest, branch->after };
  gsize     start = limn_scan_space (between, branch->end), end = limn_scan_space_back (between, branch->after);

  if (end > start)
    paint (painting, start, end - start, LIMN_PROMPT_SPAN_AND);
  if (branch->after < painting->text.length)
    paint (painting, branch->after, strlen ("AND"), LIMN_PROMPT_SPAN_AND);
}

/* --- spans ------------------------------------------------------------------------------------------------------- */

static GArray *
collect (const Painting *painting)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (LimnPromptSpan));

  for (gsize start = 0, end; start < painting->text.length; start = end)
    {
      LimnPromptSpan span = { (LimnPromptSpanKind) painting->kinds[start], start, 0 };

      for (end = start; end < painting->text.length && painting->kinds[end] == span.kind;)
        end++;
      span.length = end - start;
      if (span.kind != LIMN_PROMPT_SPAN_TEXT)
        g_array_append_val (spans, span);
    }
  return spans;
}

GArray *
limn_prompt_spans (const char *text,
                   gboolean    compose)
{
  gsize              length = strlen (text);
  g_autofree char   *rest = g_strdup (text);
  g_autofree guint8 *kinds = g_malloc0 (length + 1);
  Painting           painting = { { text, length }, rest, kinds };
  g_autoptr (LimnPrompt) prompt = NULL;

  paint_choices (&painting);
  paint_wildcards (&painting);
  if (compose)
    paint_tags (&painting);
  prompt = limn_prompt_parse (rest, compose);
  for (guint i = 0; i < prompt->branches->len; i++)
    {
      const LimnBranch *branch = prompt->branches->pdata[i];

      paint_switches (&painting, branch);
      paint_weights (&painting, branch);
      paint_and (&painting, branch);
    }
  return collect (&painting);
}

const char *
limn_prompt_span_problem (LimnPromptSpanKind kind)
{
  static const char *const problems[LIMN_PROMPT_N_SPANS] = {
    [LIMN_PROMPT_SPAN_UNBALANCED] = "This bracket has no partner; write a backslash before it if it is meant as it is.",
    [LIMN_PROMPT_SPAN_STRAY_BAR] = "A bar outside of [a|b] and {a|b} keeps every [a:b:0.5] and [a|b] from being read.",
    [LIMN_PROMPT_SPAN_IGNORED_TAG] = "Tags of this kind do nothing here; only <lora:name:weight> does.",
    [LIMN_PROMPT_SPAN_BAD_TAG] = "The weight of this tag is no number, so that it does nothing; write <lora:name:0.8>.",
  };

  return kind < LIMN_PROMPT_N_SPANS ? problems[kind] : NULL;
}
