/* Weights of a prompt: (x), [x], (x:1.3), and BREAK.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/prompt-private.h"

#include <string.h>

#define ROUND 1.1
#define SQUARE (1 / 1.1)

/* So many brackets in each other weigh; time is proportional to it. */
#define MAX_DEPTH 128

/* Where a bracket begins: what stands from piece @depth on is in it. */
typedef struct
{
  guint pieces[MAX_DEPTH];
  int   n;
  guint deeper; /* open beyond MAX_DEPTH */
} Brackets;

/* A part of the text with one weight; @text NULL: BREAK. */
typedef struct
{
  const char *text;
  gsize       length;
  double      weight;
} Piece;

typedef struct
{
  LimnRange range;
  GArray   *pieces;
  Brackets  round, square;
} Reader;

/* --- tokens ------------------------------------------------------------------------------------------------------ */

/* ":1.3)", with white space around the number. */
static gboolean
read_weight (LimnRange  range,
             gsize      at,
             LimnToken *token)
{
  gsize     start = limn_scan_space (range, at + 1), end = start;
  LimnRange number;

  while (end < range.length && strchr ("+-.0123456789", range.text[end]) != NULL && range.text[end] != '\0')
    end++;
  number = (LimnRange){ range.text + start, end - start };
  end = limn_scan_space (range, end);
  if (end == range.length || range.text[end] != ')' || !limn_scan_number (number, FALSE, &token->weight))
    return FALSE;

  token->kind = LIMN_TOKEN_WEIGHT;
  token->bracket = ')';
  token->length = end + 1 - at;
  return TRUE;
}

static gsize
text_length (LimnRange range,
             gsize     at)
{
  gsize end = at;

  while (end < range.length && (range.text[end] == '\0' || strchr ("\\()[]:", range.text[end]) == NULL))
    end++;
  return end - at;
}

LimnToken
limn_token_read (LimnRange range,
                 gsize     at)
{
  LimnToken token = { .start = at, .length = 1 };
  char      c = range.text[at], next = at + 1 < range.length ? range.text[at + 1] : '\0';

  if (c == '\\')
    {
      gboolean literal = next != '\0' && strchr ("()[]\\", next) != NULL;

      token.kind = literal ? LIMN_TOKEN_ESCAPE : LIMN_TOKEN_BACKSLASH;
      token.length = literal ? 2 : 1;
    }
  else if (c == '(' || c == '[' || c == ')' || c == ']')
    {
      token.kind = c == '(' || c == '[' ? LIMN_TOKEN_OPEN : LIMN_TOKEN_CLOSE;
      token.bracket = c;
    }
  else if (c != ':')
    token.length = text_length (range, at);
  else if (!read_weight (range, at, &token))
    token.kind = LIMN_TOKEN_COLON;
  return token;
}

/* --- pieces ------------------------------------------------------------------------------------------------------ */

static void
add_piece (Reader     *reader,
           const char *text,
           gsize       length)
{
  Piece piece = { text, length, 1 };

  g_array_append_val (reader->pieces, piece);
}

/* Text may hold BREAK, which takes the white space around it along. */
static void
add_text (Reader *reader,
          gsize   start,
          gsize   length)
{
  LimnRange rest = { reader->range.text + start, length };
  gsize     at, from = 0;

  while (limn_scan_find_word (rest, "BREAK", from, &at))
    {
      gsize end = limn_scan_space_back (rest, at);

      add_piece (reader, rest.text + from, MAX (end, from) - from);
      add_piece (reader, NULL, 0);
      from = limn_scan_space (rest, at + strlen ("BREAK"));
    }
  add_piece (reader, rest.text + from, length - from);
}

static void
open_bracket (Reader   *reader,
              Brackets *brackets)
{
  if (brackets->n == MAX_DEPTH)
    brackets->deeper++;
  else
    brackets->pieces[brackets->n++] = reader->pieces->len;
}

