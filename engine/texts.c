/* What the generator is told in each step of a generation: prompts, read and encoded.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/texts.h"

#include "engine/generate-private.h"
#include "engine/prompt/chunks.h"

/* A text of more is no text that anybody wrote by hand; it would take minutes and gigabytes. */
#define MAX_CHUNKS 64
#define MAX_CHUNKS_IN_ALL 1024
#define MAX_BRANCHES 16

/**
 * Side:
 * @prompt: (nullable): for families that weigh prompts
 * @literal: for the others
 * @given: (nullable): in place of both
 *
 * The prompt or the negative prompt.
 */
typedef struct
{
  LimnPrompt     *prompt;
  char           *literal;
  const LimnText *given;
  gboolean        negative;
} Side;

/**
 * LimnTexts:
 * @known: (element-type utf8 LimnText): what this generation is told, by side and text
 * @table: [steps, samples], one step where nothing changes
 */
struct _LimnTexts
{
  LimnModel            *model;
  const LimnGeneration *settings;
  Side                  sides[2];
  gboolean              guided;
  int                   branches, calls, steps, chunks;
  GHashTable           *known;
  const LimnText      **table;
};

void
limn_texts_free (LimnTexts *texts)
{
  if (texts == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (texts->sides); i++)
    {
      limn_prompt_free (texts->sides[i].prompt);
      g_free (texts->sides[i].literal);
    }
  g_hash_table_unref (texts->known);
  g_free (texts->table);
  g_free (texts);
}

/* --- encoding ---------------------------------------------------------------------------------------------------- */

/* Ids of one chunk, a row for each encoder: [1, e, t, 1]. */
static LimnArray *
chunk_tokens (LimnChunks **rows,
              int          encoders,
              int          chunk)
{
  int        length = rows[0]->length;
  LimnArray *tokens = limn_array_new ((LimnShape){ 1, encoders, length, 1 });

  for (int e = 0; e < encoders; e++)
    for (int i = 0; i < length; i++)
      tokens->data[e * length + i] = rows[e]->tokens[chunk * length + i];
  return tokens;
}

/* Behind each row of @array that of @more: [1, h, w, c] and [1, h, v, c] → [1, h, w + v, c]. */
static LimnArray *
join_tokens (const LimnArray *array,
             const LimnArray *more)
{
  LimnShape  a = array->shape, b = more->shape;
  LimnArray *joined = limn_array_new ((LimnShape){ a.n, a.h, a.w + b.w, a.c });
  gsize      first = (gsize) a.w * a.c, second = (gsize) b.w * b.c;

  for (int row = 0; row < a.h; row++)
    {
      float *to = joined->data + row * (first + second);

      memcpy (to, array->data + row * first, first * sizeof *to);
      memcpy (to + first, more->data + row * second, second * sizeof *to);
    }
  return joined;
}

/* The pooled text stays the first chunk's. */
static void
append_chunk (LimnText       *text,
              const LimnText *more)
{
  LimnArray *tokens = join_tokens (text->tokens, more->tokens),
            *embedding = join_tokens (text->embedding, more->embedding);

  limn_array_free (text->tokens);
  limn_array_free (text->embedding);
  text->tokens = tokens;
  text->embedding = embedding;
  text->length = tokens->shape.w;
}

static LimnText *
encode_chunks (LimnModel   *model,
               LimnChunks **rows,
               int          clip_skip,
               GError     **error)
{
  g_autoptr (LimnText) text = NULL;

  for (int i = 0; i < rows[0]->n; i++)
    {
      g_autoptr (LimnArray) tokens = chunk_tokens (rows, model->facts.text_encoders, i);
      g_autoptr (LimnText) chunk = limn_model_encode_weighted (model, tokens, rows[0]->weights + i * rows[0]->length, clip_skip, error);

      if (chunk == NULL)
        return NULL;
      if (text == NULL)
        text = g_steal_pointer (&chunk);
      else
        append_chunk (text, chunk);
    }
  return g_steal_pointer (&text);
}

static gboolean
count_chunks (LimnTexts *texts,
              int        n,
              GError   **error)
{
  if (n > MAX_CHUNKS)
    return limn_argument_error (error, "the prompt has %d chunks of %d tokens: write one of %d or less", n, texts->model->facts.text_tokens - 2, MAX_CHUNKS);
  texts->chunks += n;
  if (texts->chunks > MAX_CHUNKS_IN_ALL)
    return limn_argument_error (error, "the prompt asks for more than %d chunks of text over all steps: shorten it or let it change less often",
                                MAX_CHUNKS_IN_ALL);
  return TRUE;
}

