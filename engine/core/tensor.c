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

LimnArray *
limn_array_join_channels (LimnArray       *first,
                          const LimnArray *second)
{
  LimnShape  shape = second->shape;
  LimnArray *joined;
  int        head = first != NULL ? first->shape.c : 0, tail = shape.c;

  g_return_val_if_fail (first == NULL || limn_shape_rows (first->shape) == limn_shape_rows (shape), first);
  shape.c = head + tail;
  joined = limn_array_new (shape);
  for (gsize row = 0; row < limn_shape_rows (shape); row++)
    {
      if (head > 0)
        memcpy (joined->data + row * shape.c, first->data + row * head, head * sizeof (float));
      memcpy (joined->data + row * shape.c + head, second->data + row * tail, tail * sizeof (float));
    }
  limn_array_free (first);
  return joined;
}
