/* Vocabulary: tokens, their ids, and which pairs of them merge.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/tokenizers/vocabulary.h"

#include <string.h>

/* An open-addressed table: a vocabulary has up to 150,000 merges, and looking one up is all that encoding does. */
typedef struct
{
  guint64 pair; /* left id + 1, right id + 1; 0: free */
  guint32 rank;
  gint32  merged;
} Merge;

struct _LimnVocabulary
{
  GHashTable *ids;    /* token → id + 1 */
  GPtrArray  *tokens; /* by id; NULL: no token */
  Merge      *merges;
  guint32     n_merges, capacity; /* a power of 2, more than twice as many */
};

LimnVocabulary *
limn_vocabulary_new (void)
{
  LimnVocabulary *vocabulary = g_new0 (LimnVocabulary, 1);

  vocabulary->ids = g_hash_table_new (g_str_hash, g_str_equal);
  vocabulary->tokens = g_ptr_array_new_with_free_func (g_free);
  vocabulary->capacity = 1024;
  vocabulary->merges = g_new0 (Merge, vocabulary->capacity);
  return vocabulary;
}

void
limn_vocabulary_free (LimnVocabulary *vocabulary)
{
  if (vocabulary == NULL)
    return;
  g_hash_table_unref (vocabulary->ids);
  g_ptr_array_unref (vocabulary->tokens);
  g_free (vocabulary->merges);
  g_free (vocabulary);
}

gboolean
limn_vocabulary_add (LimnVocabulary *vocabulary,
                     const char     *token,
                     gint64          id)
{
  char *copy;

  if (id < 0 || id >= LIMN_VOCABULARY_MAX || limn_vocabulary_find (vocabulary, token) >= 0 || limn_vocabulary_token (vocabulary, (gint32) id) != NULL)
    return FALSE;
  if (id >= (gint64) vocabulary->tokens->len)
    g_ptr_array_set_size (vocabulary->tokens, (gint) id + 1);
  copy = g_strdup (token);
  vocabulary->tokens->pdata[id] = copy;
  g_hash_table_insert (vocabulary->ids, copy, GINT_TO_POINTER ((gint) id + 1));
  return TRUE;
}

gint32
limn_vocabulary_find (const LimnVocabulary *vocabulary,
                      const char           *token)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (vocabulary->ids, token)) - 1;
}

const char *
limn_vocabulary_token (const LimnVocabulary *vocabulary,
                       gint32                id)
{
  return id >= 0 && (guint) id < vocabulary->tokens->len ? vocabulary->tokens->pdata[id] : NULL;
}

int
limn_vocabulary_size (const LimnVocabulary *vocabulary)
{
  return (int) vocabulary->tokens->len;
}

/* --- merges ------------------------------------------------------------------------------------------------------ */

static guint64
pair_of (gint32 left,
         gint32 right)
{
  return ((guint64) left + 1) << 32 | (guint64) (right + 1);
}

/* The place of @pair in the table, or the free one where it belongs. */
static Merge *
merge_place (const LimnVocabulary *vocabulary,
             guint64               pair)
{
  guint64 hash = pair * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint32 at = (guint32) (hash >> 32) & (vocabulary->capacity - 1);

  while (vocabulary->merges[at].pair != 0 && vocabulary->merges[at].pair != pair)
    at = (at + 1) & (vocabulary->capacity - 1);
  return &vocabulary->merges[at];
}

static void
grow_merges (LimnVocabulary *vocabulary)
{
  Merge  *old = vocabulary->merges;
  guint32 capacity = vocabulary->capacity;

  vocabulary->capacity *= 2;
  vocabulary->merges = g_new0 (Merge, vocabulary->capacity);
  for (guint32 i = 0; i < capacity; i++)
    if (old[i].pair != 0)
      *merge_place (vocabulary, old[i].pair) = old[i];
  g_free (old);
}

gboolean
limn_vocabulary_add_merge (LimnVocabulary *vocabulary,
                           const char     *left,
                           const char     *right)
{
  g_autofree char *whole = g_strconcat (left, right, NULL);
  gint32           a = limn_vocabulary_find (vocabulary, left),
         b = limn_vocabulary_find (vocabulary, right);
  gint32 merged = limn_vocabulary_find (vocabulary, whole);
  Merge *merge;

  if (a < 0 || b < 0 || merged < 0 || vocabulary->n_merges >= LIMN_VOCABULARY_MAX)
    return FALSE;
  merge = merge_place (vocabulary, pair_of (a, b));
  if (merge->pair == 0)
    *merge = (Merge){ pair_of (a, b), vocabulary->n_merges, merged };
  vocabulary->n_merges++;
  if (vocabulary->n_merges * 2 > vocabulary->capacity)
    grow_merges (vocabulary);
  return TRUE;
}

/* --- bytes ------------------------------------------------------------------------------------------------------- */