static void
multiply_from (Reader *reader,
               guint   piece,
               double  factor)
{
  for (guint i = piece; i < reader->pieces->len; i++)
    g_array_index (reader->pieces, Piece, i).weight *= factor;
}

/* Returns: FALSE if none is open */
static gboolean
close_bracket (Reader   *reader,
               Brackets *brackets,
               double    factor)
{
  if (brackets->deeper > 0)
    brackets->deeper--;
  else if (brackets->n > 0)
    multiply_from (reader, brackets->pieces[--brackets->n], factor);
  else
    return FALSE;
  return TRUE;
}

static gboolean
read_bracket (Reader          *reader,
              const LimnToken *token)
{
  gboolean  round = token->bracket == '(' || token->bracket == ')';
  Brackets *brackets = round ? &reader->round : &reader->square;

  if (token->kind == LIMN_TOKEN_WEIGHT)
    return close_bracket (reader, brackets, token->weight);
  if (token->kind == LIMN_TOKEN_CLOSE)
    return close_bracket (reader, brackets, round ? ROUND : SQUARE);
  if (token->kind != LIMN_TOKEN_OPEN)
    return FALSE;
  open_bracket (reader, brackets);
  return TRUE;
}

static void
read_token (Reader          *reader,
            const LimnToken *token)
{
  const char *text = reader->range.text + token->start;

  if (token->kind == LIMN_TOKEN_ESCAPE || token->kind == LIMN_TOKEN_BACKSLASH)
    add_piece (reader, text + 1, token->length - 1);
  else if (!read_bracket (reader, token))
    add_text (reader, token->start, token->length);
}

/* What is never closed holds to the end. */
static void
close_all (Reader *reader)
{
  for (int i = 0; i < reader->round.n; i++)
    multiply_from (reader, reader->round.pieces[i], ROUND);
  for (int i = 0; i < reader->square.n; i++)
    multiply_from (reader, reader->square.pieces[i], SQUARE);
}

/* --- segments ---------------------------------------------------------------------------------------------------- */

static void
segment_free (gpointer data)
{
  LimnPromptSegment *segment = data;

  g_free (segment->text);
  g_free (segment);
}

static void
add_segment (GPtrArray *segments,
             char      *text,
             double     weight)
{
  LimnPromptSegment *segment = g_new (LimnPromptSegment, 1);

  *segment = (LimnPromptSegment){ text, weight };
  g_ptr_array_add (segments, segment);
}

static GPtrArray *
join_pieces (const GArray *pieces)
{
  GPtrArray *segments = g_ptr_array_new_with_free_func (segment_free);

  for (guint i = 0; i < pieces->len;)
    {
      const Piece *first = &g_array_index (pieces, Piece, i), *piece = first;
      g_autoptr (GString) text = g_string_new (NULL);

      while (i < pieces->len && piece->text != NULL && piece->weight == first->weight)
        {
          g_string_append_len (text, piece->text, (gssize) piece->length);
          piece = &g_array_index (pieces, Piece, ++i);
        }
      if (first->text == NULL)
        i++;
      add_segment (segments, first->text == NULL ? NULL : g_strdup (text->str), first->weight);
    }
  return segments;
}

GPtrArray *
limn_prompt_literal_segments (const char *text)
{
  GPtrArray *segments = g_ptr_array_new_with_free_func (segment_free);

  add_segment (segments, g_strdup (text), 1);
  return segments;
}

GPtrArray *
limn_prompt_segments (const char *text)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  Reader reader = { .range = { text, strlen (text) }, .pieces = pieces };

  for (gsize at = 0; at < reader.range.length;)
    {
      LimnToken token = limn_token_read (reader.range, at);

      read_token (&reader, &token);
      at += token.length;
    }
  close_all (&reader);
  if (pieces->len == 0)
    add_piece (&reader, "", 0);
  return join_pieces (pieces);
}
