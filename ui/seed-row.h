/* The seed: drawn anew each time, or held on to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LIMN_TYPE_SEED_ROW (limn_seed_row_get_type ())

/* Signal `changed ()`. */
G_DECLARE_FINAL_TYPE (LimnSeedRow, limn_seed_row, LIMN, SEED_ROW, AdwBin)

/* Returns: the seed that is held on to; -1 if another is to be drawn; -2 if what is written is none */
gint64 limn_seed_row_get (LimnSeedRow *row);

/* Negative: another each time. */
void limn_seed_row_set (LimnSeedRow *row,
                        gint64       seed);

/* The seed that was drawn for the last picture: the lock holds on to it. */
void limn_seed_row_tell (LimnSeedRow *row,
                         gint64       seed);

G_END_DECLS
