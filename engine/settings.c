/* What was asked for, checked and filled up with the model's defaults.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

#include <math.h>

#define MAX_STEPS 1000
#define MAX_GUIDANCE 100
#define MAX_CLIP_SKIP 12
#define DEFAULT_STRENGTH 0.75

static int
nearest_size (const LimnFacts *facts,
              int              size)
{
  int steps = (CLAMP (size, facts->size_step, facts->max_size) + facts->size_step / 2) / facts->size_step;

  return MIN (steps * facts->size_step, facts->max_size);
}

gboolean
limn_model_check_size (LimnModel *model,
                       int        width,
                       int        height,
                       GError   **error)
{
  const LimnFacts *facts = &model->facts;
  int              nearest_width = nearest_size (facts, width),
      nearest_height = nearest_size (facts, height);

  if (width == nearest_width && height == nearest_height && (facts->native == 0 || width == height))
    return TRUE;
  if (facts->size_step == facts->max_size)
    return limn_argument_error (error,
                                "size %d × %d: this model makes pictures of %d × %d only",
                                width, height, facts->width, facts->height);
  if (facts->native > 0)
    return limn_argument_error (error,
                                "size %d × %d: this model makes squares, sides in steps of %d up to %d; the nearest is %d × %d",
                                width, height, facts->size_step, facts->max_size, MAX (nearest_width, nearest_height),
                                MAX (nearest_width, nearest_height));
  return limn_argument_error (error,
                              "size %d × %d: width and height must be multiples of %d from %d to %d; the nearest is %d × %d",
                              width,
                              height,
                              facts->size_step,
                              facts->size_step,
                              facts->max_size,
                              nearest_width,
                              nearest_height);
}

static gboolean
has_source (const LimnGeneration *settings)
{
  return settings->picture != NULL || (settings->parts != NULL && settings->parts->source != NULL);
}

static gboolean
check_picture_fits (const LimnGeneration *settings,
                    GError              **error)
{
  const LimnArray *picture = settings->picture, *mask = settings->mask;

  if (mask != NULL && !has_source (settings))
    return limn_argument_error (error, "a mask without a picture: name the picture to repaint");
  if (picture != NULL && (picture->shape.n != 1 || picture->shape.c != 3 || picture->shape.w != settings->width || picture->shape.h != settings->height))
    return limn_argument_error (
        error, "the picture is %d × %d, but %d × %d is to be made: scale it first",
        picture->shape.w, picture->shape.h, settings->width, settings->height);
  if (mask != NULL && (mask->shape.c != 1 || mask->shape.w != settings->width || mask->shape.h != settings->height))
    return limn_argument_error (
        error, "the mask is %d × %d, the picture %d × %d: they must be of one size",
        mask->shape.w, mask->shape.h, settings->width, settings->height);
  return TRUE;
}

/* NaN fails every comparison, so it is refused with the rest. */
static gboolean
check_numbers (const LimnGeneration *settings,
               GError              **error)
{
  if (settings->steps < 1 || settings->steps > MAX_STEPS)
    return limn_argument_error (error, "%d steps: take 1 to %d", settings->steps, MAX_STEPS);
  if (!(settings->guidance >= 0 && settings->guidance <= MAX_GUIDANCE))
    return limn_argument_error (error, "guidance %g: take 0 to %d", settings->guidance,
                                MAX_GUIDANCE);
  if (!(settings->strength >= 0 && settings->strength <= 1))
    return limn_argument_error (error, "strength %g: take 0 to 1", settings->strength);
  if (!(settings->guidance_rescale >= 0 && settings->guidance_rescale <= 1))
    return limn_argument_error (error, "guidance rescale %g: take 0 to 1", settings->guidance_rescale);
  if (!(settings->guidance_begin >= 0 && settings->guidance_begin <= 1 && settings->guidance_end >= 0 && settings->guidance_end <= 1))
    return limn_argument_error (error, "guidance from %g to %g of the steps: both are 0 to 1", settings->guidance_begin, settings->guidance_end);
  if (!(settings->variation >= 0 && settings->variation <= 1))
    return limn_argument_error (error, "variation %g: take 0 to 1", settings->variation);
  if (settings->clip_skip < 1 || settings->clip_skip > MAX_CLIP_SKIP)
    return limn_argument_error (error, "clip skip %d: take 1 to %d", settings->clip_skip,
                                MAX_CLIP_SKIP);
  return TRUE;
}

