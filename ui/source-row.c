/* The picture that a new one starts from: dropped here or chosen in the gallery; how far to go from it, and where.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/source-row.h"

#include <glib/gi18n.h>

#include "ui/picture-drop.h"
#include "ui/thumbnail-image.h"

/* What it takes for a picture to become another one that still looks like it; for masks, to make something new of what is there. */
#define STRENGTH 0.6

struct _LimnSourceRow
{
  AdwBin      parent;
  LimnStudio *studio;
  gint64      id;
  char       *mask, *expand; /* nullable */
  double      feather;
  gint64      area;

  GtkStack           *stack;
  LimnThumbnailImage *image;
  GtkLabel           *what;
  GtkAdjustment      *strength;
};

G_DEFINE_FINAL_TYPE (LimnSourceRow, limn_source_row, ADW_TYPE_BIN)

static void
show (LimnSourceRow *self)
{
  const char *what = self->expand != NULL ? _ ("Paints on beyond its edges") : self->mask != NULL ? _ ("Repaints where it is marked")
                                                                                                  : _ ("Starts from this picture");

  limn_thumbnail_image_set (self->image, limn_studio_thumbnails (self->studio), self->id);
  gtk_label_set_text (self->what, what);
  gtk_stack_set_visible_child_name (self->stack, self->id != 0 ? "picture" : "empty");
}

static void
emit (LimnSourceRow *self)
{
  g_signal_emit_by_name (self, "changed");
}

static void
take_mask (LimnSourceRow     *self,
           const LimnRequest *request)
{
  g_free (self->mask);
  g_free (self->expand);
  self->mask = g_strdup (request->mask);
  self->expand = g_strdup (request->expand);
  self->feather = request->mask_feather;
  self->area = request->mask_area;
}

void
limn_source_row_set_mask (LimnSourceRow     *self,
                          const LimnRequest *request)
{
  take_mask (self, request);
  show (self);
  emit (self);
}

void
limn_source_row_set (LimnSourceRow     *self,
                     gint64             id,
                     const LimnRequest *request)
{
  self->id = id;
  take_mask (self, request);
  gtk_adjustment_set_value (self->strength, request->strength >= 0 ? request->strength : STRENGTH);
  show (self);
  emit (self);
}

gint64
limn_source_row_get (LimnSourceRow *self,
                     LimnRequest   *request)
{
  g_clear_pointer (&request->picture, g_free);
  g_clear_pointer (&request->mask, g_free);
  g_clear_pointer (&request->expand, g_free);
  request->strength = request->mask_feather = -1;
  request->mask_area = -1;
  if (self->id == 0)
    return 0;

  request->strength = gtk_adjustment_get_value (self->strength);
  request->mask = g_strdup (self->mask);
  request->expand = g_strdup (self->expand);
  if (self->mask != NULL || self->expand != NULL)
    {
      request->mask_feather = self->feather;
      request->mask_area = self->area;
    }
  return self->id;
}

static void
set_plain (LimnSourceRow *self,
           gint64         id)
{
  g_auto (LimnRequest) none = { 0 };

  limn_request_init (&none);
  none.strength = gtk_adjustment_get_value (self->strength);
  limn_source_row_set (self, id, &none);
}

static void
on_dropped (gint64   id,
            gpointer data)
{
  set_plain (LIMN_SOURCE_ROW (data), id);
}

static void
on_clear (LimnSourceRow *self)
{
  set_plain (self, 0);
}

static void
on_mask (LimnSourceRow *self)
{
  g_signal_emit_by_name (self, "mask", self->id);
}

void
limn_source_row_set_studio (LimnSourceRow *self,
                            LimnStudio    *studio)
{
  self->studio = g_object_ref (studio);
  limn_picture_drop_add (GTK_WIDGET (self), limn_studio_library (studio), on_dropped);
}

static void
limn_source_row_dispose (GObject *object)
{
  LimnSourceRow *self = LIMN_SOURCE_ROW (object);

  g_clear_object (&self->studio);
  g_clear_pointer (&self->mask, g_free);
  g_clear_pointer (&self->expand, g_free);
  G_OBJECT_CLASS (limn_source_row_parent_class)->dispose (object);
}

static void
limn_source_row_class_init (LimnSourceRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_source_row_dispose;
  g_signal_new ("changed", LIMN_TYPE_SOURCE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("mask", LIMN_TYPE_SOURCE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  g_signal_new ("message", LIMN_TYPE_SOURCE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (LIMN_TYPE_THUMBNAIL_IMAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/source-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnSourceRow, stack);
  gtk_widget_class_bind_template_child (widget_class, LimnSourceRow, image);
  gtk_widget_class_bind_template_child (widget_class, LimnSourceRow, what);
  gtk_widget_class_bind_template_child (widget_class, LimnSourceRow, strength);
  gtk_widget_class_bind_template_callback (widget_class, emit);
  gtk_widget_class_bind_template_callback (widget_class, on_clear);
  gtk_widget_class_bind_template_callback (widget_class, on_mask);
}

static void
limn_source_row_init (LimnSourceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
