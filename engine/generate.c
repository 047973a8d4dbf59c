/* A generation: text, noise, sampling, picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

#include <math.h>

/* Below this range of values over the whole picture, an eight-bit file would show one colour. */
#define CONSTANT_RANGE (1.0f / 512)

/* Bytes of packed weights from which the text encoder is freed once its work is done. */
#define LARGE_TEXT_ENCODER ((gsize) 64 << 20)

typedef struct
{
  LimnModel       *model;
  LimnGeneration   settings;
  LimnInpaint      inpaint;
  LimnTexts       *texts;
  LimnResult      *result;
  LimnProgressFunc progress;
  gpointer         data;
  int              before; /* steps of the pass before this one */
} Generation;

void
limn_result_free (LimnResult *result)
{
  if (result == NULL)
    return;
  limn_array_free (result->image);
  g_strfreev (result->notes);
  g_free (result->prompt);
  g_free (result->negative);
  g_clear_pointer (&result->dump, g_hash_table_unref);
  g_free (result);
}

static void
generation_clear (Generation *generation)
{
  limn_inpaint_clear (&generation->inpaint);
  limn_texts_free (generation->texts);
  limn_result_free (generation->result);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Generation, generation_clear)

static gboolean
begin_stage (Generation *generation,
             const char *stage,
             GError    **error)
{
  LimnProgress progress = { .stage = stage,
                            .picture = 1,
                            .pictures = 1,
                            .steps = generation->settings.steps,
                            .seconds_left = -1 };

  if (generation->progress == NULL || generation->progress (&progress, generation->data))
    return TRUE;
  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED,
               "stopped before stage \"%s\"", stage);
  return FALSE;
}

static double
seconds_since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1e6;
}

/* --- text -------------------------------------------------------------------------------------------------------- */

/* Makes the choices of both prompts; the result keeps what they became. */
static gboolean
expand_prompts (Generation *generation,
                GError    **error)
{
  LimnGeneration *settings = &generation->settings;
  LimnResult     *result = generation->result;

  result->prompt = limn_prompt_expand (settings->prompt, settings->seed, settings->wildcards, settings->wildcards_data, error);
  if (result->prompt == NULL)
    return FALSE;
  result->negative = limn_prompt_expand (settings->negative, ~settings->seed, settings->wildcards, settings->wildcards_data, error);
  settings->prompt = result->prompt;
  settings->negative = result->negative;
  return result->negative != NULL;
}

/* The first step's. */
static void
dump_texts (Generation *generation)
{
  const LimnText **texts = limn_texts_at (generation->texts, 0);
  LimnShape        tokens = texts[0]->tokens->shape, text = texts[0]->embedding->shape;
  gsize            n_tokens = limn_shape_elements (tokens), n_text = limn_shape_elements (text);
  LimnArray       *all_tokens, *all_text;

  tokens.n = text.n = limn_texts_samples (generation->texts);
  all_tokens = limn_array_new (tokens);
  all_text = limn_array_new (text);
  for (int i = 0; i < tokens.n; i++)
    {
      memcpy (all_tokens->data + i * n_tokens, texts[i]->tokens->data, n_tokens * sizeof (float));
      memcpy (all_text->data + i * n_text, texts[i]->embedding->data, n_text * sizeof (float));
    }
  g_hash_table_insert (generation->result->dump, g_strdup ("tokens"), all_tokens);
  g_hash_table_insert (generation->result->dump, g_strdup ("text"), all_text);
}

static gboolean
encode_texts (Generation *generation,
              GError    **error)
{
  const LimnSampler *sampler = limn_sampler_find (generation->settings.sampler, error);
  gint64             start = g_get_monotonic_time ();

  if (sampler == NULL)
    return FALSE;
  generation->texts = limn_texts_new (generation->model, &generation->settings,
                                      generation->settings.steps * limn_sampler_calls (sampler), error);
  if (generation->texts == NULL)
    return FALSE;

  for (int i = 0; i < LIMN_MAX_TEXT_ENCODERS; i++)
    limn_model_drop_large (generation->model, LIMN_PART_TEXT + i, LARGE_TEXT_ENCODER);
  generation->result->encode_seconds = seconds_since (start);
  if (generation->result->dump != NULL)
    dump_texts (generation);
  return TRUE;
}

