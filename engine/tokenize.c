/* A model's tokenizer: where it is looked for, and prompts to ids.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters.h"
#include "engine/model-private.h"

static gboolean
holds_tokenizer (const char *folder)
{
  static const char *const names[] = { "tokenizer.json", "vocab.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return TRUE;
    }
  return FALSE;
}

/* The model's own, that of its settings, one beside a single file, the user's. */
static GPtrArray *
tokenizer_folders (LimnModel *model)
{
  GPtrArray       *places = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *beside = g_path_get_dirname (model->path);

  if (limn_model_folder_single (model->folder) == NULL)
    g_ptr_array_add (places, g_build_filename (model->path, "tokenizer", NULL));
  if (model->configs != NULL)
    g_ptr_array_add (
        places, g_build_filename (limn_model_folder_path (model->configs), "tokenizer", NULL));
  if (limn_model_folder_single (model->folder) != NULL)
    {
      g_ptr_array_add (places, g_build_filename (beside, "tokenizer", NULL));
      g_ptr_array_add (places, g_strdup (beside));
    }
  if (model->family->tokenizer != NULL)
    g_ptr_array_add (places, g_build_filename (g_get_user_data_dir (), "limn", "tokenizers",
                                               model->family->tokenizer, NULL));
  return places;
}

gboolean
limn_model_set_tokenizer (LimnModel  *model,
                          const char *folder,
                          GError    **error)
{
  LimnTokenizer *tokenizer = limn_tokenizer_open (folder, error);

  if (tokenizer == NULL)
    return FALSE;
  g_clear_pointer (&model->tokenizer, limn_tokenizer_free);
  model->tokenizer = tokenizer;
  g_hash_table_remove_all (model->texts);
  return TRUE;
}

static gboolean
open_tokenizer (LimnModel *model,
                GError   **error)
{
  g_autoptr (GPtrArray) folders = tokenizer_folders (model);

  if (model->tokenizer != NULL)
    return TRUE;
  for (guint i = 0; i < folders->len; i++)
    if (holds_tokenizer (folders->pdata[i]))
      return limn_model_set_tokenizer (model, folders->pdata[i], error);

  g_set_error (error,
               LIMN_ENGINE_ERROR,
               LIMN_ENGINE_ERROR_FILE,
               "%s: it comes without a tokenizer: put vocab.json and merges.txt into %s",
               model->path,
               (const char *) folders->pdata[folders->len - 1]);
  return FALSE;
}

/* What an encoder takes behind the end of a prompt. */
static gint32
padding_of (const LimnModel *model,
            int              encoder)
{
  return model->facts.zero_padded[encoder] ? 0 : MAX (0, limn_tokenizer_pad (model->tokenizer));
}

/* One encoder's row of ids. */
static gboolean
tokenize_row (LimnModel  *model,
              const char *prompt,
              int         encoder,
              LimnArray  *tokens,
              GError    **error)
{
  int                length = model->facts.text_tokens;
  float             *to = tokens->data + (gsize) encoder * length;
  g_autofree gint32 *ids = limn_tokenizer_encode_padded (model->tokenizer, prompt, length, padding_of (model, encoder), NULL, error);

  for (int i = 0; ids != NULL && i < length; i++)
    to[i] = ids[i];
  return ids != NULL;
}

LimnArray *
limn_model_tokenize (LimnModel  *model,
                     const char *prompt,
                     GError    **error)
{
  g_autoptr (LimnArray) tokens = limn_array_new ((LimnShape){ 1, model->facts.text_encoders, model->facts.text_tokens, 1 });

  if (!open_tokenizer (model, error))
    return NULL;
  for (int i = 0; i < model->facts.text_encoders; i++)
    if (!tokenize_row (model, prompt, i, tokens, error))
      return NULL;
  return g_steal_pointer (&tokens);
}

/* Returns: (transfer full) (nullable): the words that stand for vectors; %NULL with an error set, or if there are none */
static LimnEmbeddingNames *
embedding_names (LimnModel *model,
                 GError   **error)
{
  const char *name = limn_model_embedding_name (model, 0);
  g_autoptr (LimnEmbeddingNames) names = name != NULL ? limn_embedding_names_new (model->tokenizer) : NULL;

  for (guint i = 0; (name = limn_model_embedding_name (model, i)) != NULL; i++)
    {
      int first, count;

      limn_model_embedding_ids (model, name, &first, &count);
      if (!limn_embedding_names_add (names, name, count, error))
        return NULL;
    }
  return g_steal_pointer (&names);
}

/* The vectors' ids follow the vocabulary's. */
static void
fill_embeddings (LimnModel  *model,
                 LimnChunks *chunks)
{
  for (guint i = 0; i < chunks->embeddings->len; i++)
    {
      const LimnChunkEmbedding *found = &g_array_index (chunks->embeddings, LimnChunkEmbedding, i);
      gint32                   *to = chunks->tokens + (gsize) found->chunk * chunks->length + found->place;
      int                       first, count;

      limn_model_embedding_ids (model, found->name, &first, &count);
      for (int v = 0; v < found->vectors; v++)
        to[v] = first + v;
    }
  g_array_set_size (chunks->embeddings, 0); /* their names go with what knows them */
}

LimnChunks *
limn_model_chunks (LimnModel       *model,
                   const GPtrArray *segments,
                   int              encoder,
                   GError         **error)
{
  g_autoptr (LimnEmbeddingNames) names = NULL;
  g_autoptr (GError) failure = NULL;
  LimnChunks *chunks;

  if (!open_tokenizer (model, error))
    return NULL;
  names = embedding_names (model, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  chunks = limn_chunks_new (model->tokenizer, segments, names, model->facts.text_tokens, padding_of (model, encoder), error);
  if (chunks != NULL)
    fill_embeddings (model, chunks);
  return chunks;
}
