/* What the files of the prompt language share; only for engine/prompt.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/prompt/prompt.h"

G_BEGIN_DECLS

/* --- characters -------------------------------------------------------------------------------------------------- */

/* Bytes of a text: not terminated. */
typedef struct
{
  const char *text;
  gsize       length;
} LimnRange;

/* The character that begins at @at and its bytes; U+FFFD and 1 where there is no UTF-8. */
gsize limn_scan_char (LimnRange range,
                      gsize     at,
                      gunichar *c);

/* Where white space that begins at @at ends, and where white space that ends at @at begins, as Unicode has it. */
gsize limn_scan_space (LimnRange range,
                       gsize     at);
gsize limn_scan_space_back (LimnRange range,
                            gsize     at);

/* Where the letters, digits and underscores that begin at @at end. */
gsize limn_scan_word (LimnRange range,
                      gsize     at);

/* Finds @word where it stands alone, from @from on; FALSE: nowhere. */
gboolean limn_scan_find_word (LimnRange   range,
                              const char *word,
                              gsize       from,
                              gsize      *at);

/* Reads a number with digits and at most one point, sign and, with @exponent, an exponent; the whole range must be it and be finite. */
gboolean limn_scan_number (LimnRange range,
                           gboolean  exponent,
                           double   *number);

/* --- switches and alternation ------------------------------------------------------------------------------------ */

typedef enum
{
  LIMN_ITEM_TEXT,
  LIMN_ITEM_SWITCH,    /* "[" of [a:b:when] */
  LIMN_ITEM_ALTERNATE, /* "[" of [a|b] */
  LIMN_ITEM_SEPARATOR, /* ":" or "|" of either */
  LIMN_ITEM_CLOSE,     /* "]" of either */
} LimnItemKind;

/**
 * LimnItem:
 * @next: of an opening bracket or separator: the separator or bracket that ends the part it begins
 * @close: of the same: the item of the closing bracket
 * @parts: of an opening bracket: texts to choose from (the number of a switch is none)
 * @when, @share: of a switch: steps, or the share of them
 *
 * A text in pieces. Brackets are found without recursion: an item is literal until its bracket turns out to be closed.
 */
typedef struct
{
  LimnItemKind kind;
  gsize        start, length;
  guint        next, close;
  int          parts;
  double       when;
  gboolean     share;
} LimnItem;

/**
 * limn_schedule_parse:
 * @literal: (out): whether the text follows no rule of the grammar, for a "|" that is in no [a|b] or a backslash before nothing, so that
 *   none of its brackets switches
 *
 * Returns: (transfer full) (element-type LimnItem): all bytes of @text
 */
GArray *limn_schedule_parse (const char *text,
                             gboolean   *literal);

/* Returns: (transfer full): what is left at @step */
char *limn_schedule_text (const char   *text,
                          const GArray *items,
                          int           step,
                          int           steps);

/* --- weights ----------------------------------------------------------------------------------------------------- */

typedef enum
{
  LIMN_TOKEN_TEXT,
  LIMN_TOKEN_ESCAPE,    /* two bytes, the second is meant */
  LIMN_TOKEN_BACKSLASH, /* means nothing */
  LIMN_TOKEN_OPEN,      /* ( or [ */
  LIMN_TOKEN_CLOSE,     /* ) or ] */
  LIMN_TOKEN_WEIGHT,    /* :1.3) */
  LIMN_TOKEN_COLON,
} LimnTokenKind;

typedef struct
{
  LimnTokenKind kind;
  gsize         start, length;
  char          bracket;
  double        weight;
} LimnToken;

/* The token that begins at @at. */
LimnToken limn_token_read (LimnRange range,
                           gsize     at);

/* --- branches ---------------------------------------------------------------------------------------------------- */

/**
 * LimnBranch:
 * @start, @end: of @text in the prompt
 * @after: where the next branch's AND begins: between @end and it lies the weight
 */
typedef struct
{
  char    *text;
  double   weight;
  GArray  *items; /* LimnItem */
  gboolean literal;
  gsize    start, end, after;
} LimnBranch;

struct _LimnPrompt
{
  GPtrArray *branches; /* LimnBranch */
};

/* --- choices ----------------------------------------------------------------------------------------------------- */

/* Items of {a|b}, as limn_schedule_parse() gives those of [a|b]; LIMN_ITEM_ALTERNATE opens a choice. */
GArray *limn_choices_parse (LimnRange range);

/* Whether a wildcard's name stands at @at, and the bytes of __name__. */
gboolean limn_wildcard_read (LimnRange range,
                             gsize     at,
                             gsize    *length);

G_END_DECLS