/* --- sampling ---------------------------------------------------------------------------------------------------- */

static int
drawn_height (const Generation *generation)
{
  return limn_model_drawn_size (&generation->model->info, generation->settings.height);
}

static int
drawn_width (const Generation *generation)
{
  return limn_model_drawn_size (&generation->model->info, generation->settings.width);
}

/* Packing weights takes its own time, which is no step's. */
static gboolean
load_generator (Generation *generation,
                GError    **error)
{
  int         factor = generation->model->facts.latent_factor;
  gint64      start = g_get_monotonic_time ();
  LimnPlanKey key = { .n = limn_texts_samples (generation->texts),
                      .text_tokens = limn_model_text_tokens (generation->model, limn_texts_at (generation->texts, 0)[0]),
                      .height = drawn_height (generation) / factor,
                      .width = drawn_width (generation) / factor,
                      .controlled = generation->settings.n_controls > 0 };
  g_autoptr (GError) why = NULL;
  gboolean ok;

  do
    ok = limn_model_plan (generation->model, LIMN_PART_GENERATOR, &key, &why) != NULL;
  while (!ok && limn_model_recover (generation->model, &why));
  if (!ok)
    g_propagate_error (error, g_steal_pointer (&why));

  generation->result->load_seconds = seconds_since (start);
  return ok;
}

static void
vary (const LimnGeneration *settings,
      const LimnFacts      *facts,
      LimnArray            *x)
{
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, settings->variation_seed);
  g_autoptr (LimnArray) other = limn_array_new (x->shape);

  limn_draw_latent (noise, facts, other->shape, other->data);
  limn_draw_variation (x, other, settings->variation);
}

/* The noise comes first from the seed's stream; what the sampler draws follows it. */
static LimnArray *
initial_noise (Generation *generation,
               LimnNoise  *noise,
               GError    **error)
{
  const LimnGeneration *settings = &generation->settings;
  const LimnFacts      *facts = &generation->model->facts;
  LimnShape             shape = { 1, drawn_height (generation) / facts->latent_factor,
                                  drawn_width (generation) / facts->latent_factor, facts->latent_channels };
  LimnArray            *x;

  if (settings->noise != NULL && !limn_shape_equal (settings->noise->shape, shape))
    {
      limn_argument_error (error,
                           "the noise given is of another size than the latent, %d × %d × %d",
                           shape.h, shape.w, shape.c);
      return NULL;
    }

  x = limn_array_new (shape);
  limn_draw_latent (noise, facts, shape, x->data);
  if (settings->variation > 0)
    vary (settings, facts, x);
  if (settings->noise != NULL)
    memcpy (x->data, settings->noise->data, limn_shape_elements (shape) * sizeof (float));
  return x;
}

/* A driver that computes nothing leaves one value everywhere. */
static gboolean
check_latent (const LimnArray *latent,
              GError         **error)
{
  gsize n = limn_shape_elements (latent->shape);

  for (gsize i = 1; i < n; i++)
    if (latent->data[i] != latent->data[0])
      return TRUE;
  g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_RESULT,
                       "sampling came out in one value: the model is damaged, or the graphics driver does not compute; try LIMN_DEVICE=cpu");
  return FALSE;
}

/* Steps that the other pass takes, if there is one. */
static int
steps_of_other (const Generation *generation)
{
  const LimnGeneration *settings = &generation->settings;

  if (settings->hires <= 1)
    return 0;
  return settings->hires_steps > 0 ? settings->hires_steps : settings->steps;
}

