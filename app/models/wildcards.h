/* Wildcard files: lists of texts to choose from in prompts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* Wildcard files that were read so far. */
typedef struct _LimnWildcards LimnWildcards;

LimnWildcards *limn_wildcards_new (void);
void           limn_wildcards_free (LimnWildcards *wildcards);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnWildcards, limn_wildcards_free)

/**
 * limn_wildcards_lines:
 * @name: as between the underscores of __colours/warm__
 * @wildcards: (type LimnWildcards)
 *
 * A #LimnWildcardFunc: lines of the file of that name in any wildcard folder; those that are empty or begin with # are none.
 */
const char *const *limn_wildcards_lines (const char *name,
                                         gpointer    wildcards);

G_END_DECLS
