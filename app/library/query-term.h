/* Terms of a query: where they are, what they say.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/error.h"

G_BEGIN_DECLS

/**
 * LimnQueryTerm:
 * @key: (nullable): what stands before the colon; %NULL for words
 * @value: without quotes
 * @quoted: it was in quotes
 * @negated: a "-" stands before it
 * @at: bytes from the beginning of the query
 */
typedef struct
{
  char    *key, *value;
  gboolean quoted, negated;
  gsize    at;
} LimnQueryTerm;

void limn_query_term_free (LimnQueryTerm *term);

/**
 * limn_query_split:
 * @wrong: (out): on an error: bytes from the beginning
 *
 * Returns: (transfer full) (element-type LimnQueryTerm): %NULL with %LIMN_LIBRARY_ERROR_QUERY
 */
GPtrArray *limn_query_split (const char *text,
                             gsize      *wrong,
                             GError    **error);

/* Returns: (transfer full): `key:"value"`, whatever stands in @value */
char *limn_query_term_format (const char *key,
                              const char *value);

/**
 * limn_query_set_term:
 * @value: (nullable): as limn_query_term_format() or the artist writes it: `>=3`; %NULL takes the condition away
 *
 * Returns: (transfer full): @text with this condition on @key in place of any that it has; a copy of @text if that is no query
 */
char *limn_query_set_term (const char *text,
                           const char *key,
                           const char *value);

G_END_DECLS
