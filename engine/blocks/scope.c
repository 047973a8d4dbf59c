/* Scope: names of weights, and layers by name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/blocks/scope.h"

LimnScope
limn_scope_root (LimnGraph         *graph,
                 const LimnWeights *weights)
{
  LimnScope scope = { .graph = graph, .weights = weights };

  return scope;
}

LimnScope
limn_scope_child (const LimnScope *scope,
                  const char      *format,
                  ...)
{
  LimnScope        child = limn_scope_root (scope->graph, scope->weights);
  g_autofree char *name = NULL;
  va_list          args;

  va_start (args, format);
  name = g_strdup_vprintf (format, args);
  va_end (args);

  g_snprintf (child.prefix, sizeof child.prefix, "%s%s.", scope->prefix, name);
  limn_graph_set_label (scope->graph, child.prefix);
  return child;
}

static const LimnWeight *
find (const LimnScope *scope,
      const char      *name,
      const char      *suffix)
{
  char full[LIMN_SCOPE_LENGTH + 64];

  g_snprintf (full, sizeof full, "%s%s%s", scope->prefix, name, suffix);
  return limn_weights_find (scope->weights, full);
}

gboolean
limn_scope_has (const LimnScope *scope,
                const char      *name)
{
  return find (scope, name, "") != NULL;
}

static const LimnWeight *
require (const LimnScope *scope,
         const char      *name,
         const char      *suffix)
{
  const LimnWeight *weight = find (scope, name, suffix);
  g_autofree char  *label = g_strconcat (scope->prefix, name, NULL);

  limn_graph_set_label (scope->graph, label);
  if (weight == NULL)
    limn_graph_fail (scope->graph,
                     g_error_new (LIMN_ENGINE_ERROR,
                                  LIMN_ENGINE_ERROR_FILE,
                                  "tensor %s%s is missing: the file is incomplete or of another family; get it again",
                                  label,
                                  suffix));
  return weight;
}

const LimnWeight *
limn_scope_weight (const LimnScope *scope,
                   const char      *name)
{
  return require (scope, name, "");
}

/* An empty tensor once the graph has failed: what follows only has to survive. */
static LimnTensor *
failed (const LimnScope *scope)
{
  return limn_graph_fail (
      scope->graph,
      g_error_new_literal (LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE, "a tensor is missing"));
}

LimnTensor *
limn_scope_linear (const LimnScope *scope,
                   const char      *name,
                   LimnTensor      *x)
{
  const LimnWeight *weight = require (scope, name, ".weight");
  const LimnWeight *bias = require (scope, name, ".bias");

  if (weight == NULL || bias == NULL)
    return failed (scope);
  return limn_linear (scope->graph, x, weight, bias);
}

LimnTensor *
limn_scope_matrix (const LimnScope *scope,
                   const char      *name,
                   LimnTensor      *x)
{
  const LimnWeight *weight = require (scope, name, ".weight");

  return weight != NULL ? limn_linear (scope->graph, x, weight, NULL) : failed (scope);
}

LimnTensor *
limn_scope_conv_with (const LimnScope    *scope,
                      const char         *name,
                      LimnTensor         *x,
                      const LimnConvArgs *args,
                      gboolean            bias)
{
  const LimnWeight *weight = require (scope, name, ".weight");
  const LimnWeight *shift = bias ? require (scope, name, ".bias") : NULL;

  if (weight == NULL || (bias && shift == NULL))
    return failed (scope);
  return limn_conv (scope->graph, x, weight, shift, args);
}

LimnTensor *
limn_scope_conv (const LimnScope *scope,
                 const char      *name,
                 LimnTensor      *x)
{
  const LimnWeight *weight = require (scope, name, ".weight");
  LimnConvArgs      args = { .stride = 1 };

  if (weight == NULL)
    return failed (scope);

  if (weight->n_dims == 4)
    {
      args.pad_top = args.pad_bottom = weight->dims[2] / 2;
      args.pad_left = args.pad_right = weight->dims[3] / 2;
    }
  return limn_scope_conv_with (scope, name, x, &args, TRUE);
}

LimnTensor *
limn_scope_group_norm (const LimnScope *scope,
                       const char      *name,
                       LimnTensor      *x,
                       int              groups,
                       float            epsilon)
{
  const LimnWeight *weight = require (scope, name, ".weight");
  const LimnWeight *bias = require (scope, name, ".bias");

  if (weight == NULL || bias == NULL)
    return failed (scope);
  return limn_group_norm (scope->graph, x, weight, bias, groups, epsilon);
}

LimnTensor *
limn_scope_layer_norm (const LimnScope *scope,
                       const char      *name,
                       LimnTensor      *x,
                       float            epsilon)
{
  const LimnWeight *weight = require (scope, name, ".weight");
  const LimnWeight *bias = require (scope, name, ".bias");

  if (weight == NULL || bias == NULL)
    return failed (scope);
  return limn_layer_norm (scope->graph, x, weight, bias, epsilon);
}

LimnTensor *
limn_scope_rms_norm (const LimnScope *scope,
                     const char      *name,
                     LimnTensor      *x,
                     float            epsilon)
{
  const LimnWeight *weight = require (scope, name, ".weight");

  return weight != NULL ? limn_rms_norm (scope->graph, x, weight, epsilon) : failed (scope);
}

LimnTensor *
limn_scope_constant (const LimnScope *scope,
                     const char      *name,
                     gboolean         flat)
{
  const LimnWeight *weight = require (scope, name, "");

  return weight != NULL ? limn_constant (scope->graph, weight, flat) : failed (scope);
}

LimnTensor *
limn_scope_prelu (const LimnScope *scope,
                  const char      *name,
                  LimnTensor      *x)
{
  const LimnWeight *slope = require (scope, name, ".weight");

  return slope != NULL ? limn_prelu (scope->graph, x, slope) : failed (scope);
}