static LimnArray *
sample_once (Generation *generation,
             GError    **error)
{
  g_autoptr (LimnNoise) noise = limn_noise_new (LIMN_NOISE_CPU, generation->settings.seed);
  g_autoptr (LimnArray) x = initial_noise (generation, noise, error);
  LimnSampling sampling = {
    .model = generation->model,
    .settings = &generation->settings,
    .texts = generation->texts,
    .inpaint = &generation->inpaint,
    .noise = noise,
    .x = x,
    .dump = generation->result->dump,
    .progress = generation->progress,
    .data = generation->data,
    .before = generation->before,
    .after = steps_of_other (generation),
  };

  if (x == NULL || !limn_sampling_run (&sampling, error) || !check_latent (x, error))
    return NULL;
  generation->result->step_seconds = sampling.step_seconds;
  if (generation->result->dump != NULL)
    g_hash_table_insert (generation->result->dump, g_strdup ("latent"), limn_array_copy (x));
  return g_steal_pointer (&x);
}

static LimnArray *
sample (Generation *generation,
        GError    **error)
{
  g_autoptr (GError) why = NULL;
  LimnArray *latent;

  do
    latent = sample_once (generation, &why);
  while (latent == NULL && limn_model_recover (generation->model, &why));
  if (latent == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return latent;
}

/* --- picture ----------------------------------------------------------------------------------------------------- */

static gboolean
check_image (const LimnArray *image,
             GError         **error)
{
  gsize n = limn_shape_elements (image->shape);
  float range = 0;

  for (int c = 0; c < image->shape.c; c++)
    {
      float low = INFINITY, high = -INFINITY;

      for (gsize i = c; i < n; i += image->shape.c)
        {
          if (!isfinite (image->data[i]))
            {
              g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_RESULT,
                                   "the picture holds numbers that are not finite: the model "
                                   "overflowed; try LIMN_TYPE=f32 or less guidance");
              return FALSE;
            }
          low = MIN (low, image->data[i]);
          high = MAX (high, image->data[i]);
        }
      range = MAX (range, high - low);
    }
  if (range >= CONSTANT_RANGE)
    return TRUE;
  g_set_error_literal (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_RESULT,
                       "the picture came out in one colour: the model is damaged or the "
                       "settings do not suit it; try its default settings");
  return FALSE;
}

static gboolean
decode (Generation      *generation,
        const LimnArray *latent,
        GError         **error)
{
  LimnResult *result = generation->result;
  gint64      start = g_get_monotonic_time ();
  g_autoptr (LimnArray) image = limn_model_decode (generation->model, latent, error);

  if (image == NULL)
    return FALSE;
  for (gsize i = 0; i < limn_shape_elements (image->shape); i++)
    if (isfinite (image->data[i]))
      image->data[i] = CLAMP (image->data[i], 0, 1);
  if (result->dump != NULL && generation->settings.hires <= 1 && image->shape.w != generation->settings.width)
    g_hash_table_insert (result->dump, g_strdup ("decoded"), limn_array_copy (image));
  if (generation->settings.hires <= 1)
    image = limn_enlarge_to_size (generation->model, &generation->settings, g_steal_pointer (&image), error);
  if (image == NULL)
    return FALSE;
  result->decode_seconds = seconds_since (start);
  if (result->dump != NULL)
    g_hash_table_insert (result->dump, g_strdup ("image"), limn_array_copy (image));
  if (!check_image (image, error))
    return FALSE;
  result->image = g_steal_pointer (&image);
  return TRUE;
}

/* Everything that sampling needs: the text, the picture to start from, the generator. */
static gboolean
prepare (Generation *generation,
         GError    **error)
{
  if (!begin_stage (generation, "encode", error) || !encode_texts (generation, error))
    return FALSE;
  if (!limn_inpaint_prepare (generation->model, &generation->settings, &generation->inpaint, error))
    return FALSE;
  if (!begin_stage (generation, "load", error) || !load_generator (generation, error))
    return FALSE;
  return begin_stage (generation, "sample", error);
}

/* What the model has to say of how it was done. */
static char **
take_notes (LimnModel *model)
{
  g_autoptr (GStrvBuilder) notes = g_strv_builder_new ();

  for (guint i = 0; i < model->notes->len; i++)
    g_strv_builder_add (notes, model->notes->pdata[i]);
  return g_strv_builder_end (notes);
}

/* --- second pass ------------------------------------------------------------------------------------------------- */

