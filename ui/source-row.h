/* The picture that a new one starts from: dropped here or chosen in the gallery; how far to go from it, and where.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/request.h"
#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_SOURCE_ROW (limn_source_row_get_type ())

/* Signals: `changed ()`; `mask (gint64 id)`: the mask of that picture is to be painted; `message (const char *)`. */
G_DECLARE_FINAL_TYPE (LimnSourceRow, limn_source_row, LIMN, SOURCE_ROW, AdwBin)

void limn_source_row_set_studio (LimnSourceRow *row,
                                 LimnStudio    *studio);

/* @id: a picture of the library; 0: none. @request: its strength, mask and expansion are shown */
void   limn_source_row_set (LimnSourceRow     *row,
                            gint64             id,
                            const LimnRequest *request);
gint64 limn_source_row_get (LimnSourceRow *row,
                            LimnRequest   *request);

/* The mask that was painted, and what goes with it. */
void limn_source_row_set_mask (LimnSourceRow     *row,
                               const LimnRequest *request);

G_END_DECLS
