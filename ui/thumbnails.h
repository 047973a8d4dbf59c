/* Pictures of the library as textures: read and decoded by other threads, the latest kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/library/library.h"

G_BEGIN_DECLS

#define LIMN_TYPE_THUMBNAILS (limn_thumbnails_get_type ())
G_DECLARE_FINAL_TYPE (LimnThumbnails, limn_thumbnails, LIMN, THUMBNAILS, GObject)

/* @most: bytes of textures that are kept */
LimnThumbnails *limn_thumbnails_new (LimnLibrary *library,
                                     gsize        most);

/**
 * limn_thumbnails_peek:
 * @size: %LIMN_THUMBNAIL_SMALL or %LIMN_THUMBNAIL_LARGE; 0 for the whole picture
 *
 * Returns: (transfer none) (nullable): the texture, if it is there
 */
GdkTexture *limn_thumbnails_peek (LimnThumbnails *thumbnails,
                                  gint64          id,
                                  int             size);

/* @size: pixels of the longer side; @radius: of its corners: made to be shown as it is. Returns: (transfer none) (nullable) */
GdkTexture *limn_thumbnails_peek_tile (LimnThumbnails *thumbnails,
                                       gint64          id,
                                       int             size,
                                       int             radius);

/* limn_thumbnails_load_finish() gives the texture. */
void limn_thumbnails_load_tile_async (LimnThumbnails     *thumbnails,
                                      gint64              id,
                                      int                 size,
                                      int                 radius,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            data);

/**
 * limn_thumbnails_load_async:
 *
 * Calls that are cancelled before their turn cost nothing: a gallery that scrolls fast asks for much that it does not need any more.
 */
void limn_thumbnails_load_async (LimnThumbnails     *thumbnails,
                                 gint64              id,
                                 int                 size,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            data);

/* Returns: (transfer full): the texture; whole pictures are not kept */
GdkTexture *limn_thumbnails_load_finish (LimnThumbnails *thumbnails,
                                         GAsyncResult   *result,
                                         GError        **error);

G_END_DECLS
