/* Calls of a model's parts: text and generator.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

#include <math.h>

void
limn_text_free (LimnText *text)
{
  if (text == NULL)
    return;
  limn_array_free (text->tokens);
  limn_array_free (text->embedding);
  limn_array_free (text->pooled);
  limn_array_free (text->conditions);
  g_free (text);
}

static gboolean
has_input (LimnPlan   *plan,
           const char *name)
{
  return limn_plan_input_shape (plan, name).n > 0;
}

gboolean
limn_check_finite (const LimnArray *array,
                   const char      *what,
                   GError         **error)
{
  gsize n = limn_shape_elements (array->shape);

  for (gsize i = 0; i < n; i++)
    if (!isfinite (array->data[i]))
      {
        g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_RESULT,
                     "the %s holds numbers that are not finite: the model overflowed or is damaged; try LIMN_TYPE=f32 or less guidance",
                     what);
        return FALSE;
      }
  return TRUE;
}

/* Leading tokens before the padding, which has id 0; a prompt that fills all places has none. */
static int
count_tokens (const LimnArray *tokens)
{
  int n = 0;

  while (n < tokens->shape.w && tokens->data[n] != 0)
    n++;
  return n;
}

/* The pooled text of CLIP: the last block's output at the first place of the highest id, the end token; new words have higher ones. */
static LimnArray *
pool_text (const LimnArray *last,
           const float     *tokens,
           int              vocabulary)
{
  int        channels = last->shape.c, end = 0;
  LimnArray *pooled = limn_array_new ((LimnShape){ 1, 1, 1, channels });

  for (int i = 1; i < last->shape.w; i++)
    if (tokens[i] > tokens[end] && (vocabulary == 0 || tokens[i] < vocabulary))
      end = i;
  memcpy (pooled->data, last->data + (gsize) end * channels, channels * sizeof (float));
  return pooled;
}

static gboolean
check_tokens (LimnModel       *model,
              const LimnArray *tokens,
              int              clip_skip,
              GError         **error)
{
  LimnShape want = { 1, model->facts.text_encoders, model->facts.text_tokens, 1 };
  int       vocabulary = limn_model_vocabulary (model);

  if (!limn_shape_equal (tokens->shape, want))
    return limn_argument_error (error, "%d × %d tokens: this model takes %d × %d",
                                tokens->shape.h, tokens->shape.w, want.h, want.w);
  for (int i = 0; i < want.h * want.w; i++)
    if (!(tokens->data[i] >= 0 && (vocabulary == 0 || tokens->data[i] < vocabulary)))
      return limn_argument_error (
          error, "token %g: this model's vocabulary has %d; its tokenizer is another model's",
          tokens->data[i], vocabulary);
  if (clip_skip < 1 || clip_skip > 12)
    return limn_argument_error (error, "clip skip %d: it is 1 to 12", clip_skip);
  return TRUE;
}

/* What one encoder makes of its row of ids: the embedding, and the pooled text if the family has one. */
static gboolean
run_encoder (LimnModel   *model,
             int          encoder,
             const float *ids,
             const float *weights,
             int          clip_skip,
             LimnText    *text,
             GError     **error)
{
  LimnPlanKey key = { .n = 1, .clip_skip = clip_skip };
  LimnPlan   *plan = limn_model_plan (model, LIMN_PART_TEXT + encoder, &key, error);
  float       length = text->length;
  g_autoptr (LimnArray) embedding = NULL, last = NULL;

  if (plan == NULL)
    return FALSE;
  limn_plan_write (plan, "tokens", ids);
  if (has_input (plan, "lengths"))
    limn_plan_write (plan, "lengths", &length);
  if (!limn_plan_run (plan, error))
    return FALSE;

  embedding = limn_plan_read (plan, "embedding");
  if (!limn_check_finite (embedding, "text", error))
    return FALSE;
  if (weights != NULL)
    limn_chunk_apply_weights (embedding->data, embedding->shape.w, embedding->shape.c, weights);
  text->embedding = limn_array_join_channels (g_steal_pointer (&text->embedding), embedding);
  if (!model->facts.pooled_text)
    return TRUE;
  last = limn_plan_read (plan, "last");
  limn_array_free (text->pooled);
  text->pooled = pool_text (last, ids, model->facts.vocabulary);
  return TRUE;
}

static LimnText *
encode_tokens_once (LimnModel       *model,
                    const LimnArray *tokens,
                    const float     *weights,
                    int              clip_skip,
                    GError         **error)
{
  g_autoptr (LimnText) text = g_new0 (LimnText, 1);

  if (!check_tokens (model, tokens, clip_skip, error))
    return NULL;
  text->tokens = limn_array_copy (tokens);
  text->length = count_tokens (tokens);
  for (int i = 0; i < tokens->shape.h; i++)
    if (!run_encoder (model, i, tokens->data + (gsize) i * tokens->shape.w, weights, clip_skip, text, error))
      return NULL;
  return g_steal_pointer (&text);
}

