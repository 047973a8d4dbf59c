/* Weights in panels: the columns of one register tile next to each other, in the order that a kernel walks over them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/product.h"

/* Element of an output's weight that is the @k-th in the panel's order. */
static gsize
source_of (const LimnPanels *panels,
           gsize             k)
{
  gsize channels = panels->depth / panels->taps;

  return panels->taps_first ? k % channels * panels->taps + k / channels : k;
}

/* [columns of a tile][depth] → [depth][columns of a tile] */
static void
pack_panel (const LimnPanels *panels,
            const LimnWeight *weight,
            LimnType          type,
            gsize             panel,
            float            *rows,
            void             *data)
{
  gsize columns = MIN (panels->columns - panel * LIMN_TILE_COLUMNS, LIMN_TILE_COLUMNS);
  float line[LIMN_TILE_COLUMNS] = { 0 };

  limn_weight_range_to_f32 (weight, panel * LIMN_TILE_COLUMNS * panels->depth,
                            columns * panels->depth, rows);
  for (gsize k = 0; k < panels->depth; k++)
    {
      gsize from = source_of (panels, k), to = (panel * panels->depth + k) * LIMN_TILE_COLUMNS;

      for (gsize c = 0; c < columns; c++)
        line[c] = rows[c * panels->depth + from];
      if (type == LIMN_F32)
        memcpy ((float *) data + to, line, sizeof line);
      else
        limn_f32_row_to_bf16 (line, (guint16 *) data + to, LIMN_TILE_COLUMNS);
    }
}

static gboolean
fill (const LimnCpuTask *task,
      const LimnWeight  *weight,
      void              *data,
      gconstpointer      user,
      GError           **error)
{
  const LimnPanels *panels = user;
  gsize             n = limn_tiles (panels->columns, LIMN_TILE_COLUMNS);

#pragma omp parallel for schedule(static) \
    num_threads(limn_cpu_threads(task->cpu)) if (weight->n_elements > LIMN_PARALLEL)
  for (gsize panel = 0; panel < n; panel++)
    {
      g_autofree float *rows = g_new (float, panels->depth *LIMN_TILE_COLUMNS);

      pack_panel (panels, weight, task->node->inputs[0]->type, panel, rows, data);
    }
  return TRUE;
}

LimnPack *
limn_panels_take (LimnCpuTask      *task,
                  const LimnPanels *panels,
                  GError          **error)
{
  const struct
  {
    char     name[8];
    gint32   columns, taps_first;
    LimnType type;
  } layout = { "panels", LIMN_TILE_COLUMNS, panels->taps_first, task->node->inputs[0]->type };
  const LimnPackRequest request = {
    .layout = &layout,
    .layout_size = sizeof layout,
    .size = limn_panels (task->node) * panels->depth * LIMN_TILE_COLUMNS * limn_type_size (layout.type),
    .fill = fill,
    .user = panels,
    .user_size = sizeof *panels,
  };

  return limn_pack_take (task, &request, error);
}
