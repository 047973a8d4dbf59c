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

LimnGraph *
limn_model_graph (LimnModel         *model,
                  LimnPart           part,
                  const LimnPlanKey *key,
                  GError           **error)
{
  g_autoptr (LimnWeights) weights = limn_model_weights (model, model->family->part_names[part], error);
  LimnGraph   *graph;
  LimnScope    scope;
  LimnPartCall call = { &scope, model->settings, key->n, key->height, key->width, key->clip_skip, key->text_tokens, key->controlled };

  if (weights == NULL || !limn_weights_check (weights, error))
    return NULL;
  graph = limn_graph_new (type_of (model, part));
  limn_graph_set_quantised (graph, model->engine->quantised && part == LIMN_PART_GENERATOR);
  scope = limn_scope_root (graph, weights); /* the model keeps them */
  model->family->build[part](&call);
  return graph;
}

/* Told once: where weights are read anew at each run, all takes longer. */
static void
tell_streamed (LimnModel      *model,
               const char     *name,
               const LimnPlan *plan)
{
  LimnPlanCost     cost = limn_plan_cost (plan);
  g_autofree char *size = g_format_size (cost.streamed);

  if (cost.streamed > 0)
    limn_model_note (model, "little memory: %s of the weights of “%s” are read from the file at each step", size, name);
}

static LimnPlan *
make_plan (LimnModel         *model,
           LimnPart           part,
           const LimnPlanKey *key,
           GError           **error)
{
  const char *name = model->family->part_names[part];
  LimnGraph  *graph = limn_model_graph (model, part, key, error);
  g_autoptr (LimnWeights) weights = graph != NULL ? limn_model_weights (model, name, error) : NULL;
  LimnPlan *plan;

  if (graph == NULL)
    return NULL;
  model->backend->room = limn_engine_room (model->engine);
  plan = limn_plan_new (graph, model->backend, error);
  if (plan == NULL)
    {
      g_prefix_error (error, "%s: %s: ", model->path, name);
      return NULL;
    }
  limn_weights_release_all_pages (weights); /* packed now, read again if another plan is made */
  tell_streamed (model, name, plan);
  return plan;
}

gboolean
limn_model_has_plan (LimnModel         *model,
                     LimnPart           part,
                     const LimnPlanKey *key)
{
  const LimnCachedPlan *place = find_place (model->plans[part], key);

  return place->plan != NULL && key_equal (&place->key, key);
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

  if (limn_model_has_plan (model, part, key))
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
  if (!limn_engine_recover (model->engine, &model->backend, &model->type, error))
    return FALSE;
  drop_all_plans (model);
  return TRUE;
}
