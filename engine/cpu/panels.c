/* Weights in panels: the columns of one register tile next to each other, in the order that a kernel walks over them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/product.h"

enum
{
  BLOCK = 128 /* weights of a column that are turned at once: those of all columns stay in the first-level cache */
};

/* Where the @k-th weight of a column in the file's order is in the panel's. */
static inline gsize
place_of (const LimnPanels *panels,
          gsize             k)
{
  gsize channels = panels->depth / panels->taps;

  return panels->taps_first && panels->taps > 1 ? k % panels->taps * channels + k / panels->taps : k;
}

static void
store_line (LimnType     type,
            const float *line,
            void        *data,
            gsize        at)
{
  if (type == LIMN_F32)
    memcpy ((float *) data + at, line, LIMN_TILE_COLUMNS * sizeof *line);
  else
    limn_f32_row_to_bf16 (line, (guint16 *) data + at, LIMN_TILE_COLUMNS);
}

/* [columns of a tile][depth] → [depth][columns of a tile] */
static void
pack_panel (const LimnPanels *panels,
            const LimnWeight *weight,
            LimnType          type,
            gsize             panel,
            void             *data)
{
  const gsize first = panel * LIMN_TILE_COLUMNS, columns = MIN (panels->columns - first, LIMN_TILE_COLUMNS);
  float       block[LIMN_TILE_COLUMNS][BLOCK], line[LIMN_TILE_COLUMNS] = { 0 };

  for (gsize k = 0; k < panels->depth; k += BLOCK)
    {
      gsize n = MIN (panels->depth - k, BLOCK);

      for (gsize c = 0; c < columns; c++)
        limn_weight_range_to_f32 (weight, (first + c) * panels->depth + k, n, block[c]);
      for (gsize i = 0; i < n; i++)
        {
          for (gsize c = 0; c < columns; c++)
            line[c] = block[c][i];
          store_line (type, line, data, (panel * panels->depth + place_of (panels, k + i)) * LIMN_TILE_COLUMNS);
        }
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
    pack_panel (panels, weight, task->node->inputs[0]->type, panel, data);
  return TRUE;
}

LimnPack *
limn_panels_take (LimnCpuTask      *task,
                  const LimnPanels *panels)
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

  return limn_pack_take (task, &request);
}
