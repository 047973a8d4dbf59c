/* Chunks of tokens, filled as AUTOMATIC1111 fills them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/prompt/chunks.h"

#include <math.h>
#include <string.h>

/* A chunk that is full gives back at most so many tokens, those after its last comma. */
#define BACKTRACK 20

/* Beyond it a weight is infinite in half floats. */
#define MAX_WEIGHT 60000.0

typedef struct
{
  char   *name;
  GArray *ids; /* gint32 */
  int     vectors;
} Name;

struct _LimnEmbeddingNames
{
  LimnTokenizer *tokenizer;
  GHashTable    *by_first; /* first id → GPtrArray of Name, the longest first */
};

/**
 * Filler:
 * @tokens, @weights: of the chunk that is being filled
 * @comma: place of its last comma, or -1
 * @first_embedding: of the chunk that is being filled
 */
typedef struct
{
  const LimnEmbeddingNames *names;
  LimnChunks               *chunks;
  GArray                   *all_tokens, *all_weights;
  GArray                   *tokens, *weights;
  gint32                    start, end, pad, comma_token;
  int                       comma;
  guint                     first_embedding;
} Filler;

/* --- embeddings -------------------------------------------------------------------------------------------------- */

static void
name_free (gpointer data)
{
  Name *name = data;

  g_free (name->name);
  g_array_unref (name->ids);
  g_free (name);
}

LimnEmbeddingNames *
limn_embedding_names_new (LimnTokenizer *tokenizer)
{
  LimnEmbeddingNames *names = g_new (LimnEmbeddingNames, 1);

  names->tokenizer = tokenizer;
  names->by_first = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  return names;
}

void
limn_embedding_names_free (LimnEmbeddingNames *names)
{
  if (names == NULL)
    return;
  g_hash_table_unref (names->by_first);
  g_free (names);
}

static void
insert_by_length (GPtrArray *places,
                  Name      *name)
{
  guint at = 0;

  while (at < places->len && ((Name *) places->pdata[at])->ids->len >= name->ids->len)
    at++;
  g_ptr_array_insert (places, (int) at, name);
}

gboolean
limn_embedding_names_add (LimnEmbeddingNames *names,
                          const char         *name,
                          int                 vectors,
                          GError            **error)
{
  g_autoptr (GArray) ids = limn_tokenizer_encode (names->tokenizer, name, -1, error);
  GPtrArray *places;
  gpointer   first;
  Name      *added;

  if (ids == NULL)
    return FALSE;
  if (ids->len == 0 || vectors < 1 || vectors > LIMN_CHUNK_LENGTH - 2)
    {
      g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT,
                   "embedding \"%s\" has %d vectors: give it a name of letters; 1 to %d vectors fit a prompt", name, vectors,
                   LIMN_CHUNK_LENGTH - 2);
      return FALSE;
    }

  first = GINT_TO_POINTER (g_array_index (ids, gint32, 0));
  places = g_hash_table_lookup (names->by_first, first);
  if (places == NULL)
    {
      places = g_ptr_array_new_with_free_func (name_free);
      g_hash_table_insert (names->by_first, first, places);
    }
  added = g_new (Name, 1);
  *added = (Name){ g_strdup (name), g_steal_pointer (&ids), vectors };
  insert_by_length (places, added);
  return TRUE;
}

static const Name *
find_name (const LimnEmbeddingNames *names,
           const GArray             *ids,
           guint                     at)
{
  const gint32    *here = &g_array_index (ids, gint32, at);
  const GPtrArray *places = names != NULL ? g_hash_table_lookup (names->by_first, GINT_TO_POINTER (*here)) : NULL;

  for (guint i = 0; places != NULL && i < places->len; i++)
    {
      const Name *name = places->pdata[i];

      if (name->ids->len <= ids->len - at && memcmp (name->ids->data, here, name->ids->len * sizeof *here) == 0)
        return name;
    }
  return NULL;
}

/* --- filling ----------------------------------------------------------------------------------------------------- */

static int
capacity (const Filler *filler)
{
  return filler->chunks->length - 2;
}

static int
filled (const Filler *filler)
{
  return (int) filler->tokens->len;
}

static void
append_place (Filler *filler,
              gint32  token,
              float   weight)
{
  g_array_append_val (filler->all_tokens, token);
  g_array_append_val (filler->all_weights, weight);
}

/* Puts the first @n tokens into a chunk of their own and leaves the others for the next. */
static void
end_chunk_at (Filler *filler,
              int     n)
{
  GArray *embeddings = filler->chunks->embeddings;

  append_place (filler, filler->start, 1);
  g_array_append_vals (filler->all_tokens, filler->tokens->data, (guint) n);
  g_array_append_vals (filler->all_weights, filler->weights->data, (guint) n);
  append_place (filler, filler->end, 1);
  for (int i = n; i < capacity (filler); i++)
    append_place (filler, filler->pad, 1);
  g_array_remove_range (filler->tokens, 0, (guint) n);
  g_array_remove_range (filler->weights, 0, (guint) n);

  while (filler->first_embedding < embeddings->len && g_array_index (embeddings, LimnChunkEmbedding, filler->first_embedding).place <= n)
    filler->first_embedding++;
  filler->chunks->n++;
  for (guint i = filler->first_embedding; i < embeddings->len; i++)
    {
      g_array_index (embeddings, LimnChunkEmbedding, i).place -= n;
      g_array_index (embeddings, LimnChunkEmbedding, i).chunk++;
    }
  filler->comma = -1;
}

