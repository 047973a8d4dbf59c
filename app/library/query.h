/* The query language of the library: words and facets, made into SQL with values beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/error.h"

G_BEGIN_DECLS

/**
 * LimnOrderBy:
 * @LIMN_ORDER_SIZE: pixels
 * @LIMN_ORDER_NAME: of the file, without regard to case; pictures without a name come last
 * @LIMN_ORDER_ALBUM: as the artist put them; of the first album that the query names, else as @LIMN_ORDER_CREATED
 */
typedef enum
{
  LIMN_ORDER_CREATED,
  LIMN_ORDER_RATING,
  LIMN_ORDER_SIZE,
  LIMN_ORDER_NAME,
  LIMN_ORDER_ALBUM
} LimnOrderBy;

typedef struct
{
  LimnOrderBy by;
  gboolean    descending;
} LimnOrder;

/* Newest first. */
#define LIMN_ORDER_NEWEST ((LimnOrder){ LIMN_ORDER_CREATED, TRUE })

/* Reads "created", "rating", "size", "name" or "album", a "-" before it for descending. Returns: %FALSE if it is none */
gboolean limn_order_parse (const char *text,
                           LimnOrder  *order);

/**
 * LimnQuery:
 * @sql: what selects the pictures' numbers; ?1, ?2, … stand for @values
 * @values: (element-type GVariant): int64, double or string
 * @wanted, @unwanted: (nullable): what the pictures' words have to match, and must not, as FTS5 takes it
 */
typedef struct
{
  char      *sql;
  GPtrArray *values;
  char      *wanted, *unwanted;
} LimnQuery;

/**
 * limn_query_parse:
 * @text: UTF-8: what all has to be so, separated by spaces:
 *   `ocean` a word that begins so, in the prompt, the file's name or a tag; `"exact words"` these words in a row;
 *   `model:` `lora:` `style:` `name:` a part of the name; `sampler:` `schedule:` `format:` `tag:` `album:` the name;
 *   `seed:` `steps:` `guidance:` `rating:` `width:` `height:` `id:` a number, `>=3`, `<10` or `3..5`; `size:512x768`, `size:>=512x512`;
 *   `before:` `after:` `on:` 2026, 2026-05 or 2026-05-31, local time, `after:` including the day itself;
 *   `has:mask`, `has:prompt`, `has:parent`, `has:child`, `has:tag`, `is:starred`, `is:rated`, `is:trashed`;
 *   a `-` before any of it for the opposite. Pictures in the trash are only found by `is:trashed`.
 * @position: (out) (nullable): on an error: which character of @text, from 0
 *
 * Returns: (transfer full): the query, or %NULL with %LIMN_LIBRARY_ERROR_QUERY
 */
LimnQuery *limn_query_parse (const char *text,
                             LimnOrder   order,
                             gsize      *position,
                             GError    **error);
void       limn_query_free (LimnQuery *query);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnQuery, limn_query_free)

G_END_DECLS
