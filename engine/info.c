/* Facts of a model, for people and for the command line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model-private.h"

LimnType
limn_count_parameters (const LimnWeights *weights,
                       guint64           *parameters)
{
  guint64  of_type[LIMN_N_TYPES] = { 0 };
  LimnType most = LIMN_F32;

  *parameters = 0;
  for (gsize i = 0; i < limn_weights_count (weights); i++)
    {
      const LimnWeight *weight = limn_weights_get (weights, i);

      of_type[weight->type] += weight->n_elements;
      *parameters += weight->n_elements;
    }
  for (int type = 0; type < LIMN_N_TYPES; type++)
    if (of_type[type] > of_type[most])
      most = type;
  return most;
}

/* "unet 859.5 M f16": how many numbers the part has, in the type that most of them have. */
static char *
describe_part (const char        *name,
               const LimnWeights *weights,
               guint64           *parameters)
{
  LimnType most = limn_count_parameters (weights, parameters);

  return g_strdup_printf ("%s %.1f M %s", name, *parameters / 1e6, limn_type_name (most));
}

static void
fill_parts (LimnModel *model)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  const char *const *names = model->family->part_names;

  model->info.parameters = 0;
  for (int part = 0; part < LIMN_N_PARTS; part++)
    {
      g_autoptr (LimnWeights) weights = NULL;
      g_autofree char *line = NULL;
      guint64          parameters;

      if (names[part] == NULL || (part > 0 && g_strcmp0 (names[part], names[part - 1]) == 0))
        continue; /* decoder and encoder are one file */
      if (limn_model_folder_has (model->folder, names[part]))
        weights = limn_model_folder_weights (model->folder, names[part], NULL);
      if (weights == NULL)
        continue;
      line = describe_part (names[part], weights, &parameters);
      g_strv_builder_add (lines, line);
      model->info.parameters += parameters;
    }
  model->info.parts = g_strv_builder_end (lines);
}

void
limn_model_fill_info (LimnModel *model)
{
  const LimnFacts *facts = &model->facts;
  LimnModelInfo   *info = &model->info;

  info->path = model->path;
  info->family = model->family->id;
  info->label = model->family->label;
  info->licence = model->family->licence;
  info->width = facts->width;
  info->height = facts->height;
  info->size_step = facts->size_step;
  info->max_size = facts->max_size;
  info->native = facts->native;
  info->steps = facts->steps;
  info->guidance = facts->guidance;
  info->sampler = facts->sampler;
  info->schedule = facts->schedule;
  info->latent_channels = facts->latent_channels;
  info->latent_factor = facts->latent_factor;
  fill_parts (model);
}

void
limn_model_clear_info (LimnModel *model)
{
  g_strfreev (model->info.parts);
  model->info = (LimnModelInfo){ 0 };
}

/* It has memory of its own. */
static gboolean
add_enlarger (LimnModel     *model,
              LimnModelCost *cost,
              GError       **error)
{
  LimnPlanKey  key = { .n = 1, .height = model->facts.native, .width = model->facts.native };
  LimnPlan    *plan = limn_model_plan (model, LIMN_PART_ENLARGER, &key, error);
  LimnPlanCost enlarger;

  if (plan == NULL)
    return FALSE;
  enlarger = limn_plan_cost (plan);
  cost->memory += enlarger.arena + enlarger.weights;
  cost->enlarge_operations = enlarger.operations;
  return TRUE;
}

gboolean
limn_model_cost (LimnModel     *model,
                 int            width,
                 int            height,
                 LimnModelCost *cost,
                 GError       **error)
{
  int          factor = model->facts.latent_factor;
  LimnPlanKey  key = { .n = model->facts.guidance > 1 ? 2 : 1,
                       .height = limn_model_drawn_size (&model->info, height) / factor,
                       .width = limn_model_drawn_size (&model->info, width) / factor };
  LimnPlan    *step, *decode;
  LimnPlanCost step_cost, decode_cost;

  if (!limn_model_check_size (model, width, height, error))
    return FALSE;
  step = limn_model_plan (model, LIMN_PART_GENERATOR, &key, error);
  key.n = 1;
  decode = step != NULL ? limn_model_plan (model, LIMN_PART_DECODER, &key, error) : NULL;
  if (decode == NULL)
    return FALSE;

  step_cost = limn_plan_cost (step);
  decode_cost = limn_plan_cost (decode);
  *cost = (LimnModelCost){ 0 };
  cost->step_operations = step_cost.operations;
  cost->step_bytes = step_cost.bytes;
  cost->decode_operations = decode_cost.operations;
  cost->decode_bytes = decode_cost.bytes;
  cost->memory = step_cost.arena + step_cost.weights + decode_cost.arena + decode_cost.weights;
  return width == limn_model_drawn_size (&model->info, width) || add_enlarger (model, cost, error);
}
