/* Chunks: a prompt of any length as rows of tokens that CLIP takes, with a weight a token.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/prompt/prompt.h"
#include "engine/tokenizers/tokenizer.h"

G_BEGIN_DECLS

/* The row that CLIP was trained on: a token that begins it, 75 of text, one that ends it. */
#define LIMN_CHUNK_LENGTH 77

/* --- embeddings -------------------------------------------------------------------------------------------------- */

typedef struct _LimnEmbeddingNames LimnEmbeddingNames;

/**
 * limn_embedding_names_new:
 *
 * Names that stand for vectors in prompts (textual inversion, Gal et al., 2022), found by their tokens. The tokenizer is only used by the
 * other calls and must live as long.
 *
 * Returns: (transfer full): no names yet
 */
LimnEmbeddingNames *limn_embedding_names_new (LimnTokenizer *tokenizer);
void                limn_embedding_names_free (LimnEmbeddingNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnEmbeddingNames, limn_embedding_names_free)

/**
 * limn_embedding_names_add:
 * @vectors: places that it takes in a chunk
 *
 * Of names that begin alike the longest counts, of names with the same tokens the first.
 */
gboolean limn_embedding_names_add (LimnEmbeddingNames *names,
                                   const char         *name,
                                   int                 vectors,
                                   GError            **error);

/* --- chunks ------------------------------------------------------------------------------------------------------ */

/**
 * LimnChunkEmbedding:
 * @chunk, @place: of its first vector; places count the token that begins the chunk
 */
typedef struct
{
  const char *name; /* owned by the names */
  int         chunk, place, vectors;
} LimnChunkEmbedding;

/**
 * LimnChunks:
 * @n: at least 1
 * @length: of one
 * @tokens, @weights: [n, length]; 0 where an embedding's vectors go
 * @embeddings: (element-type LimnChunkEmbedding)
 * @n_tokens: of text, and of what BREAK fills up: what an editor counts
 */
typedef struct
{
  int     n, length;
  gint32 *tokens;
  float  *weights;
  GArray *embeddings;
  int     n_tokens;
} LimnChunks;

/**
 * limn_chunks_new:
 * @segments: (element-type LimnPromptSegment): of one branch at one step
 * @names: (nullable)
 * @length: of a chunk, LIMN_CHUNK_LENGTH or less for small models; at least 3
 * @pad: follows the token that ends a text shorter than a chunk
 *
 * As AUTOMATIC1111 does it: segments are cut into tokens one by one; where a chunk is full, what follows its last comma moves to the
 * next if that is at most 20 tokens; BREAK ends a chunk; an embedding is never divided.
 *
 * Returns: (transfer full): one chunk or more, or %NULL with the tokenizer's error
 */
LimnChunks *limn_chunks_new (LimnTokenizer            *tokenizer,
                             const GPtrArray          *segments,
                             const LimnEmbeddingNames *names,
                             int                       length,
                             gint32                    pad,
                             GError                  **error);
void        limn_chunks_free (LimnChunks *chunks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnChunks, limn_chunks_free)

/**
 * limn_chunk_apply_weights:
 * @z: (inout): [tokens, channels], one encoded chunk
 * @weights: [tokens]
 *
 * z · weight a token, then all of it so that its mean is what it was: AUTOMATIC1111's "Original" emphasis. With weights of 1 every bit
 * stays.
 */
void limn_chunk_apply_weights (float       *z,
                               int          tokens,
                               int          channels,
                               const float *weights);

G_END_DECLS
