/* Group normalisation over channels-last activations: one pass for the statistics, one that normalises and activates.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/activate.h"
#include "engine/cpu/norm.h"
#include "engine/ops/ops.h"

/* Mean and sum of squared distances from it, of one group in one block of positions. */
typedef struct
{
  double mean;
  double squares;
} Moments;

/* The work is cut by positions, not by groups, so that memory is read in order. The cut depends on the shape alone: sums are the
 * same whatever the number of threads. */
typedef struct
{
  LimnType type;
  gsize    samples, positions, channels;
  gsize    groups, width; /* width: channels of a group */
  gsize    block, blocks; /* positions of a block, blocks of a sample */
  gsize
           period;        /* positions that the coefficients are repeated for, so that rows of few channels make long loops */
  Moments *moments;       /* [samples][blocks][groups] */
  float   *scale, *shift; /* [samples][period · channels] */
  float   *sums;          /* [threads][3][stride] */
} Layout;

static Layout
layout_of (const LimnNode *node)
{
  const LimnGroupNormArgs *args = limn_node_args (node);
  LimnShape                shape = node->output->shape;
  Layout                   l = { .type = node->output->type };

  l.samples = (gsize) shape.n;
  l.positions = limn_shape_positions (shape);
  l.channels = (gsize) shape.c;
  l.groups = (gsize) args->groups;
  l.width = l.channels / l.groups;
  l.block = CLAMP (LIMN_PARALLEL / l.channels, 16, 256);
  l.blocks = (l.positions + l.block - 1) / l.block;
  l.period = MAX (1, LIMN_SPAN / l.channels);
  return l;
}

/* Places the layout's arrays in @scratch; returns the bytes they take, so that prepare can ask with %NULL. */
static gsize
layout_place (Layout *l,
              int     threads,
              char   *scratch)
{
  gsize moments = l->samples * l->blocks * l->groups * sizeof (Moments);
  gsize coefficients = limn_norm_stride (l->samples * l->period * l->channels) * sizeof (float);
  gsize sums = (gsize) threads * 3 * limn_norm_stride (l->channels) * sizeof (float);

  moments = (moments + 63) / 64 * 64;
  if (scratch != NULL)
    {
      l->moments = (Moments *) scratch;
      l->scale = (float *) (scratch + moments);
      l->shift = (float *) (scratch + moments + coefficients);
      l->sums = (float *) (scratch + moments + 2 * coefficients);
    }
  return moments + 2 * coefficients + sums;
}

static gboolean
group_norm_prepare (LimnCpuTask *task,
                    GError     **error)
{
  Layout l = layout_of (task->node);

  limn_norm_state_new (task, l.channels);
  task->scratch_size = layout_place (&l, limn_cpu_threads (task->cpu), NULL);
  return TRUE;
}

static inline float
element (LimnType    type,
         const void *x,
         gsize       i)
{
  return type == LIMN_BF16 ? limn_bf16_to_f32 (((const guint16 *) x)[i]) : ((const float *) x)[i];
}

/* Adds @rows (4 or 1) rows to sums and sums of squares of each channel, as distances from @pivot: without that, a mean far from zero
 * would eat the digits of the variance. @type and @rows are constants where this is inlined. */
static inline __attribute__ ((always_inline)) void
accumulate (LimnType     type,
            gsize        rows,
            const void  *x,
            gsize        at,
            gsize        channels,
            const float *pivot,
            float       *sum,
            float       *squares)
{
#pragma omp simd
  for (gsize c = 0; c < channels; c++)
    {
      float a = element (type, x, at + c) - pivot[c];
      float b = rows > 1 ? element (type, x, at + channels + c) - pivot[c] : 0;
      float d = rows > 2 ? element (type, x, at + 2 * channels + c) - pivot[c] : 0;
      float e = rows > 3 ? element (type, x, at + 3 * channels + c) - pivot[c] : 0;

      sum[c] += (a + b) + (d + e);
      squares[c] += (a * a + b * b) + (d * d + e * e);
    }
}

static void
accumulate_rows (const Layout *l,
                 const void   *x,
                 gsize         at,
                 gsize         rows,
                 const float  *pivot,
                 float        *sum,
                 float        *squares)
{
  gsize four = rows / 4 * 4;

  for (gsize row = 0; row < four; row += 4)
    if (l->type == LIMN_BF16)
      accumulate (LIMN_BF16, 4, x, at + row * l->channels, l->channels, pivot, sum, squares);
    else
      accumulate (LIMN_F32, 4, x, at + row * l->channels, l->channels, pivot, sum, squares);
  for (gsize row = four; row < rows; row++)
    if (l->type == LIMN_BF16)
      accumulate (LIMN_BF16, 1, x, at + row * l->channels, l->channels, pivot, sum, squares);
    else
      accumulate (LIMN_F32, 1, x, at + row * l->channels, l->channels, pivot, sum, squares);
}

static Moments
group_moments (const float *mean,
               const float *squares,
               gsize        width,
               gsize        rows)
{
  Moments moments = { 0, 0 };

  for (gsize c = 0; c < width; c++)
    moments.mean += (double) mean[c];
  moments.mean /= (double) width;
  for (gsize c = 0; c < width; c++)
    {
      double d = (double) mean[c] - moments.mean;

      moments.squares += (double) squares[c] + d * d * (double) rows;
    }
  return moments;
}

