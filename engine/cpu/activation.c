/* Activation functions, each number by itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/activate.h"
#include "engine/cpu/kernel.h"
#include "engine/ops/ops.h"

static void
activation_span (const LimnCpuTask *task,
                 LimnSpan           span)
{
  const LimnActivationArgs *args = limn_node_args (task->node);
  LimnType                  type = task->node->output->type;
  float                     buffer[LIMN_SPAN];
  const float              *x = limn_load (type, task->inputs[0], span.at, span.n, buffer);
  float                    *y = limn_target (type, task->output, span.at, buffer);

  if (x != y)
    memcpy (y, x, span.n * sizeof *x);
  limn_activations[args->kind](y, span.n);
  limn_store (type, y, task->output, span.at, span.n);
}

static gboolean
activation_run (LimnCpuTask *task)
{
  LimnSpans spans = limn_spans_of (task->node);

#pragma omp parallel for num_threads(limn_cpu_threads(task->cpu)) if (spans.elements > LIMN_PARALLEL)
  for (gsize i = 0; i < spans.count; i++)
    activation_span (task, limn_span (&spans, i));
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (activation) = { .run = activation_run, .in_place = TRUE };
