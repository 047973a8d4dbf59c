/* Vocabulary: tokens, their ids, and which pairs of them merge.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/error.h"

G_BEGIN_DECLS

#define LIMN_VOCABULARY_MAX 1000000

typedef struct _LimnVocabulary LimnVocabulary;

LimnVocabulary *limn_vocabulary_new (void);
void            limn_vocabulary_free (LimnVocabulary *vocabulary);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnVocabulary, limn_vocabulary_free)

/* Returns: FALSE if the token or its id is there already, or the id is not below LIMN_VOCABULARY_MAX */
gboolean limn_vocabulary_add (LimnVocabulary *vocabulary,
                              const char     *token,
                              gint64          id);

/**
 * limn_vocabulary_add_merge:
 *
 * The next merge: what was added before comes first.
 *
 * Returns: FALSE if a part or the whole is no token
 */
gboolean limn_vocabulary_add_merge (LimnVocabulary *vocabulary,
                                    const char     *left,
                                    const char     *right);

gint32      limn_vocabulary_find (const LimnVocabulary *vocabulary,
                                  const char           *token); /* -1: none */
const char *limn_vocabulary_token (const LimnVocabulary *vocabulary,
                                   gint32                id); /* nullable */
int         limn_vocabulary_size (const LimnVocabulary *vocabulary);

/**
 * limn_vocabulary_encode:
 * @word: bytes of one word
 * @suffix: what the last byte's token ends in ("</w>"), or ""
 * @ids: appended to
 *
 * Starts from single bytes and merges the pair that was added first until none is left. Time n log n.
 *
 * Returns: FALSE if a byte of @word has no token
 */
gboolean limn_vocabulary_encode (const LimnVocabulary *vocabulary,
                                 const char           *word,
                                 gsize                 n,
                                 const char           *suffix,
                                 GArray               *ids);

/* Writes byte @byte as vocabularies do: printable Latin-1 as itself, the others from U+0100 on (Radford et al., 2019). */
void limn_vocabulary_write_byte (guint8   byte,
                                 GString *out);

/* Returns: the byte that character @c stands for, or -1 */
int limn_vocabulary_read_byte (gunichar c);

G_END_DECLS