static LimnText *
encode_weighted (LimnTexts  *texts,
                 const char *text,
                 GError    **error)
{
  LimnModel *model = texts->model;
  g_autoptr (GPtrArray) segments = limn_prompt_segments (text);
  LimnChunks *rows[LIMN_MAX_TEXT_ENCODERS] = { NULL };
  LimnText   *encoded = NULL;
  gboolean    ok = TRUE;

  for (int e = 0; e < model->facts.text_encoders && ok; e++)
    {
      rows[e] = limn_model_chunks (model, segments, e, error);
      ok = rows[e] != NULL;
    }
  if (ok && count_chunks (texts, rows[0]->n, error))
    encoded = encode_chunks (model, rows, texts->settings->clip_skip, error);
  for (int e = 0; e < LIMN_MAX_TEXT_ENCODERS; e++)
    limn_chunks_free (rows[e]);
  return encoded;
}

static LimnText *
encode_literal (LimnTexts  *texts,
                const char *text,
                GError    **error)
{
  g_autoptr (LimnArray) tokens = limn_model_tokenize (texts->model, text, error);

  return tokens != NULL ? limn_model_encode_tokens (texts->model, tokens, texts->settings->clip_skip, error) : NULL;
}

/* From the model's cache, or encoded into it. */
static const LimnText *
encode_text (LimnTexts  *texts,
             const char *text,
             GError    **error)
{
  GHashTable      *cache = texts->model->texts;
  g_autofree char *key = g_strdup_printf ("%d %s", texts->settings->clip_skip, text);
  LimnText        *encoded = g_hash_table_lookup (cache, key);

  if (encoded != NULL)
    return encoded;
  encoded = texts->model->facts.weighted_prompts ? encode_weighted (texts, text, error) : encode_literal (texts, text, error);
  if (encoded != NULL)
    g_hash_table_insert (cache, g_steal_pointer (&key), encoded);
  return encoded;
}

/* --- steps ------------------------------------------------------------------------------------------------------- */

/* What a branch of @side says in step @step. */
static char *
text_of (const LimnTexts *texts,
         const Side      *side,
         int              branch,
         int              step)
{
  if (side->given != NULL)
    return g_strdup ("");
  if (side->prompt == NULL)
    return g_strdup (side->literal);
  return limn_prompt_text (side->prompt, branch, step, texts->calls);
}

/* This generation's own copy: texts are filled up, and told sizes. */
static const LimnText *
find_text (LimnTexts  *texts,
           const Side *side,
           int         branch,
           int         step,
           GError    **error)
{
  g_autofree char *text = text_of (texts, side, branch, step);
  g_autofree char *key = g_strdup_printf ("%d %s", side->negative, text);
  LimnText        *known = g_hash_table_lookup (texts->known, key);
  const LimnText  *encoded;

  if (known != NULL)
    return known;
  encoded = side->given != NULL ? side->given : encode_text (texts, text, error);
  if (encoded == NULL)
    return NULL;
  known = limn_text_with_conditions (texts->model, encoded, texts->settings, side->negative);
  g_hash_table_insert (texts->known, g_steal_pointer (&key), known);
  return known;
}

static gboolean
fill_table (LimnTexts *texts,
            GError   **error)
{
  int samples = limn_texts_samples (texts);

  texts->table = g_new0 (const LimnText *, (gsize) texts->steps *samples);
  for (int step = 0; step < texts->steps; step++)
    for (int i = 0; i < samples; i++)
      {
        const Side      *side = &texts->sides[i < texts->branches ? 0 : 1];
        const LimnText **to = &texts->table[step * samples + i];

        *to = find_text (texts, side, i < texts->branches ? i : 0, step + 1, error);
        if (*to == NULL)
          return FALSE;
      }
  return TRUE;
}

/* Empty chunks behind shorter texts. */
static gboolean
fill_up (LimnTexts *texts,
         GError   **error)
{
  GHashTableIter  all;
  gpointer        value;
  int             widest = 0;
  const LimnText *empty;

  g_hash_table_iter_init (&all, texts->known);
  while (g_hash_table_iter_next (&all, NULL, &value))
    widest = MAX (widest, ((LimnText *) value)->embedding->shape.w);
  if (!texts->model->facts.weighted_prompts || widest <= texts->model->facts.text_tokens)
    return TRUE;

  empty = encode_text (texts, "", error);
  g_hash_table_iter_init (&all, texts->known);
  while (empty != NULL && g_hash_table_iter_next (&all, NULL, &value))
    while (((LimnText *) value)->embedding->shape.w + empty->embedding->shape.w <= widest)
      append_chunk (value, empty);
  return empty != NULL;
}

/* --- prompts ----------------------------------------------------------------------------------------------------- */

