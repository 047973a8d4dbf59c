/* Pictures dropped on a widget or pasted: from the gallery, from files, from other programs. They come into the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/library/library.h"

G_BEGIN_DECLS

/* @id: of the picture in the library */
typedef void (*LimnPictureDropFunc) (gint64   id,
                                     gpointer data);

/**
 * limn_picture_drop_add:
 * @func: called with @widget as its data, in the main context, for the first picture of what was dropped
 *
 * What is no picture is told by @widget's signal "message".
 */
void limn_picture_drop_add (GtkWidget          *widget,
                            LimnLibrary        *library,
                            LimnPictureDropFunc func);

/* The same of a value that was dropped or pasted. Returns: whether it may hold a picture */
gboolean limn_picture_drop_take (GtkWidget          *widget,
                                 LimnLibrary        *library,
                                 const GValue       *value,
                                 LimnPictureDropFunc func);

#define LIMN_PICTURE_DROP_TYPES 4

/* Fills @types with what limn_picture_drop_take() takes. Returns: how many */
gsize limn_picture_drop_types (GType types[LIMN_PICTURE_DROP_TYPES]);

G_END_DECLS