LimnText *
limn_model_encode_weighted (LimnModel       *model,
                            const LimnArray *tokens,
                            const float     *weights,
                            int              clip_skip,
                            GError         **error)
{
  g_autoptr (GError) why = NULL;
  LimnText *result;

  do
    result = encode_tokens_once (model, tokens, weights, clip_skip, &why);
  while (result == NULL && limn_model_recover (model, &why));
  if (result == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return result;
}

LimnText *
limn_model_encode_tokens (LimnModel       *model,
                          const LimnArray *tokens,
                          int              clip_skip,
                          GError         **error)
{
  return limn_model_encode_weighted (model, tokens, NULL, clip_skip, error);
}

int
limn_model_text_tokens (const LimnModel *model,
                        const LimnText  *text)
{
  return text->embedding->shape.w == model->facts.text_tokens ? 0 : text->embedding->shape.w;
}

gboolean
limn_check_latent (const LimnArray *latent,
                   int              channels,
                   GError         **error)
{
  LimnShape shape = latent->shape;

  if (shape.c == channels && shape.n > 0 && shape.h > 0 && shape.w > 0)
    return TRUE;
  return limn_argument_error (error,
                              "a latent of %d × %d × %d × %d: this model takes %d channels",
                              shape.n, shape.h, shape.w, shape.c, channels);
}

/* The same array of each text, one after the other, into an input of the plan. */
static gboolean
write_joined (LimnPlan         *plan,
              const char       *name,
              const LimnArray **arrays,
              int               n,
              GError          **error)
{
  LimnShape shape = limn_plan_input_shape (plan, name);
  g_autoptr (LimnArray) joined = limn_array_new (shape);
  gsize size = limn_shape_elements (shape) / n;

  for (int i = 0; i < n; i++)
    {
      if (arrays[i] == NULL)
        return limn_argument_error (error, "a text without “%s”, which this model takes", name);
      if (limn_shape_elements (arrays[i]->shape) != size)
        return limn_argument_error (error, "“%s” of a text has %d × %d numbers: this model takes %d × %d", name,
                                    arrays[i]->shape.w, arrays[i]->shape.c, shape.w, shape.c);
      memcpy (joined->data + i * size, arrays[i]->data, size * sizeof (float));
    }
  limn_plan_write (plan, name, joined->data);
  return TRUE;
}

gboolean
limn_plan_write_texts (LimnPlan        *plan,
                       const LimnText **texts,
                       int              n,
                       GError         **error)
{
  static const struct
  {
    const char *input;
    gsize       member;
  } inputs[] = {
    { "text", G_STRUCT_OFFSET (LimnText, embedding) },
    { "pooled", G_STRUCT_OFFSET (LimnText, pooled) },
    { "conditions", G_STRUCT_OFFSET (LimnText, conditions) },
  };
  g_autofree const LimnArray **arrays = g_new (const LimnArray *, n);
  g_autofree float            *lengths = g_new0 (float, n);

  for (guint k = 0; k < G_N_ELEMENTS (inputs); k++)
    {
      if (!has_input (plan, inputs[k].input))
        continue;
      for (int i = 0; i < n; i++)
        arrays[i] = G_STRUCT_MEMBER (const LimnArray *, texts[i], inputs[k].member);
      if (!write_joined (plan, inputs[k].input, arrays, n, error))
        return FALSE;
    }
  for (int i = 0; i < n; i++)
    lengths[i] = texts[i]->length;
  if (has_input (plan, "lengths"))
    limn_plan_write (plan, "lengths", lengths);
  return TRUE;
}

static gboolean
write_residuals (LimnPlan            *plan,
                 const LimnResiduals *residuals,
                 GError             **error)
{
  for (int i = 0; residuals != NULL && i < residuals->count; i++)
    {
      g_autofree char *name = g_strdup_printf (LIMN_RESIDUAL, i);

      if (!has_input (plan, name) || !limn_shape_equal (limn_plan_input_shape (plan, name), residuals->arrays[i]->shape))
        return limn_argument_error (error, "the ControlNet is for another family of models: its result %d does not fit this one", i);
      limn_plan_write (plan, name, residuals->arrays[i]->data);
    }
  return TRUE;
}

static LimnArray *
predict_once (LimnModel           *model,
              const LimnArray     *latent,
              double               time,
              const LimnText     **texts,
              const LimnResiduals *residuals,
              GError             **error)
{
  LimnShape   shape = latent->shape;
  LimnPlanKey key = { .n = shape.n, .height = shape.h, .width = shape.w, .text_tokens = limn_model_text_tokens (model, texts[0]), .controlled = residuals != NULL };
  g_autoptr (LimnArray) prediction = NULL;
  LimnPlan *plan;
  float     t = time;

  if (!limn_check_latent (latent, model->facts.generator_channels, error))
    return NULL;
  plan = limn_model_plan (model, LIMN_PART_GENERATOR, &key, error);
  if (plan == NULL || !limn_plan_write_texts (plan, texts, shape.n, error) || !write_residuals (plan, residuals, error))
    return NULL;

  limn_plan_write (plan, "latent", latent->data);
  limn_plan_write (plan, "time", &t);
  if (!limn_plan_run (plan, error))
    return NULL;
  prediction = limn_plan_read (plan, "prediction");
  return limn_check_finite (prediction, "model's prediction", error) ? g_steal_pointer (&prediction) : NULL;
}

LimnArray *
limn_model_predict_with (LimnModel           *model,
                         const LimnArray     *latent,
                         double               time,
                         const LimnText     **texts,
                         const LimnResiduals *residuals,
                         GError             **error)
{
  g_autoptr (GError) why = NULL;
  LimnArray *result;

  do
    result = predict_once (model, latent, time, texts, residuals, &why);
  while (result == NULL && limn_model_recover (model, &why));
  if (result == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return result;
}

LimnArray *
limn_model_predict (LimnModel       *model,
                    const LimnArray *latent,
                    double           time,
                    const LimnText **texts,
                    GError         **error)
{
  return limn_model_predict_with (model, latent, time, texts, NULL, error);
}
