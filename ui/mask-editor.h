/* Marks what of a picture is to be made anew, or how far it is to grow.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/request.h"
#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_MASK_EDITOR (limn_mask_editor_get_type ())

/* Signals: `done (gint64 id, gpointer request)`: a #LimnRequest with the mask, its feather and area, or with the expansion; `message (const char *)`. */
G_DECLARE_FINAL_TYPE (LimnMaskEditor, limn_mask_editor, LIMN, MASK_EDITOR, AdwBin)

/* @request: its mask and expansion are what is there at first */
void limn_mask_editor_open (LimnMaskEditor    *editor,
                            LimnStudio        *studio,
                            gint64             id,
                            const LimnRequest *request);

/* Lets go of the picture. */
void limn_mask_editor_close (LimnMaskEditor *editor);

G_END_DECLS
