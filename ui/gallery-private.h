/* What the files of the gallery share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/picture-list.h"
#include "ui/gallery.h"

G_BEGIN_DECLS

struct _LimnGallery
{
  GtkWidget          parent;
  LimnStudio        *studio;
  LimnPictureList   *pictures;
  GListModel        *jobs;  /* that are being made: they come first */
  GListStore        *parts; /* the two lists that are shown one behind the other */
  GtkMultiSelection *selection;
  char              *query, *place; /* what is searched for, and where */
  GHashTable        *tiles;         /* all there are, shown or kept for later */
  guint              section_source;
  GtkWidget         *menu;

  GtkGridView       *grid_view;
  GtkScrolledWindow *scrolled_window;
  GtkStack          *stack;
  AdwStatusPage     *nothing_page;
  GtkLabel          *section_label;
  GtkDropDown       *order_drop_down;
  GtkAdjustment     *size_adjustment;
  GMenuModel        *picture_menu;
};

void limn_gallery_emit_open (LimnGallery *gallery,
                             gint64       id);
void limn_gallery_emit_message (LimnGallery *gallery,
                                const char  *text);
void limn_gallery_emit_trashed (LimnGallery *gallery,
                                guint        n);

G_END_DECLS