/* A sampler that was asked for is run with its own schedule, if none was asked for. Ids become the constants of their tables. */
static gboolean
resolve_sampler (LimnModel            *model,
                 const LimnGeneration *asked,
                 LimnGeneration       *settings,
                 GError              **error)
{
  const LimnFacts    *facts = &model->facts;
  gboolean            flow = facts->prediction == LIMN_PREDICTION_FLOW;
  const LimnSampler  *sampler = limn_sampler_find (asked->sampler != NULL ? asked->sampler : facts->sampler, error);
  const LimnSchedule *schedule;
  const char         *id = asked->schedule;

  if (sampler == NULL)
    return FALSE;
  if (id == NULL)
    id = asked->sampler == NULL || flow ? facts->schedule : sampler->schedule;
  schedule = limn_schedule_find (id, error);
  if (schedule == NULL)
    return FALSE;

  settings->sampler = sampler->id;
  settings->schedule = schedule->id;
  return TRUE;
}

static gboolean
check_controls (LimnModel            *model,
                const LimnGeneration *settings,
                GError              **error)
{
  for (int i = 0; i < settings->n_controls; i++)
    {
      const LimnControl *control = &settings->controls[i];

      if (model->family->build[LIMN_PART_GENERATOR] == NULL || model->facts.native > 0)
        return limn_argument_error (error, "ControlNet: models of the family %s take none", model->family->id);
      if (!(control->weight >= -10 && control->weight <= 10))
        return limn_argument_error (error, "ControlNet's weight %g: take -10 to 10; 1 is as it was trained", control->weight);
      if (!(control->begin >= 0 && control->begin <= control->end && control->end <= 1))
        return limn_argument_error (error, "ControlNet from %g to %g of the steps: both are 0 to 1, the first the smaller one", control->begin, control->end);
      if (control->hint->shape.w != settings->width || control->hint->shape.h != settings->height)
        return limn_argument_error (error, "the picture that steers is %d × %d, but %d × %d is to be made: scale it first",
                                    control->hint->shape.w, control->hint->shape.h, settings->width, settings->height);
    }
  return TRUE;
}

/* A model may be a part that others use: a ControlNet. */
static gboolean
check_generates (LimnModel *model,
                 GError   **error)
{
  if (model->family->part_names[LIMN_PART_GENERATOR] != NULL)
    return TRUE;
  return limn_argument_error (error, "%s: is a %s, which makes no pictures by itself; name the model it steers, too", model->path, model->family->label);
}

static int
size_or_default (int              asked,
                 const LimnArray *picture,
                 int              of_picture,
                 int              otherwise)
{
  if (asked != 0)
    return asked;
  return picture != NULL ? of_picture : otherwise;
}

gboolean
limn_generation_resolve (LimnModel            *model,
                         const LimnGeneration *asked,
                         LimnGeneration       *settings,
                         GError              **error)
{
  const LimnFacts *facts = &model->facts;

  if (!check_generates (model, error))
    return FALSE;
  *settings = *asked;
  settings->prompt = asked->prompt != NULL ? asked->prompt : "";
  settings->negative = asked->negative != NULL ? asked->negative : "";
  settings->width = size_or_default (asked->width, asked->picture,
                                     asked->picture != NULL ? asked->picture->shape.w : 0, facts->width);
  settings->height = size_or_default (asked->height, asked->picture,
                                      asked->picture != NULL ? asked->picture->shape.h : 0, facts->height);
  settings->steps = asked->steps != 0 ? asked->steps : facts->steps;
  settings->guidance = asked->guidance < 0 ? facts->guidance : asked->guidance;
  settings->strength = asked->strength < 0 ? (asked->mask != NULL ? 1 : DEFAULT_STRENGTH) : asked->strength;
  settings->clip_skip = asked->clip_skip != 0 ? asked->clip_skip : 1;
  if (!check_numbers (settings, error) || !limn_model_check_size (model, settings->width, settings->height, error))
    return FALSE;
  if (!limn_hires_check (model, settings, error))
    return FALSE;
  return check_controls (model, settings, error) && check_picture_fits (settings, error) && resolve_sampler (model, asked, settings, error);
}