/* Whether an earlier run was in its second pass already. */
static gboolean
resumes_second (const LimnSaved      *saved,
                const LimnModel      *model,
                const LimnGeneration *second)
{
  return saved != NULL && saved->latents->shape.h == second->height / model->facts.latent_factor
         && saved->latents->shape.w == second->width / model->facts.latent_factor;
}

/* What was saved belongs to one of the passes. A run that goes on in the second needs no source any more, but its strength. */
static LimnArray *
source_of_second (Generation           *first,
                  const LimnGeneration *second,
                  const LimnSaved      *saved,
                  GError              **error)
{
  const LimnFacts *facts = &first->model->facts;
  g_autoptr (LimnArray) latent = NULL;

  if (resumes_second (saved, first->model, second))
    return limn_array_new ((LimnShape){ 1, second->height / facts->latent_factor, second->width / facts->latent_factor, facts->latent_channels });
  latent = sample (first, error);
  return latent != NULL ? limn_hires_source (first->model, &first->settings, second, latent, error) : NULL;
}

static LimnArray *
run_second (Generation      *first,
            Generation      *second,
            const LimnArray *source,
            const LimnSaved *saved,
            GError         **error)
{
  LimnGenerationParts parts = first->settings.parts != NULL ? *first->settings.parts : (LimnGenerationParts){ 0 };
  LimnControl        *controls = limn_hires_controls (&second->settings);
  LimnArray          *latent = NULL;

  parts.source = source;
  parts.resume = saved;
  second->settings.parts = &parts;
  second->settings.controls = controls;
  if (prepare (second, error))
    latent = sample (second, error);
  second->settings.parts = first->settings.parts;
  limn_hires_controls_free (controls, second->settings.n_controls);
  return latent;
}

/* Both passes; @first stays as it was asked for. Returns: (transfer full): the larger latent */
static LimnArray *
sample_twice (Generation *first,
              GError    **error)
{
  g_auto (Generation) second = { .model = first->model, .progress = first->progress, .data = first->data, .before = first->settings.steps };
  const LimnGenerationParts *asked = first->settings.parts;
  const LimnSaved           *saved = asked != NULL ? asked->resume : NULL;
  LimnGenerationParts        parts = asked != NULL ? *asked : (LimnGenerationParts){ 0 };
  g_autoptr (LimnArray) source = NULL;
  LimnArray *latent;
  gboolean   resumed;

  if (!limn_hires_settings (first->model, &first->settings, &second.settings, error))
    return NULL;
  resumed = resumes_second (saved, first->model, &second.settings);
  parts.resume = resumed ? NULL : saved;
  first->settings.parts = &parts;
  source = source_of_second (first, &second.settings, saved, error);
  first->settings.parts = asked;
  if (source == NULL)
    return NULL;

  second.result = first->result;
  latent = run_second (first, &second, source, resumed ? saved : NULL, error);
  second.result = NULL;
  return latent;
}

LimnResult *
limn_generate (LimnModel            *model,
               const LimnGeneration *asked,
               gboolean              dump,
               LimnProgressFunc      progress,
               gpointer              data,
               GError              **error)
{
  g_auto (Generation) generation = { .model = model, .progress = progress, .data = data };
  g_autoptr (LimnArray) latent = NULL;

  generation.result = g_new0 (LimnResult, 1);
  if (dump)
    generation.result->dump = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                     (GDestroyNotify) limn_array_free);

  if (!limn_generation_resolve (model, asked, &generation.settings, error) || !expand_prompts (&generation, error) || !prepare (&generation, error))
    return NULL;

  latent = generation.settings.hires > 1 ? sample_twice (&generation, error) : sample (&generation, error);
  if (latent == NULL)
    return NULL;
  generation.result->settings = generation.settings;
  generation.result->notes = take_notes (model);
  if (asked->parts != NULL && asked->parts->latent_only)
    return g_steal_pointer (&generation.result);
  if (!begin_stage (&generation, "decode", error) || !decode (&generation, latent, error))
    return NULL;
  g_strfreev (generation.result->notes);
  generation.result->notes = take_notes (model);
  return g_steal_pointer (&generation.result);
}