static gboolean
stands_for_itself (gunichar c)
{
  return (c >= '!' && c <= '~') || (c >= 0xa1 && c <= 0xac) || (c >= 0xae && c <= 0xff);
}

void
limn_vocabulary_write_byte (guint8   byte,
                            GString *out)
{
  gunichar c = byte;

  if (!stands_for_itself (byte))
    {
      c = 0x100;
      for (guint8 other = 0; other < byte; other++)
        c += !stands_for_itself (other);
    }
  g_string_append_unichar (out, c);
}

int
limn_vocabulary_read_byte (gunichar c)
{
  if (c < 0x100)
    return stands_for_itself (c) ? (int) c : -1;
  for (int byte = 0; byte < 256; byte++)
    if (!stands_for_itself ((gunichar) byte) && c-- == 0x100)
      return byte;
  return -1;
}

/* --- encoding ---------------------------------------------------------------------------------------------------- */

/* A piece of a word, in a list that shrinks as pieces merge. */
typedef struct
{
  gint32 id; /* -1: merged into the piece before */
  int    previous, next;
} Piece;

/* A merge that was possible when it was put on the heap. */
typedef struct
{
  guint32 rank;
  int     at;
  guint64 pair;
} Candidate;

static gboolean
comes_first (const Candidate *a,
             const Candidate *b)
{
  return a->rank < b->rank || (a->rank == b->rank && a->at < b->at);
}

static void
heap_push (GArray          *heap,
           const Candidate *candidate)
{
  guint      at = heap->len;
  Candidate *items;

  g_array_append_vals (heap, candidate, 1);
  items = (Candidate *) (gpointer) heap->data;
  while (at > 0 && comes_first (&items[at], &items[(at - 1) / 2]))
    {
      Candidate swap = items[at];

      items[at] = items[(at - 1) / 2];
      items[(at - 1) / 2] = swap;
      at = (at - 1) / 2;
    }
}

static Candidate
heap_pop (GArray *heap)
{
  Candidate *items = (Candidate *) (gpointer) heap->data;
  Candidate  top = items[0], moved = items[heap->len - 1];
  guint      at = 0, child;

  g_array_set_size (heap, heap->len - 1);
  while ((child = 2 * at + 1) < heap->len)
    {
      if (child + 1 < heap->len && comes_first (&items[child + 1], &items[child]))
        child++;
      if (!comes_first (&items[child], &moved))
        break;
      items[at] = items[child];
      at = child;
    }
  if (heap->len > 0)
    items[at] = moved;
  return top;
}

static void
propose (const LimnVocabulary *vocabulary,
         const Piece          *pieces,
         int                   at,
         GArray               *heap)
{
  guint64      pair;
  const Merge *merge;

  if (at < 0 || pieces[at].next < 0)
    return;
  pair = pair_of (pieces[at].id, pieces[pieces[at].next].id);
  merge = merge_place (vocabulary, pair);
  if (merge->pair == pair)
    heap_push (heap, &(Candidate){ merge->rank, at, pair });
}

static void
merge_pieces (const LimnVocabulary *vocabulary,
              Piece                *pieces,
              GArray               *heap)
{
  while (heap->len > 0)
    {
      Candidate candidate = heap_pop (heap);
      Piece    *piece = &pieces[candidate.at];
      int       next = piece->next;

      /* One of the two has merged with another meanwhile. */
      if (piece->id < 0 || next < 0 || pair_of (piece->id, pieces[next].id) != candidate.pair)
        continue;
      piece->id = merge_place (vocabulary, candidate.pair)->merged;
      piece->next = pieces[next].next;
      pieces[next].id = -1;
      if (piece->next >= 0)
        pieces[piece->next].previous = candidate.at;
      propose (vocabulary, pieces, piece->previous, heap);
      propose (vocabulary, pieces, candidate.at, heap);
    }
}

gboolean
limn_vocabulary_encode (const LimnVocabulary *vocabulary,
                        const char           *word,
                        gsize                 n,
                        const char           *suffix,
                        GArray               *ids)
{
  g_autofree Piece *pieces = g_new (Piece, n);
  g_autoptr (GArray) heap = g_array_new (FALSE, FALSE, sizeof (Candidate));
  g_autoptr (GString) token = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    {
      g_string_truncate (token, 0);
      limn_vocabulary_write_byte ((guint8) word[i], token);
      if (i + 1 == n)
        g_string_append (token, suffix);
      pieces[i] = (Piece){ limn_vocabulary_find (vocabulary, token->str), (int) i - 1,
                           i + 1 < n ? (int) i + 1 : -1 };
      if (pieces[i].id < 0)
        return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    propose (vocabulary, pieces, (int) i, heap);
  merge_pieces (vocabulary, pieces, heap);
  for (int i = n > 0 ? 0 : -1; i >= 0; i = pieces[i].next)
    g_array_append_val (ids, pieces[i].id);
  return TRUE;
}
