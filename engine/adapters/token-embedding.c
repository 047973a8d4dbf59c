/* Textual inversion: files of new words, as rows of the text encoders' tables.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters/token-embedding.h"
#include "engine/weights/weights-private.h"

#include <math.h>

void
limn_token_embedding_free (LimnTokenEmbedding *embedding)
{
  if (embedding == NULL)
    return;
  for (int i = 0; i < LIMN_EMBEDDING_ENCODERS; i++)
    g_free (embedding->rows[i]);
  g_free (embedding->name);
  g_free (embedding->path);
  g_free (embedding);
}

static gboolean
refuse (GError    **error,
        int         code,
        const char *path,
        const char *why)
{
  g_autofree char *shown = limn_printable (path);

  g_set_error (error, LIMN_ENGINE_ERROR, code, "%s: %s", shown, why);
  return FALSE;
}

/* AUTOMATIC1111's, ComfyUI's and diffusers' names; that of an only tensor is its token. */
static const LimnWeight *
find_tensor (const LimnWeights *weights,
             int                encoder)
{
  static const char *const names[LIMN_EMBEDDING_ENCODERS][4] = {
    { "clip_l", "text_encoders_0", "emb_params", "string_to_param.*" },
    { "clip_g", "text_encoders_1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names[encoder]) && names[encoder][i] != NULL; i++)
    if (limn_weights_find (weights, names[encoder][i]) != NULL)
      return limn_weights_find (weights, names[encoder][i]);
  return encoder == 0 && limn_weights_count (weights) == 1 ? limn_weights_get (weights, 0) : NULL;
}

static gboolean
read_rows (LimnTokenEmbedding *embedding,
           const LimnWeight   *tensor,
           int                 encoder,
           int                 width,
           const char         *path,
           GError            **error)
{
  gsize n = tensor->n_elements / (gsize) width;

  if (tensor->n_dims < 1 || tensor->n_dims > 2 || tensor->dims[tensor->n_dims - 1] != width)
    return refuse (error, LIMN_ENGINE_ERROR_UNSUPPORTED, path, "its words are of another width than this model's: it is an embedding for another model");
  if (n < 1 || n > LIMN_MAX_EMBEDDING_ROWS || (embedding->n != 0 && embedding->n != n))
    return refuse (error, LIMN_ENGINE_ERROR_FILE, path, "has no rows, too many, or not as many for each text encoder; get the file again");
  embedding->n = n;
  embedding->rows[encoder] = g_new (float, tensor->n_elements);
  limn_weight_to_f32 (tensor, embedding->rows[encoder]);
  for (gsize i = 0; i < tensor->n_elements; i++)
    if (!isfinite (embedding->rows[encoder][i]))
      return refuse (error, LIMN_ENGINE_ERROR_FILE, path, "holds numbers that are not finite; get the file again");
  return TRUE;
}

LimnTokenEmbedding *
limn_token_embedding_open (const char *name,
                           const char *path,
                           const int   widths[LIMN_EMBEDDING_ENCODERS],
                           GError    **error)
{
  g_autoptr (LimnWeights) weights = limn_weights_open (path, error);
  g_autoptr (LimnTokenEmbedding) embedding = g_new0 (LimnTokenEmbedding, 1);

  embedding->name = g_strdup (name);
  embedding->path = g_strdup (path);
  if (weights == NULL)
    return NULL;
  for (int i = 0; i < LIMN_EMBEDDING_ENCODERS; i++)
    {
      const LimnWeight *tensor = find_tensor (weights, i);

      if (widths[i] == 0)
        continue;
      if (tensor == NULL)
        return refuse (error, LIMN_ENGINE_ERROR_UNSUPPORTED, path, "has no words for a text encoder of this model: it is no embedding, or one for another model"), NULL;
      if (!read_rows (embedding, tensor, i, widths[i], path, error))
        return NULL;
    }
  return g_steal_pointer (&embedding);
}
