/* What the widgets of a window share: the library, its thumbnails, what can be undone, the queue.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draft.h"
#include "app/engine-client.h"
#include "app/library/library.h"
#include "app/queue/queue.h"
#include "ui/thumbnails.h"
#include "ui/undo.h"

G_BEGIN_DECLS

#define LIMN_TYPE_STUDIO (limn_studio_get_type ())
G_DECLARE_FINAL_TYPE (LimnStudio, limn_studio, LIMN, STUDIO, GObject)

LimnStudio *limn_studio_new (LimnLibrary *library);

/* All (transfer none). */
LimnLibrary    *limn_studio_library (LimnStudio *studio);
LimnThumbnails *limn_studio_thumbnails (LimnStudio *studio);
LimnUndo       *limn_studio_undo (LimnStudio *studio);
LimnQueue      *limn_studio_queue (LimnStudio *studio);

LimnEngineClient *limn_studio_client (LimnStudio *studio);

/* Returns: (nullable) (transfer none): %NULL where the schema is not installed */
GSettings *limn_studio_settings (LimnStudio *studio);

/* Writes @draft (transfer full) to the disk, by another thread; in the order of the calls. */
void limn_studio_keep_draft (LimnStudio *studio,
                             LimnDraft  *draft);

/* The job that runs keeps its step; waits for that, some seconds at most. */
void limn_studio_close (LimnStudio *studio);

G_END_DECLS
