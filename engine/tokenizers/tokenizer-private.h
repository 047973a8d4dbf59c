/* What reading a tokenizer's files and using it share; only for engine/tokenizers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/tokenizers/tokenizer.h"
#include "engine/tokenizers/vocabulary.h"

G_BEGIN_DECLS

/* How words are cut, before bytes are merged. */
extern const char *const limn_words_clip;
extern const char *const limn_words_gpt2;
extern const char *const limn_words_qwen;

typedef struct
{
  char  *text;
  gint32 id;
} LimnAddedToken;

/**
 * LimnTokenizer:
 * @words: matches of it are words; what lies between is dropped (CLIP's spaces) unless @keep_gaps
 * @suffix: of a word's last token
 * @clean_clip, @compose, @lower: what is done to the text first
 * @prefix_space: a space is put before text that has none
 */
struct _LimnTokenizer
{
  LimnVocabulary *vocabulary;
  GArray         *added; /* LimnAddedToken */
  GRegex         *words;
  char           *suffix;
  gboolean        clean_clip, compose, lower, prefix_space;
  gint32          start, end, pad;
  GHashTable     *cache; /* word → GArray of ids */
};

LimnTokenizer *limn_tokenizer_new (void);

/* Compiles the pattern that words match; FALSE if it is no regular expression. */
gboolean limn_tokenizer_set_words (LimnTokenizer *tokenizer,
                                   const char    *pattern);

G_END_DECLS
