/* What was done to pictures, so that it can be undone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/library.h"

G_BEGIN_DECLS

#define LIMN_TYPE_UNDO (limn_undo_get_type ())
G_DECLARE_FINAL_TYPE (LimnUndo, limn_undo, LIMN, UNDO, GObject)

/* Properties: `can-undo`, `can-redo`. Signals: `failed (const char *message)`. */
LimnUndo *limn_undo_new (LimnLibrary *library);

/**
 * limn_undo_edit:
 * @ids: (array length=n)
 *
 * Does @edit to the pictures, by another thread, and remembers how they were.
 */
void limn_undo_edit (LimnUndo       *undo,
                     const LimnEdit *edit,
                     const gint64   *ids,
                     gsize           n);

/* The last thing that was not undone. */
void limn_undo_undo (LimnUndo *undo);
void limn_undo_redo (LimnUndo *undo);

G_END_DECLS
