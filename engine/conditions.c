/* What some generators are told beside the prompt: sizes in pixels, a score of beauty.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate-private.h"

/* Scores that SDXL's refiner is published with, for the prompt and the negative prompt. */
#define GOOD_SCORE 6.0f
#define BAD_SCORE 2.5f

/* The picture is not cut from a larger one. */
static LimnArray *
conditions_of (const LimnFacts      *facts,
               const LimnGeneration *settings,
               gboolean              negative)
{
  const float height = settings->height, width = settings->width;
  const float sizes[] = { height, width, 0, 0, height, width };
  LimnArray  *conditions = limn_array_new ((LimnShape){ 1, 1, 1, facts->conditions });

  memcpy (conditions->data, sizes, MIN (facts->conditions, 6) * sizeof *sizes);
  if (facts->conditions == 5)
    conditions->data[4] = negative ? BAD_SCORE : GOOD_SCORE;
  return conditions;
}

LimnText *
limn_text_with_conditions (LimnModel            *model,
                           const LimnText       *text,
                           const LimnGeneration *settings,
                           gboolean              negative)
{
  LimnText *copy = g_new0 (LimnText, 1);

  copy->length = text->length;
  copy->tokens = limn_array_copy (text->tokens);
  copy->embedding = limn_array_copy (text->embedding);
  if (text->pooled != NULL)
    copy->pooled = limn_array_copy (text->pooled);
  if (text->conditions != NULL)
    copy->conditions = limn_array_copy (text->conditions);
  else if (model->facts.conditions > 0)
    copy->conditions = conditions_of (&model->facts, settings, negative);
  return copy;
}

void
limn_text_zero (LimnText *text)
{
  memset (text->embedding->data, 0, limn_shape_elements (text->embedding->shape) * sizeof (float));
  if (text->pooled != NULL)
    memset (text->pooled->data, 0, limn_shape_elements (text->pooled->shape) * sizeof (float));
}
