/* Rules that several operations have in common about what they take.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/rules.h"

gboolean
limn_rule_floats (const LimnNode *node,
                  int             count,
                  GError        **error)
{
  for (int i = 0; i < count; i++)
    {
      const LimnTensor *input = limn_node_input (node, i);

      if (input == NULL)
        return limn_shape_error (error, node, "input %d is missing", i);
      if (input->type != LIMN_F32 && input->type != LIMN_BF16 && input->type != LIMN_F16)
        return limn_shape_error (error, node, "input %d is %s instead of f32, bf16 or f16", i,
                                 limn_type_name (input->type));
    }
  return TRUE;
}

gboolean
limn_rule_same_type (const LimnNode *node,
                     int             index,
                     GError        **error)
{
  LimnType first = node->inputs[0]->type;
  LimnType type = node->inputs[index]->type;

  if (type != first)
    return limn_shape_error (error, node, "input %d is %s beside %s", index,
                             limn_type_name (type), limn_type_name (first));
  return TRUE;
}

gboolean
limn_rule_broadcast (const LimnNode *node,
                     int             index,
                     GError        **error)
{
  LimnShape to = node->inputs[0]->shape;
  LimnShape from = node->inputs[index]->shape;

  if ((from.n == to.n || from.n == 1) && (from.h == to.h || from.h == 1) && (from.w == to.w || from.w == 1) && from.c == to.c)
    return TRUE;
  /* Tokens and places are the same bytes: learnt positions [1, 1, h · w, c] spread over [n, h, w, c]. */
  if ((from.n == to.n || from.n == 1) && from.h == 1 && (gsize) from.w == limn_shape_positions (to) && from.c == to.c)
    return TRUE;
  return limn_shape_error (error, node,
                           "%d × %d × %d × %d does not spread over %d × %d × %d × %d", from.n,
                           from.h, from.w, from.c, to.n, to.h, to.w, to.c);
}

gboolean
limn_rule_lengths (const LimnNode *node,
                   int             index,
                   GError        **error)
{
  const LimnTensor *lengths = limn_node_input (node, index);
  LimnShape         want = { node->inputs[0]->shape.n, 1, 1, 1 };

  if (lengths == NULL || lengths->type != LIMN_I32 || !limn_shape_equal (lengths->shape, want))
    return limn_shape_error (error, node, "lengths are not %d integers", want.n);
  return TRUE;
}

gboolean
limn_rule_vector (const LimnNode *node,
                  int             index,
                  const char     *what,
                  int             n,
                  GError        **error)
{
  const LimnWeight *weight = node->weights[index];

  if (weight == NULL)
    return limn_shape_error (error, node, "its %s is missing", what);
  if (weight->n_dims != 1)
    return limn_shape_error (error, node, "%s %s has %d dimensions instead of 1", what,
                             weight->name, weight->n_dims);
  if (weight->dims[0] != n || weight->n_elements != (gsize) n)
    return limn_shape_error (error, node,
                             "%s %s has %" G_GINT64_FORMAT " numbers instead of %d", what,
                             weight->name, weight->dims[0], n);
  return TRUE;
}

gboolean
limn_rule_matrix (const LimnNode *node,
                  int             index,
                  const char     *what,
                  int            *rows,
                  int            *columns,
                  GError        **error)
{
  const LimnWeight *weight = node->weights[index];

  if (weight == NULL)
    return limn_shape_error (error, node, "its %s is missing", what);
  if (weight->n_dims != 2)
    return limn_shape_error (error, node, "%s %s has %d dimensions instead of 2", what,
                             weight->name, weight->n_dims);
  for (int i = 0; i < 2; i++)
    if (weight->dims[i] < 1 || weight->dims[i] > G_MAXINT32)
      return limn_shape_error (error, node, "%s %s has a dimension of %" G_GINT64_FORMAT, what,
                               weight->name, weight->dims[i]);
  if (weight->n_elements != (gsize) weight->dims[0] * (gsize) weight->dims[1])
    return limn_shape_error (error, node, "%s %s does not hold what its dimensions say", what,
                             weight->name);
  *rows = (int) weight->dims[0];
  *columns = (int) weight->dims[1];
  return TRUE;
}

double
limn_rule_no_operations (const LimnNode *node)
{
  return 0;
}
