/* What the element-wise kernels share: spans of elements, broadcasting, weights as floats.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cpu/cpu.h"
#include "engine/cpu/vector.h"

#include <omp.h>

G_BEGIN_DECLS

/* Floats worked on at once: three or four such buffers stay in the first-level cache. */
#define LIMN_SPAN 1024

/* Elements from which on waking threads costs less than they save. */
#define LIMN_PARALLEL 32768

/* Rows of channels, cut into spans of at most LIMN_SPAN elements that do not cross rows. */
typedef struct
{
  gsize channels;
  gsize per_row;  /* spans a row */
  gsize count;    /* spans */
  gsize elements; /* of all rows */
} LimnSpans;

/* @at: the element of the whole tensor that @channel of @row is */
typedef struct
{
  gsize row, channel;
  gsize at, n;
} LimnSpan;

static inline LimnSpans
limn_spans (gsize rows,
            gsize channels)
{
  gsize per_row = (channels + LIMN_SPAN - 1) / LIMN_SPAN;

  return (LimnSpans){ channels, per_row, rows * per_row, rows * channels };
}

static inline LimnSpan
limn_span (const LimnSpans *spans,
           gsize            index)
{
  LimnSpan span = { .row = spans->per_row == 1 ? index : index / spans->per_row };

  span.channel = (index - span.row * spans->per_row) * LIMN_SPAN;
  span.n = MIN (spans->channels - span.channel, LIMN_SPAN);
  span.at = span.row * spans->channels + span.channel;
  return span;
}

/* One long row if all inputs are of the output's shape (nothing to broadcast), else its rows. */
static inline LimnSpans
limn_spans_of (const LimnNode *node)
{
  LimnShape shape = node->output->shape;

  for (int i = 0; i < node->n_inputs; i++)
    if (!limn_shape_equal (node->inputs[i]->shape, shape))
      return limn_spans (limn_shape_rows (shape), shape.c);
  return limn_spans (1, limn_shape_elements (shape));
}

/* Returns: the element at which the row lies in @from that meets @row of @to, where @from has 1 for some of n, h, w, or to.h · to.w tokens */
static inline gsize
limn_broadcast (LimnShape from,
                LimnShape to,
                gsize     row)
{
  gsize x, y, sample;

  if (limn_shape_equal (from, to))
    return row * (gsize) from.c;
  if (limn_shape_rows (from) == 1)
    return 0;
  if (from.h == 1 && (gsize) from.w == limn_shape_positions (to))
    to = (LimnShape){ to.n, 1, from.w, to.c };
  x = row % to.w;
  y = row / to.w % to.h;
  sample = row / to.w / to.h;
  x = from.w == 1 ? 0 : x;
  y = from.h == 1 ? 0 : y;
  sample = from.n == 1 ? 0 : sample;
  return ((sample * from.h + y) * from.w + x) * from.c;
}

/* Returns: (transfer full): @weight as floats, or @n times @otherwise if there is none */
static inline float *
limn_kernel_vector (const LimnWeight *weight,
                    gsize             n,
                    float             otherwise)
{
  float *vector = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    vector[i] = otherwise;
  if (weight != NULL)
    limn_weight_to_f32 (weight, vector);
  return vector;
}

/* Clears a task whose state is one allocation. */
static inline void
limn_kernel_free_state (LimnCpuTask *task)
{
  g_free (task->state);
  task->state = NULL;
}

G_END_DECLS
