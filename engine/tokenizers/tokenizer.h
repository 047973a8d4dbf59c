/* Tokenizer: text → ids of byte-level byte-pair encoding, as CLIP, GPT-2 and Qwen have it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/error.h"

G_BEGIN_DECLS

typedef struct _LimnTokenizer LimnTokenizer;

/**
 * limn_tokenizer_open:
 * @folder: holds tokenizer.json, or vocab.json and merges.txt (tokenizer_config.json is read if it is there)
 *
 * CLIP's vocabularies are told from GPT-2's and Qwen's by their words that end in "</w>". Every file is checked.
 *
 * Byte-level BPE: Sennrich et al. (2016), Radford et al. (2019); CLIP: Radford et al. (2021).
 *
 * Returns: (transfer full): a tokenizer that never changes but through limn_tokenizer_add_token(), for one thread at a time; %NULL with
 *   %LIMN_ENGINE_ERROR_FILE, or %LIMN_ENGINE_ERROR_UNSUPPORTED for another kind (Unigram, WordPiece)
 */
LimnTokenizer *limn_tokenizer_open (const char *folder,
                                    GError    **error);
void           limn_tokenizer_free (LimnTokenizer *tokenizer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnTokenizer, limn_tokenizer_free)

/**
 * limn_tokenizer_add_token:
 * @text: taken whole wherever it stands in a prompt
 */
void limn_tokenizer_add_token (LimnTokenizer *tokenizer,
                               const char    *text,
                               gint32         id);

/**
 * limn_tokenizer_encode:
 * @text: what is no UTF-8 is read as U+FFFD
 * @length: bytes of @text, which may hold U+0000; -1: up to its first
 *
 * Returns: (transfer full) (element-type gint32): ids, without start, end and padding
 */
GArray *limn_tokenizer_encode (LimnTokenizer *tokenizer,
                               const char    *text,
                               gssize         length,
                               GError       **error);

/**
 * limn_tokenizer_encode_padded:
 * @length: of the result; at least 2
 * @pad: fills what is left
 * @n_used: (out) (optional): ids before the padding
 *
 * Start (if the vocabulary has one), as many ids as fit, end, padding.
 *
 * Returns: (transfer full): @length ids
 */
gint32 *limn_tokenizer_encode_padded (LimnTokenizer *tokenizer,
                                      const char    *text,
                                      int            length,
                                      gint32         pad,
                                      int           *n_used,
                                      GError       **error);

/**
 * limn_tokenizer_decode:
 *
 * Returns: (transfer full): the text of @ids; ids that are unknown are left out
 */
char *limn_tokenizer_decode (LimnTokenizer *tokenizer,
                             const gint32  *ids,
                             gsize          n);

/* Ids that a sequence starts and ends with and is padded with; -1: none. */
gint32 limn_tokenizer_start (const LimnTokenizer *tokenizer);
gint32 limn_tokenizer_end (const LimnTokenizer *tokenizer);
gint32 limn_tokenizer_pad (const LimnTokenizer *tokenizer);

/* One more than the highest id. */
int limn_tokenizer_vocab_size (const LimnTokenizer *tokenizer);

/**
 * limn_tokenizer_find:
 * @token: as the vocabulary writes it
 *
 * Returns: its id, or -1
 */
gint32 limn_tokenizer_find (const LimnTokenizer *tokenizer,
                            const char          *token);

G_END_DECLS
