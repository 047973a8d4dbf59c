/* Conditions of a query: those that name a facet, and the text and values they end up in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/query-term.h"
#include "app/library/query.h"

G_BEGIN_DECLS

/**
 * LimnQueryBuilder:
 * @conditions: SQL, joined by AND
 * @names: "?1", "?2", …, for limn_query_builder_add()
 */
typedef struct
{
  GString   *conditions;
  GPtrArray *values, *names;
} LimnQueryBuilder;

void limn_query_builder_init (LimnQueryBuilder *builder);
void limn_query_builder_clear (LimnQueryBuilder *builder);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LimnQueryBuilder, limn_query_builder_clear)

/* @format makes SQL of our own texts and of names of values, never of what the artist wrote. */
void limn_query_builder_add (LimnQueryBuilder *builder,
                             const char       *format,
                             ...) G_GNUC_PRINTF (2, 3);

/* Returns: (transfer none): the name of the value in SQL */
const char *limn_query_builder_text (LimnQueryBuilder *builder,
                                     const char       *value);
const char *limn_query_builder_integer (LimnQueryBuilder *builder,
                                        gint64            value);
const char *limn_query_builder_real (LimnQueryBuilder *builder,
                                     double            value);

LimnQuery *limn_query_builder_end (LimnQueryBuilder *builder,
                                   const char       *order);

/* Adds the condition of a term with a key. Returns: %FALSE with %LIMN_LIBRARY_ERROR_QUERY */
gboolean limn_query_add_facet (LimnQueryBuilder    *builder,
                               const LimnQueryTerm *term,
                               GError             **error);

G_END_DECLS
