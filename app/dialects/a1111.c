/* AUTOMATIC1111's web interface, Forge, and all that write as they do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/dialect.h"

#include "app/dialects/fields.h"
#include "app/number.h"
#include "app/parameters.h"

static void
read_integer (const GPtrArray *parameters,
              const char      *key,
              gint64          *value)
{
  const char *text = limn_parameters_find (parameters, key);
  gint64      number;

  if (text != NULL && limn_number_parse_integer (text, &number) && number >= 0)
    *value = number;
}

/* Infinities, which stable-diffusion.cpp writes, are no numbers here. */
static void
read_real (const GPtrArray *parameters,
           const char      *key,
           double          *value)
{
  const char *text = limn_parameters_find (parameters, key);
  double      number;

  if (text != NULL && limn_number_parse_real (text, &number) && number >= 0)
    *value = number;
}

/* Where `Model` is empty, the diffusion network's file stands under another key. */
static const char *
find_model (const GPtrArray *parameters)
{
  static const char *const keys[] = { "Model", "Unet", "Diffusion model" };
  const char              *model = NULL;

  for (gsize i = 0; model == NULL && i < G_N_ELEMENTS (keys); i++)
    model = limn_parameters_find (parameters, keys[i]);

  return model;
}

static void
read_size (const GPtrArray *parameters,
           LimnRequest     *request)
{
  const char *size = limn_parameters_find (parameters, "Size");
  gint64      width, height;

  if (size == NULL || !limn_number_parse_size (size, &width, &height) || width <= 0 || height <= 0)
    return;

  request->width = width;
  request->height = height;
}

GPtrArray *
limn_dialect_read_parameters (LimnMetadata *metadata,
                              const char   *text)
{
  LimnRequest *request = &metadata->request;
  GPtrArray   *parameters = limn_parameters_parse (text, &request->prompt, &request->negative);

  metadata->raw = g_strdup (text);
  request->model = g_strdup (find_model (parameters));
  request->model_hash = g_strdup (limn_parameters_find (parameters, "Model hash"));
  read_integer (parameters, "Steps", &request->steps);
  read_integer (parameters, "Seed", &request->seed);
  read_integer (parameters, "Clip skip", &request->clip_skip);
  read_real (parameters, "CFG scale", &request->guidance);
  read_real (parameters, "Denoising strength", &request->strength);
  read_real (parameters, "Guidance", &metadata->distilled_guidance);
  read_real (parameters, "Distilled CFG Scale", &metadata->distilled_guidance);
  limn_fields_set_sampler (request, limn_parameters_find (parameters, "Sampler"), limn_parameters_find (parameters, "Schedule type"));
  read_size (parameters, request);
  return parameters;
}

static gboolean
read_texts (LimnMetadata    *metadata,
            const GPtrArray *texts)
{
  const char *text = limn_picture_texts_find (texts, "parameters");

  if (text == NULL || *text == '\0')
    return FALSE;

  g_ptr_array_unref (limn_dialect_read_parameters (metadata, text));
  return TRUE;
}

const LimnDialect limn_dialect_a1111 = { .name = "a1111", .read = read_texts };
