/* Matrix products and convolutions by register tiles: arithmetic in floats, activations and weights as they are stored.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cpu/pack.h"
#include "engine/cpu/tile.h"

G_BEGIN_DECLS

/* The functions below as this build of the kernels has them. */
#define limn_ending_init LIMN_CPU_KERNEL (ending_init)
#define limn_ending_clear LIMN_CPU_KERNEL (ending_clear)
#define limn_ending_bias LIMN_CPU_KERNEL (ending_bias)
#define limn_ending_store LIMN_CPU_KERNEL (ending_store)
#define limn_panels_take LIMN_CPU_KERNEL (panels_take)

/**
 * LimnEnding:
 * @bias: [columns, rounded up to whole panels]
 * @vector, @whole: inputs that epilogues add, -1: none
 * @columns: channels of the result
 *
 * What is done to sums before they are stored: bias, then the node's epilogues.
 */
typedef struct
{
  float *bias;
  int    vector, whole;
  gsize  columns;
} LimnEnding;

/* Panels of LIMN_TILE_COLUMNS that the result's channels take. */
static inline gsize
limn_panels (const LimnNode *node)
{
  return limn_tiles ((gsize) node->output->shape.c, LIMN_TILE_COLUMNS);
}

void limn_ending_init (LimnEnding     *ending,
                       const LimnNode *node);
void limn_ending_clear (LimnEnding *ending);

/* Returns: the bias of this run, in @sum if a vector joins it */
const float *limn_ending_bias (const LimnEnding  *ending,
                               const LimnCpuTask *task,
                               float             *sum);

/**
 * limn_ending_store:
 * @sums: [@n_rows][LIMN_TILE_COLUMNS]; changed
 * @bias: of ending_bias()
 * @rows: which rows of the result, [rows, columns], they are
 * @panel: which of its panels
 */
void limn_ending_store (const LimnEnding  *ending,
                        const LimnCpuTask *task,
                        float             *sums,
                        const float       *bias,
                        const gsize       *rows,
                        gsize              n_rows,
                        gsize              panel);

/**
 * LimnPanels:
 * @columns: output channels
 * @depth: weights of each
 * @taps: numbers under the kernel for each input channel; 1: a linear layer
 * @taps_first: a panel is in the order [tap][input channel], else as the file has it, [input channel][tap]
 *
 * How a weight is packed: [panel][depth][LIMN_TILE_COLUMNS], of the activations' type, zeros beyond the last column.
 */
typedef struct
{
  gsize    columns, depth, taps;
  gboolean taps_first;
} LimnPanels;

/* Returns: the task's weight so packed; limn_pack_take() */
LimnPack *limn_panels_take (LimnCpuTask      *task,
                            const LimnPanels *panels);

/* The kernel functions for linear layers and convolutions of any size and stride. */
gboolean LIMN_CPU_KERNEL (product_prepare) (LimnCpuTask *task,
                                            GError     **error);
gboolean LIMN_CPU_KERNEL (product_run) (LimnCpuTask *task);
void     LIMN_CPU_KERNEL (product_clear) (LimnCpuTask *task);

/* The same for 3 × 3 convolutions of stride 1, by Winograd's F(4 × 4, 3 × 3). */
gboolean LIMN_CPU_KERNEL (winograd_suits) (const LimnNode *node);
gboolean LIMN_CPU_KERNEL (winograd_prepare) (LimnCpuTask *task,
                                             GError     **error);
gboolean LIMN_CPU_KERNEL (winograd_run) (LimnCpuTask *task);
void     LIMN_CPU_KERNEL (winograd_clear) (LimnCpuTask *task);

/* The same in 8 bits, where the node asks for that and the processor multiplies bytes. */
gboolean LIMN_CPU_KERNEL (int8_suits) (const LimnNode *node);
gboolean LIMN_CPU_KERNEL (int8_prepare) (LimnCpuTask *task,
                                         GError     **error);
gboolean LIMN_CPU_KERNEL (int8_run) (LimnCpuTask *task);
void     LIMN_CPU_KERNEL (int8_clear) (LimnCpuTask *task);

G_END_DECLS
