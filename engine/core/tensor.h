/* Shapes and tensors: the values that flow through a graph, channels-last.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/type.h"

G_BEGIN_DECLS

typedef struct _LimnNode   LimnNode;
typedef struct _LimnTensor LimnTensor;
typedef struct _LimnGraph  LimnGraph;

/**
 * LimnShape:
 * @n: samples
 * @h: rows; 1 for tokens
 * @w: columns, or tokens
 * @c: channels, next to each other in memory
 *
 * Tokens × channels and height × width × channels are the same bytes, so [n, h, w, c] read as tokens is [n, 1, h·w, c].
 */
typedef struct
{
  int n, h, w, c;
} LimnShape;

static inline gsize
limn_shape_positions (LimnShape shape)
{
  return (gsize) shape.h * shape.w;
}

static inline gsize
limn_shape_rows (LimnShape shape)
{
  return (gsize) shape.n * shape.h * shape.w;
}

static inline gsize
limn_shape_elements (LimnShape shape)
{
  return limn_shape_rows (shape) * shape.c;
}

static inline gboolean
limn_shape_equal (LimnShape a,
                  LimnShape b)
{
  return a.n == b.n && a.h == b.h && a.w == b.w && a.c == b.c;
}

/**
 * LimnTensor:
 * @shape: [n, h, w, c]
 * @type: type of an element in memory
 * @producer: (nullable): the node that computes it; %NULL for inputs and weights
 * @name: (nullable): of an input
 *
 * A value of a graph, owned by it. What lies behind it in memory is the plan's business.
 */
struct _LimnTensor
{
  LimnShape   shape;
  LimnType    type;
  LimnNode   *producer;
  const char *name;
  int         id;
};

static inline gsize
limn_tensor_size (const LimnTensor *tensor)
{
  return limn_shape_elements (tensor->shape) * limn_type_size (tensor->type);
}

/**
 * LimnArray:
 * @shape: [n, h, w, c]
 * @data: (array): channels-last floats, owned
 *
 * Numbers on the host's side of the engine: what goes into a plan and comes out of it.
 */
typedef struct
{
  LimnShape shape;
  float    *data;
} LimnArray;

/**
 * limn_array_new:
 *
 * Returns: (transfer full): an array of zeros
 */
LimnArray *limn_array_new (LimnShape shape);
LimnArray *limn_array_copy (const LimnArray *array);
void       limn_array_free (LimnArray *array);

/**
 * limn_array_join_channels:
 * @first: (nullable) (transfer full): [n, h, w, c]
 * @second: [n, h, w, d]
 *
 * Returns: (transfer full): [n, h, w, c + d]
 */
LimnArray *limn_array_join_channels (LimnArray       *first,
                                     const LimnArray *second);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnArray, limn_array_free)

G_END_DECLS
