/* The gallery: what is being made, then the pictures that a search finds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_GALLERY (limn_gallery_get_type ())
G_DECLARE_FINAL_TYPE (LimnGallery, limn_gallery, LIMN, GALLERY, GtkWidget)

/*
 * Signals: `open (gint64 id)`: a picture was activated; `compare (gpointer ids)`: a GArray of gint64; `use (gint64 id)`: its settings are wanted; `source (gint64 id)`:
 * the next picture is to start from it; `message (const char *text)`: something to tell for a moment;
 * `trashed (guint n)`: n pictures went to the trash, which can be undone.
 * Actions, on the selected pictures: gallery.rate (i), gallery.star, gallery.trash, gallery.restore, gallery.open, gallery.select-all.
 */
void limn_gallery_set_studio (LimnGallery *gallery,
                              LimnStudio  *studio);

/* @query: in the language of the library */
void limn_gallery_set_query (LimnGallery *gallery,
                             const char  *query);

/* @query: (nullable): where the artist looks: an album, the trash, …; searches are within it. @album: it has an order of its own */
void limn_gallery_set_place (LimnGallery *gallery,
                             const char  *query,
                             gboolean     album);

/* Returns: (transfer full) (element-type gint64): the pictures that are selected */
GArray *limn_gallery_get_selected (LimnGallery *gallery);

/* Returns: the picture @offset places behind @id in the order shown, 0 if there is none */
gint64 limn_gallery_get_neighbour (LimnGallery *gallery,
                                   gint64       id,
                                   int          offset);

/* Selects a picture and brings it into view. */
void limn_gallery_show (LimnGallery *gallery,
                        gint64       id);

/* Returns: (transfer none): what its pictures scroll in */
GtkScrolledWindow *limn_gallery_get_scrolled (LimnGallery *gallery);

/* Takes files into the library, by another thread, and tells how it went. */
void limn_gallery_import (LimnGallery       *gallery,
                          const char *const *paths);

G_END_DECLS