/* Prompts have tags; in negative prompts they are text, as in AUTOMATIC1111. */
static char *
take_tags (const char *text)
{
  g_autoptr (GPtrArray) tags = NULL;
  char *rest = limn_prompt_take_tags (text, &tags);

  for (guint i = 0; i < tags->len; i++)
    g_warning ("the prompt's tag “%s” is left out: nothing is applied for it", ((LimnPromptTag *) tags->pdata[i])->name);
  return rest;
}

static void
read_side (LimnTexts *texts,
           gboolean   negative)
{
  const LimnGeneration      *settings = texts->settings;
  const LimnGenerationParts *parts = settings->parts;
  Side                      *side = &texts->sides[negative ? 1 : 0];
  g_autofree char           *text = negative ? g_strdup (settings->negative) : take_tags (settings->prompt);

  side->negative = negative;
  if (parts != NULL)
    side->given = negative ? parts->negative : parts->text;
  if (texts->model->facts.weighted_prompts)
    side->prompt = limn_prompt_parse (text, !negative);
  else
    side->literal = g_steal_pointer (&text);
}

static gboolean
changes (const Side *side)
{
  return side->given == NULL && side->prompt != NULL && limn_prompt_changes (side->prompt);
}

static double
branch_weight (const LimnTexts *texts,
               int              branch)
{
  const Side *side = &texts->sides[0];

  return side->given != NULL || side->prompt == NULL ? 1 : limn_prompt_branch_weight (side->prompt, branch);
}

static gboolean
read_prompts (LimnTexts *texts,
              GError   **error)
{
  const Side *side = &texts->sides[0];

  read_side (texts, FALSE);
  read_side (texts, TRUE);
  texts->branches = side->given != NULL || side->prompt == NULL ? 1 : limn_prompt_branches (side->prompt);
  if (texts->branches > MAX_BRANCHES)
    return limn_argument_error (error, "AND joins %d prompts: write %d or less", texts->branches, MAX_BRANCHES);
  texts->guided = texts->settings->guidance != 1 || texts->branches > 1 || branch_weight (texts, 0) != 1;
  texts->steps = changes (side) || (texts->guided && changes (&texts->sides[1])) ? texts->calls : 1;
  return TRUE;
}

/* An empty negative prompt is nothing at all to some families. */
static void
zero_negative (LimnTexts *texts)
{
  LimnText *text = g_hash_table_lookup (texts->known, "1 ");

  if (texts->model->facts.zero_negative && texts->settings->negative[0] == '\0' && texts->sides[1].given == NULL && text != NULL)
    limn_text_zero (text);
}

LimnTexts *
limn_texts_new (LimnModel            *model,
                const LimnGeneration *settings,
                int                   calls,
                GError              **error)
{
  g_autoptr (LimnTexts) texts = g_new0 (LimnTexts, 1);

  texts->model = model;
  texts->settings = settings;
  texts->calls = calls;
  texts->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) limn_text_free);
  if (g_hash_table_size (model->texts) >= LIMN_CACHED_TEXTS)
    g_hash_table_remove_all (model->texts);
  if (!read_prompts (texts, error) || !fill_table (texts, error) || !fill_up (texts, error))
    return NULL;
  zero_negative (texts);
  return g_steal_pointer (&texts);
}

/* --- use --------------------------------------------------------------------------------------------------------- */

int
limn_texts_samples (const LimnTexts *texts)
{
  return texts->branches + (texts->guided ? 1 : 0);
}

gboolean
limn_texts_guided (const LimnTexts *texts)
{
  return texts->guided;
}

/* The first two calls are told the first step's, as in AUTOMATIC1111, which counts calls from 0 and steps from 1. */
const LimnText **
limn_texts_at (const LimnTexts *texts,
               int              call)
{
  int step = CLAMP (call, 1, texts->steps);

  return texts->table + (gsize) (step - 1) * limn_texts_samples (texts);
}

void
limn_texts_combine (const LimnTexts *texts,
                    double           guidance,
                    const float     *predicted,
                    float           *combined,
                    gsize            n)
{
  const float *negative = predicted + texts->branches * n;

  if (!texts->guided || (guidance == 1 && texts->branches == 1 && branch_weight (texts, 0) == 1))
    {
      memcpy (combined, predicted, n * sizeof *combined);
      return;
    }
  memcpy (combined, negative, n * sizeof *combined);
  for (int branch = 0; branch < texts->branches; branch++)
    {
      float scale = (float) (branch_weight (texts, branch) * guidance);

      for (gsize i = 0; i < n; i++)
        combined[i] += scale * (predicted[branch * n + i] - negative[i]);
    }
}