static void
end_chunk (Filler  *filler,
           gboolean last)
{
  filler->chunks->n_tokens += last ? filled (filler) : capacity (filler);
  end_chunk_at (filler, filled (filler));
}

/* The chunk is full: it ends, after its last comma if that is near. */
static void
make_room (Filler *filler,
           gint32  token)
{
  if (token == filler->comma_token)
    filler->comma = filled (filler);
  else if (filled (filler) == capacity (filler) && filler->comma >= 0 && filled (filler) - filler->comma <= BACKTRACK)
    {
      filler->chunks->n_tokens += capacity (filler);
      end_chunk_at (filler, filler->comma + 1);
    }
  if (filled (filler) == capacity (filler))
    end_chunk (filler, FALSE);
}

static void
add_place (Filler *filler,
           gint32  token,
           float   weight)
{
  g_array_append_val (filler->tokens, token);
  g_array_append_val (filler->weights, weight);
}

static void
add_embedding (Filler     *filler,
               const Name *name,
               float       weight)
{
  LimnChunkEmbedding embedding = { .name = name->name, .vectors = name->vectors };

  if (filled (filler) + name->vectors > capacity (filler))
    end_chunk (filler, FALSE);
  embedding.chunk = filler->chunks->n;
  embedding.place = filled (filler) + 1;
  g_array_append_val (filler->chunks->embeddings, embedding);
  for (int i = 0; i < name->vectors; i++)
    add_place (filler, 0, weight);
}

static void
add_tokens (Filler       *filler,
            const GArray *ids,
            double        weight)
{
  float w = (float) CLAMP (weight, -MAX_WEIGHT, MAX_WEIGHT);

  for (guint i = 0; i < ids->len;)
    {
      const Name *name = find_name (filler->names, ids, i);

      make_room (filler, g_array_index (ids, gint32, i));
      if (name != NULL && name->vectors > capacity (filler))
        name = NULL;
      if (name != NULL)
        add_embedding (filler, name, w);
      else
        add_place (filler, g_array_index (ids, gint32, i), w);
      i += name != NULL ? name->ids->len : 1;
    }
}

static gboolean
fill (Filler          *filler,
      LimnTokenizer   *tokenizer,
      const GPtrArray *segments,
      GError         **error)
{
  for (guint i = 0; i < segments->len; i++)
    {
      const LimnPromptSegment *segment = segments->pdata[i];
      g_autoptr (GArray) ids = NULL;

      if (segment->text == NULL)
        {
          end_chunk (filler, FALSE);
          continue;
        }
      ids = limn_tokenizer_encode (tokenizer, segment->text, -1, error);
      if (ids == NULL)
        return FALSE;
      add_tokens (filler, ids, segment->weight);
    }
  if (filled (filler) > 0 || filler->chunks->n == 0)
    end_chunk (filler, TRUE);
  return TRUE;
}

LimnChunks *
limn_chunks_new (LimnTokenizer            *tokenizer,
                 const GPtrArray          *segments,
                 const LimnEmbeddingNames *names,
                 int                       length,
                 gint32                    pad,
                 GError                  **error)
{
  g_autoptr (LimnChunks) chunks = g_new0 (LimnChunks, 1);
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autoptr (GArray) weights = g_array_new (FALSE, FALSE, sizeof (float));
  Filler filler = {
    .names = names,
    .chunks = chunks,
    .all_tokens = g_array_new (FALSE, FALSE, sizeof (gint32)),
    .all_weights = g_array_new (FALSE, FALSE, sizeof (float)),
    .tokens = tokens,
    .weights = weights,
    .start = limn_tokenizer_start (tokenizer),
    .end = limn_tokenizer_end (tokenizer),
    .pad = pad,
    .comma_token = limn_tokenizer_find (tokenizer, ",</w>"),
    .comma = -1,
  };
  gboolean ok;

  chunks->length = length;
  chunks->embeddings = g_array_new (FALSE, FALSE, sizeof (LimnChunkEmbedding));
  ok = fill (&filler, tokenizer, segments, error);
  chunks->tokens = (gint32 *) (void *) g_array_free (filler.all_tokens, FALSE);
  chunks->weights = (float *) (void *) g_array_free (filler.all_weights, FALSE);
  return ok ? g_steal_pointer (&chunks) : NULL;
}

void
limn_chunks_free (LimnChunks *chunks)
{
  if (chunks == NULL)
    return;
  g_free (chunks->tokens);
  g_free (chunks->weights);
  g_clear_pointer (&chunks->embeddings, g_array_unref);
  g_free (chunks);
}

/* --- weights ----------------------------------------------------------------------------------------------------- */

static double
sum_of (const float *z,
        gsize        n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += z[i];
  return sum;
}

void
limn_chunk_apply_weights (float       *z,
                          int          tokens,
                          int          channels,
                          const float *weights)
{
  gsize    n = (gsize) tokens * channels;
  gboolean weighted = FALSE;
  double   before, factor;

  for (int i = 0; i < tokens; i++)
    weighted |= weights[i] != 1;
  if (!weighted)
    return;

  before = sum_of (z, n);
  for (gsize i = 0; i < n; i++)
    z[i] *= weights[i / channels];
  factor = before / sum_of (z, n);
  for (gsize i = 0; i < n && isfinite (factor); i++)
    z[i] *= (float) factor;
}
