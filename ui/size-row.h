/* The size of pictures: proportions to choose from, and pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/model-defaults.h"

G_BEGIN_DECLS

#define LIMN_TYPE_SIZE_ROW (limn_size_row_get_type ())

/* Signal `changed ()`. */
G_DECLARE_FINAL_TYPE (LimnSizeRow, limn_size_row, LIMN, SIZE_ROW, AdwBin)

/* What sizes there are. A size that was the old model's own becomes this one's. */
void limn_size_row_set_model (LimnSizeRow             *row,
                              const LimnModelDefaults *defaults);

/* @width, @height: (out): -1 where they are the model's own */
void limn_size_row_get (LimnSizeRow *row,
                        gint64      *width,
                        gint64      *height);

/* Negative: the model's own. */
void limn_size_row_set (LimnSizeRow *row,
                        gint64       width,
                        gint64       height);

G_END_DECLS
