/* Adapters: the changes of a file, added to the patches of a model's parts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters/adapter.h"
#include "engine/weights/weights-private.h"

typedef struct
{
  const LimnAdapterFile *file;
  GPtrArray             *targets;
  double                 weight, text_weight;
  LimnAdapterReport     *report;
} Application;

static void
unused (Application      *application,
        const LimnWeight *tensor)
{
  if (tensor == NULL)
    return;
  if (application->report->unused++ == 0)
    application->report->first_unused = tensor->name;
}

static char *
advice (const LimnAdapterFile *file)
{
  const char *origin = limn_adapter_origin (file);

  if (origin == NULL)
    return g_strdup ("it is for another kind of model");
  return g_strdup_printf ("it seems to be for %s", origin);
}

/* A first convolution of other width is that of an inpainting model, or is changed for one: all else still fits. */
static gboolean
may_differ (const LimnWeight *weight)
{
  return g_str_equal (weight->name, "conv_in.weight");
}

/* @tensor: one of those of @delta, for the report. */
static gboolean
add_delta (Application       *application,
           LimnAdapterTarget *target,
           const LimnWeight  *weight,
           const LimnDelta   *delta,
           const LimnWeight  *tensor,
           GError           **error)
{
  const LimnAdapterFile *file = application->file;
  g_autoptr (GError) why = NULL;
  g_autofree char *seems = NULL;
  gboolean         none = delta->scale == 0 || (delta->magnitude != NULL && delta->strength == 0);
  gboolean         other_size;

  /* Checked even where it changes nothing. */
  g_autoptr (LimnPatch) trial = none ? limn_patch_new (weight) : NULL;

  if (limn_patch_add (none ? trial : limn_adapter_target_patch (target, weight), delta, file->weights, &why))
    {
      application->report->used++;
      return TRUE;
    }
  other_size = g_error_matches (why, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED);
  if (other_size && may_differ (weight))
    {
      unused (application, tensor);
      return TRUE;
    }
  seems = other_size ? advice (file) : NULL;
  return limn_adapter_error (error, file, why->code, "%s%s%s", why->message, seems != NULL ? "; " : "", seems != NULL ? seems : "");
}

/* Any tensor of the layer that is no number beside others. */
static const LimnWeight *
some_tensor (const LimnAdapterLayer *layer)
{
  for (int role = 0; role < LIMN_ADAPTER_N_ROLES; role++)
    if (layer->tensors[role] != NULL && role != LIMN_ADAPTER_ALPHA)
      return layer->tensors[role];
  return layer->tensors[LIMN_ADAPTER_ALPHA];
}

static double
strength_of (const Application       *application,
             const LimnAdapterTarget *target)
{
  return limn_adapter_target_is_text (target) ? application->text_weight : application->weight;
}

static gboolean
apply_bias (Application            *application,
            const LimnAdapterLayer *layer,
            GError                **error)
{
  const LimnWeight  *tensor = layer->tensors[LIMN_ADAPTER_BIAS_DIFF] != NULL ? layer->tensors[LIMN_ADAPTER_BIAS_DIFF]
                                                                             : layer->tensors[LIMN_ADAPTER_BIAS_UP];
  LimnAdapterTarget *target = NULL;
  const LimnWeight  *bias = tensor != NULL ? limn_adapter_find (application->targets, layer->name, "bias", &target) : NULL;
  LimnDelta          delta;

  if (bias == NULL)
    {
      unused (application, tensor);
      return TRUE;
    }
  return limn_adapter_bias_delta (application->file, layer, strength_of (application, target), &delta, error)
         && add_delta (application, target, bias, &delta, tensor, error);
}

static gboolean
apply_weight (Application            *application,
              const LimnAdapterLayer *layer,
              GError                **error)
{
  LimnAdapterTarget *target = NULL;
  const LimnWeight  *weight = limn_adapter_find (application->targets, layer->name, "weight", &target);
  LimnDelta          delta;

  /* Damage counts even where the layer is nobody's. */
  if (!limn_adapter_delta (application->file, layer, weight != NULL ? strength_of (application, target) : 0, &delta, error))
    return FALSE;
  if (delta.factors[0].whole == NULL && delta.factors[0].up == NULL)
    return TRUE;
  if (weight == NULL)
    {
      unused (application, some_tensor (layer));
      return TRUE;
    }
  return add_delta (application, target, weight, &delta, some_tensor (layer), error);
}

gboolean
limn_adapter_apply (const LimnAdapterFile *file,
                    GPtrArray             *targets,
                    double                 weight,
                    double                 text_weight,
                    LimnAdapterReport     *report,
                    GError               **error)
{
  Application      application = { file, targets, weight, text_weight, report };
  g_autofree char *seems = NULL;

  *report = (LimnAdapterReport){ .unused = file->unknown, .first_unused = file->first_unknown };
  for (guint i = 0; i < file->layers->len; i++)
    if (!apply_weight (&application, file->layers->pdata[i], error) || !apply_bias (&application, file->layers->pdata[i], error))
      return FALSE;
  if (report->used > 0)
    return TRUE;
  seems = advice (file);
  return limn_adapter_error (error, file, LIMN_ENGINE_ERROR_UNSUPPORTED, "nothing in it fits this model: %s", seems);
}
