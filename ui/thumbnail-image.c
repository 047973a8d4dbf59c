/* One picture of the library, small: in rows and buttons.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/thumbnail-image.h"

#include "app/library/thumbnail.h"

struct _LimnThumbnailImage
{
  AdwBin        parent;
  GtkPicture   *picture;
  GCancellable *cancellable;
  gint64        id;
};

G_DEFINE_FINAL_TYPE (LimnThumbnailImage, limn_thumbnail_image, ADW_TYPE_BIN)

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (LimnThumbnailImage) self = data;
  g_autoptr (GdkTexture) texture = limn_thumbnails_load_finish (LIMN_THUMBNAILS (source), result, NULL);

  if (g_task_get_cancellable (G_TASK (result)) == self->cancellable)
    gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
}

static void
stop (LimnThumbnailImage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

void
limn_thumbnail_image_set (LimnThumbnailImage *self,
                          LimnThumbnails     *thumbnails,
                          gint64              id)
{
  GdkTexture *known;

  if (self->id == id)
    return;
  stop (self);
  self->id = id;
  known = id != 0 ? limn_thumbnails_peek (thumbnails, id, LIMN_THUMBNAIL_SMALL) : NULL;
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (known));
  if (id == 0 || known != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  limn_thumbnails_load_async (thumbnails, id, LIMN_THUMBNAIL_SMALL, self->cancellable, on_loaded, g_object_ref (self));
}

void
limn_thumbnail_image_set_paintable (LimnThumbnailImage *self,
                                    GdkPaintable       *paintable)
{
  stop (self);
  self->id = 0;
  gtk_picture_set_paintable (self->picture, paintable);
}

static void
limn_thumbnail_image_dispose (GObject *object)
{
  stop (LIMN_THUMBNAIL_IMAGE (object));
  G_OBJECT_CLASS (limn_thumbnail_image_parent_class)->dispose (object);
}

static void
limn_thumbnail_image_class_init (LimnThumbnailImageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = limn_thumbnail_image_dispose;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "thumbnail");
}

static void
limn_thumbnail_image_init (LimnThumbnailImage *self)
{
  self->picture = g_object_new (GTK_TYPE_PICTURE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_picture_set_can_shrink (self->picture, TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->picture));
}
