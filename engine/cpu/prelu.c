/* Rectified linear units whose slope below zero was learnt.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/kernel.h"

/* The state is a slope for each channel. */
static gboolean
prelu_prepare (LimnCpuTask *task,
               GError     **error)
{
  const LimnWeight *weight = task->node->weights[0];
  gsize             channels = (gsize) task->node->output->shape.c;
  float            *slopes = limn_kernel_vector (weight, channels, 0);

  for (gsize c = weight->n_elements; c < channels; c++)
    slopes[c] = slopes[0];
  task->state = slopes;
  return TRUE;
}

static void
prelu_span (const LimnCpuTask *task,
            LimnSpan           span)
{
  LimnType     type = task->node->output->type;
  const float *slope = (const float *) task->state + span.channel;
  float        buffer[LIMN_SPAN];
  const float *x = limn_load (type, task->inputs[0], span.at, span.n, buffer);
  float       *y = limn_target (type, task->output, span.at, buffer);

#pragma omp simd
  for (gsize i = 0; i < span.n; i++)
    y[i] = x[i] < 0 ? slope[i] * x[i] : x[i];
  limn_store (type, y, task->output, span.at, span.n);
}

static gboolean
prelu_run (LimnCpuTask *task)
{
  LimnShape shape = task->node->output->shape;
  LimnSpans spans = limn_spans (limn_shape_rows (shape), (gsize) shape.c);

#pragma omp parallel for num_threads(limn_cpu_threads(task->cpu)) if (spans.elements > LIMN_PARALLEL)
  for (gsize i = 0; i < spans.count; i++)
    prelu_span (task, limn_span (&spans, i));
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (prelu) = {
  .prepare = prelu_prepare,
  .run = prelu_run,
  .clear = limn_kernel_free_state,
  .in_place = TRUE,
};