/* The first pass over one block. */
static void
block_moments (const Layout *l,
               const void   *x,
               gsize         index)
{
  gsize  stride = limn_norm_stride (l->channels);
  gsize  sample = index / l->blocks, first = index % l->blocks * l->block;
  gsize  rows = MIN (l->block, l->positions - first);
  gsize  at = (sample * l->positions + first) * l->channels;
  float *sum = l->sums + (gsize) omp_get_thread_num () * 3 * stride, *squares = sum + stride;
  float  count = (float) rows;

  memset (sum, 0, 2 * stride * sizeof *sum);
  accumulate_rows (l, x, at, rows, limn_load (l->type, x, at, l->channels, squares + stride),
                   sum, squares);
#pragma omp simd
  for (gsize c = 0; c < l->channels; c++)
    {
      float d = sum[c] / count;

      squares[c] -= d * sum[c];
      sum[c] = d + element (l->type, x, at + c);
    }
  for (gsize g = 0; g < l->groups; g++)
    l->moments[index * l->groups + g] = group_moments (sum + g * l->width, squares + g * l->width, l->width, rows);
}

/* Joins the moments of a sample's blocks (Chan et al., 1983): mean and 1 / sqrt (variance + epsilon). */
static void
group_statistics (const Layout *l,
                  gsize         sample,
                  gsize         group,
                  double        epsilon,
                  double       *mean,
                  double       *factor)
{
  const Moments *moments = l->moments + sample * l->blocks * l->groups + group;
  double         squares = 0;

  *mean = 0;
  for (gsize b = 0; b < l->blocks; b++)
    *mean += moments[b * l->groups].mean * (double) MIN (l->block, l->positions - b * l->block);
  *mean /= (double) l->positions;
  for (gsize b = 0; b < l->blocks; b++)
    {
      double d = moments[b * l->groups].mean - *mean;

      squares += moments[b * l->groups].squares + d * d * (double) (MIN (l->block, l->positions - b * l->block) * l->width);
    }
  squares = squares < 0 ? 0 : squares;
  *factor = 1 / sqrt (squares / (double) (l->positions * l->width) + epsilon);
}

/* y = x · scale + shift: both for each channel of one group, from statistics, weight and bias. */
static void
group_coefficients (const Layout        *l,
                    const LimnNormState *state,
                    gsize                index,
                    double               epsilon)
{
  gsize  sample = index / l->groups, group = index % l->groups;
  gsize  length = l->period * l->channels;
  double mean, factor;

  group_statistics (l, sample, group, epsilon, &mean, &factor);
  for (gsize c = group * l->width; c < (group + 1) * l->width; c++)
    {
      float scale = (float) ((double) state->weight[c] * factor);
      float shift = (float) ((double) state->bias[c] - mean * (double) scale);

      for (gsize i = sample * length + c; i < (sample + 1) * length; i += l->channels)
        {
          l->scale[i] = scale;
          l->shift[i] = shift;
        }
    }
}

/* The second pass over one span; a row of @span is @period positions, the last of a sample fewer. */
static void
normalise_span (const LimnCpuTask *task,
                const Layout      *l,
                LimnSpan           span)
{
  gsize        rows = (l->positions + l->period - 1) / l->period;
  gsize        sample = span.row / rows, first = span.row % rows * l->period;
  gsize        valid = MIN (l->period, l->positions - first) * l->channels;
  gsize        n = MIN (span.n, valid - span.channel);
  gsize        at = (sample * l->positions + first) * l->channels + span.channel;
  const float *scale = l->scale + sample * l->period * l->channels + span.channel;
  const float *shift = l->shift + sample * l->period * l->channels + span.channel;
  float        buffer[LIMN_SPAN];
  const float *x = limn_load (l->type, task->inputs[0], at, n, buffer);
  float       *y = limn_target (l->type, task->output, at, buffer);

#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = x[i] * scale[i] + shift[i];
  limn_activate_epilogues (task->node, y, n);
  limn_store (l->type, y, task->output, at, n);
}

static gboolean
group_norm_run (LimnCpuTask *task)
{
  const LimnGroupNormArgs *args = limn_node_args (task->node);
  Layout                   l = layout_of (task->node);
  int                      threads = limn_cpu_threads (task->cpu);
  LimnSpans                spans = limn_spans (l.samples * ((l.positions + l.period - 1) / l.period), l.period * l.channels);

  layout_place (&l, threads, task->scratch);
#pragma omp parallel num_threads(threads) if (spans.elements > LIMN_PARALLEL)
  {
#pragma omp for
    for (gsize i = 0; i < l.samples * l.blocks; i++)
      block_moments (&l, task->inputs[0], i);
#pragma omp for
    for (gsize i = 0; i < l.samples * l.groups; i++)
      group_coefficients (&l, task->state, i, (double) args->epsilon);
#pragma omp for
    for (gsize i = 0; i < spans.count; i++)
      normalise_span (task, &l, limn_span (&spans, i));
  }
  return TRUE;
}

const LimnCpuKernel LIMN_CPU_KERNEL (group_norm) = {
  .prepare = group_norm_prepare,
  .run = group_norm_run,
  .clear = limn_norm_state_free,
  .in_place = TRUE,
};
