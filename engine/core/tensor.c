/* Arrays on the host's side of the engine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/core/tensor.h"

LimnArray *
limn_array_new (LimnShape shape)
{
  LimnArray *array = g_new (LimnArray, 1);

  array->shape = shape;
  array->data = g_new0 (float, limn_shape_elements (shape));
  return array;
}

LimnArray *
limn_array_copy (const LimnArray *array)
{
  LimnArray *copy = limn_array_new (array->shape);

  memcpy (copy->data, array->data, limn_shape_elements (array->shape) * sizeof (float));
  return copy;
}

void
limn_array_free (LimnArray *array)
{
  if (array == NULL)
    return;
  g_free (array->data);
  g_free (array);
}
