/* Adapters: a layer's tensors as a change of its weight.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters/adapter.h"
#include "engine/weights/weights-private.h"

/* The tensors of a factor; one that is not in the format is LIMN_ADAPTER_N_ROLES. */
typedef struct
{
  LimnAdapterRole whole, up, down, core;
  gboolean        rank_first; /* of a product with a core */
} FactorRoles;

#define NONE LIMN_ADAPTER_N_ROLES

typedef struct
{
  LimnDeltaKind kind;
  FactorRoles   factors[2];
} Format;

static const Format formats[] = {
  { LIMN_DELTA_PLAIN, { { NONE, LIMN_ADAPTER_UP, LIMN_ADAPTER_DOWN, LIMN_ADAPTER_MID, FALSE } } },
  { LIMN_DELTA_HADAMARD,
    { { NONE, LIMN_ADAPTER_HADA_W1_A, LIMN_ADAPTER_HADA_W1_B, LIMN_ADAPTER_HADA_T1, TRUE },
      { NONE, LIMN_ADAPTER_HADA_W2_A, LIMN_ADAPTER_HADA_W2_B, LIMN_ADAPTER_HADA_T2, TRUE } } },
  { LIMN_DELTA_KRONECKER,
    { { LIMN_ADAPTER_LOKR_W1, LIMN_ADAPTER_LOKR_W1_A, LIMN_ADAPTER_LOKR_W1_B, LIMN_ADAPTER_LOKR_T1, TRUE },
      { LIMN_ADAPTER_LOKR_W2, LIMN_ADAPTER_LOKR_W2_A, LIMN_ADAPTER_LOKR_W2_B, LIMN_ADAPTER_LOKR_T2, TRUE } } },
  { LIMN_DELTA_PLAIN, { { LIMN_ADAPTER_DIFF, NONE, NONE, NONE, FALSE } } },
};

static const LimnWeight *
tensor (const LimnAdapterLayer *layer,
        LimnAdapterRole         role)
{
  return role < LIMN_ADAPTER_N_ROLES ? layer->tensors[role] : NULL;
}

static gboolean
has_any (const LimnAdapterLayer *layer,
         const FactorRoles      *roles)
{
  return tensor (layer, roles->whole) || tensor (layer, roles->up) || tensor (layer, roles->down) || tensor (layer, roles->core);
}

/* FALSE: half of it is missing. */
static gboolean
fill_factor (const LimnAdapterLayer *layer,
             const FactorRoles      *roles,
             LimnFactor             *factor)
{
  *factor = (LimnFactor){ .whole = tensor (layer, roles->whole) };
  if (factor->whole != NULL)
    return TRUE;
  factor->up = tensor (layer, roles->up);
  factor->down = tensor (layer, roles->down);
  factor->core = tensor (layer, roles->core);
  factor->rank_first = factor->core != NULL && roles->rank_first;
  return factor->up != NULL && factor->down != NULL;
}

static const Format *
format_of (const LimnAdapterLayer *layer)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (has_any (layer, &formats[i].factors[0]) || (formats[i].kind != LIMN_DELTA_PLAIN && has_any (layer, &formats[i].factors[1])))
      return &formats[i];
  return NULL;
}

/*
 * What a weight other than 1 does to a change with a magnitude is not in the paper. LyCORIS' files are used as AUTOMATIC1111 and ComfyUI
 * do: part of the way from the weight as it was to the one of the right magnitude; PEFT's as PEFT does: part of the product.
 */
static void
weigh (const LimnAdapterLayer *layer,
       double                  strength,
       LimnDelta              *delta)
{
  gboolean peft = layer->tensors[LIMN_ADAPTER_MAGNITUDE] != NULL;

  delta->strength = 1;
  delta->magnitude = peft ? layer->tensors[LIMN_ADAPTER_MAGNITUDE] : layer->tensors[LIMN_ADAPTER_DORA_SCALE];
  delta->magnitude_of_rows = peft;
  if (delta->magnitude != NULL && !peft)
    delta->strength = strength;
  else
    delta->scale *= strength;
}

gboolean
limn_adapter_delta (const LimnAdapterFile  *file,
                    const LimnAdapterLayer *layer,
                    double                  strength,
                    LimnDelta              *delta,
                    GError                **error)
{
  const Format *format = format_of (layer);

  *delta = (LimnDelta){ 0 };
  if (format == NULL)
    return TRUE;
  delta->kind = format->kind;
  for (int i = 0; i < (format->kind == LIMN_DELTA_PLAIN ? 1 : 2); i++)
    if (!fill_factor (layer, &format->factors[i], &delta->factors[i]))
      {
        g_autofree char *shown = limn_printable (layer->name);

        return limn_adapter_error (error, file, LIMN_ENGINE_ERROR_FILE, "half of “%s” is missing; get the file again", shown);
      }
  if (!limn_adapter_scale (file, layer, limn_delta_rank (delta), &delta->scale, error))
    return FALSE;
  weigh (layer, strength, delta);
  return TRUE;
}

gboolean
limn_adapter_bias_delta (const LimnAdapterFile  *file,
                         const LimnAdapterLayer *layer,
                         double                  strength,
                         LimnDelta              *delta,
                         GError                **error)
{
  const LimnWeight *scaled = layer->tensors[LIMN_ADAPTER_BIAS_UP], *down = layer->tensors[LIMN_ADAPTER_DOWN];
  const LimnWeight *plain = layer->tensors[LIMN_ADAPTER_BIAS_DIFF];
  double            scale = 1;

  *delta = (LimnDelta){ .factors = { { .whole = plain != NULL ? plain : scaled } } };
  if (plain == NULL && scaled != NULL && down != NULL && down->n_dims > 0
      && !limn_adapter_scale (file, layer, (gsize) down->dims[0], &scale, error))
    return FALSE;
  delta->scale = scale * strength;
  return TRUE;
}
