/* Plans of a model's parts, made when first needed; few are kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model-private.h"

static gboolean
key_equal (const LimnPlanKey *a,
           const LimnPlanKey *b)
{
  return a->n == b->n && a->height == b->height && a->width == b->width && a->clip_skip == b->clip_skip && a->text_tokens == b->text_tokens
         && a->controlled == b->controlled;
}

/* The place of that key, else the free one or the one used longest ago. */
static LimnCachedPlan *
find_place (LimnCachedPlan    *places,
            const LimnPlanKey *key)
{
  LimnCachedPlan *oldest = &places[0];

  for (int i = 0; i < LIMN_CACHED_PLANS; i++)
    {
      if (places[i].plan != NULL && key_equal (&places[i].key, key))
        return &places[i];
      if (places[i].used < oldest->used)
        oldest = &places[i];
    }
  return oldest;
}

/* Half floats end at 65504; some autoencoders' activations do not. */
static LimnType
type_of (const LimnModel *model,
         LimnPart         part)
{
  gboolean autoencoder = part == LIMN_PART_DECODER || part == LIMN_PART_ENCODER;

  return autoencoder && model->facts.wide_autoencoder && model->type == LIMN_F16 ? LIMN_F32 : model->type;
}

static LimnPlan *
make_plan (LimnModel         *model,
           LimnPart           part,
           const LimnPlanKey *key,
           GError           **error)
{
  const char *name = model->family->part_names[part];
  g_autoptr (LimnWeights) weights = limn_model_folder_weights (model->folder, name, error);
  LimnGraph   *graph;
  LimnScope    scope;
  LimnPartCall call = { &scope, model->settings, key->n, key->height, key->width, key->clip_skip, key->text_tokens, key->controlled };
  LimnPlan    *plan;

  if (weights == NULL || !limn_weights_check (weights, error))
    return NULL;

  graph = limn_graph_new (type_of (model, part));
  limn_graph_set_quantised (graph, model->engine->quantised && part == LIMN_PART_GENERATOR);
  scope = limn_scope_root (graph, weights);
  model->family->build[part](&call);
  plan = limn_plan_new (graph, model->backend, error);
  if (plan == NULL)
    g_prefix_error (error, "%s: %s: ", model->path, name);
  else
    limn_weights_release_all_pages (weights); /* packed now, read again if another plan is made */
  return plan;
}

static gsize
plan_bytes (const LimnPlan *plan)
{
  LimnPlanCost cost = limn_plan_cost (plan);

  return cost.arena + cost.weights;
}

void
limn_model_drop_large (LimnModel *model,
                       LimnPart   part,
                       gsize      bytes)
{
  LimnCachedPlan *places = model->plans[part];

  for (int i = 0; i < LIMN_CACHED_PLANS; i++)
    if (places[i].plan != NULL && plan_bytes (places[i].plan) > bytes)
      g_clear_pointer (&places[i].plan, limn_plan_free);
}

LimnPlan *
limn_model_plan (LimnModel         *model,
                 LimnPart           part,
                 const LimnPlanKey *key,
                 GError           **error)
{
  LimnCachedPlan *place = find_place (model->plans[part], key);
  LimnPlan       *plan;

  if (place->plan != NULL && key_equal (&place->key, key))
    {
      place->used = ++model->uses;
      return place->plan;
    }

  plan = make_plan (
      model, part, key,
      error); /* before the others go: it takes over the weights that they have packed */
  if (plan == NULL)
    return NULL;
  limn_model_drop_large (model, part, LIMN_CACHED_BYTES);
  g_clear_pointer (&place->plan, limn_plan_free);
  *place = (LimnCachedPlan){ *key, plan, ++model->uses };
  return plan;
}

void
limn_model_drop_plans (LimnModel *model,
                       LimnPart   part)
{
  for (int i = 0; i < LIMN_CACHED_PLANS; i++)
    {
      g_clear_pointer (&model->plans[part][i].plan, limn_plan_free);
      model->plans[part][i].used = 0;
    }
}

static void
drop_all_plans (LimnModel *model)
{
  for (int part = 0; part < LIMN_N_PARTS; part++)
    limn_model_drop_plans (model, (LimnPart) part);
}

gboolean
limn_model_recover (LimnModel *model,
                    GError   **error)
{
  LimnEngine  *engine = model->engine;
  LimnBackend *processor = limn_cpu_backend (engine->cpu);

  if (error == NULL || *error == NULL || (*error)->domain != LIMN_ENGINE_ERROR)
    return FALSE;
  if ((*error)->code == LIMN_ENGINE_ERROR_RESULT && engine->automatic_type && model->type != LIMN_F32)
    {
      g_warning ("%s; trying again in f32", (*error)->message);
      drop_all_plans (model);
      model->type = LIMN_F32;
    }
  else if (((*error)->code == LIMN_ENGINE_ERROR_DEVICE || (*error)->code == LIMN_ENGINE_ERROR_MEMORY)
           && engine->automatic && model->backend != processor)
    {
      g_warning ("%s; going on with the processor", (*error)->message);
      drop_all_plans (model);
      model->backend = processor;
      model->type = LIMN_F32;
    }
  else
    return FALSE;
  g_clear_error (error);
  return TRUE;
}
