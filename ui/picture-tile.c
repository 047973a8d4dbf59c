/* A picture in the gallery: its thumbnail, its stars.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/picture-tile.h"

#include <glib/gi18n.h>

#include "app/library/thumbnail.h"

#define DEFAULT_SIZE 168
#define RADIUS 8
#define MARGIN 8

struct _LimnPictureTile
{
  GtkWidget        parent;
  LimnThumbnails  *thumbnails;
  LimnPictureItem *item;
  GCancellable    *cancellable;
  GdkTexture      *texture;
  int              size;
};

G_DEFINE_FINAL_TYPE (LimnPictureTile, limn_picture_tile, GTK_TYPE_WIDGET)

/* What a screen reader says, and what is shown when the pointer rests. */
static char *
describe (LimnPictureItem *item)
{
  const LimnFacts *facts = item != NULL ? limn_picture_item_facts (item) : NULL;
  const char      *what;

  if (facts == NULL)
    return g_strdup (_ ("Picture"));
  what = facts->prompt != NULL && *facts->prompt != '\0' ? facts->prompt : facts->name;
  return what != NULL ? g_strdup (what) : g_strdup_printf (_ ("Picture of %d × %d pixels"), facts->width, facts->height);
}

static void
update (LimnPictureTile *self)
{
  g_autofree char *text = describe (self->item);
  g_autofree char *shown = g_utf8_strlen (text, -1) > 300 ? g_utf8_substring (text, 0, 300) : g_strdup (text);

  gtk_widget_set_tooltip_text (GTK_WIDGET (self), self->item != NULL && limn_picture_item_facts (self->item) != NULL ? shown : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, shown, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_loaded (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (LimnPictureTile) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = limn_thumbnails_load_finish (LIMN_THUMBNAILS (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_set_object (&self->texture, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static int
thumbnail_size (LimnPictureTile *self)
{
  int pixels = self->size * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  return pixels > LIMN_THUMBNAIL_SMALL * 5 / 4 ? LIMN_THUMBNAIL_LARGE : LIMN_THUMBNAIL_SMALL;
}

static void
load (LimnPictureTile *self)
{
  GdkTexture *known;
  int         size = thumbnail_size (self);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->item == NULL)
    return;

  known = limn_thumbnails_peek (self->thumbnails, limn_picture_item_id (self->item), size);
  if (known != NULL)
    {
      g_set_object (&self->texture, known);
      return;
    }
  self->cancellable = g_cancellable_new ();
  limn_thumbnails_load_async (self->thumbnails, limn_picture_item_id (self->item), size, self->cancellable, on_loaded, g_object_ref (self));
}

void
limn_picture_tile_set_item (LimnPictureTile *self,
                            LimnPictureItem *item)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  g_clear_object (&self->texture);
  if (item != NULL)
    g_signal_connect_object (item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  load (self);
  update (self);
}

LimnPictureItem *
limn_picture_tile_get_item (LimnPictureTile *self)
{
  return self->item;
}

GdkTexture *
limn_picture_tile_get_texture (LimnPictureTile *self)
{
  return self->texture;
}

void
limn_picture_tile_set_size (LimnPictureTile *self,
                            int              size)
{
  int before = thumbnail_size (self);

  if (self->size == size)
    return;
  self->size = size;
  if (thumbnail_size (self) != before)
    load (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* The whole picture within @width × @height, or the middle of one that fills it if it is nearly so shaped. */
static graphene_rect_t
place_texture (GdkTexture *texture,
               float       width,
               float       height)
{
  float aspect = (float) gdk_texture_get_width (texture) / (float) gdk_texture_get_height (texture);
  float w = MIN (width, height * aspect), h = MIN (height, width / aspect);

  return GRAPHENE_RECT_INIT ((width - w) / 2, (height - h) / 2, w, h);
}

static void
draw_marks (LimnPictureTile *self,
            GtkSnapshot     *snapshot,
            float            width,
            float            height)
{
  const LimnFacts *facts = limn_picture_item_facts (self->item);
  g_autoptr (GString) marks = g_string_new (NULL);
  g_autoptr (PangoLayout) layout = NULL;
  GdkRGBA shade = { 0, 0, 0, 0.55f }, white = { 1, 1, 1, 1 };
  int     w, h;

  for (int i = 0; facts != NULL && i < facts->rating; i++)
    g_string_append (marks, "★");
  if (facts != NULL && facts->starred)
    g_string_append (marks, marks->len > 0 ? " ♥" : "♥");
  if (marks->len == 0)
    return;

  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), marks->str);
  pango_layout_get_pixel_size (layout, &w, &h);
  gtk_snapshot_append_color (snapshot, &shade, &GRAPHENE_RECT_INIT (0, height - h - MARGIN, w + 2 * MARGIN, h + MARGIN));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (MARGIN, height - h - MARGIN / 2));
  gtk_snapshot_append_layout (snapshot, layout, &white);
  gtk_snapshot_restore (snapshot);
}

static void
limn_picture_tile_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  LimnPictureTile *self = LIMN_PICTURE_TILE (widget);
  float            width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t  bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  GskRoundedRect   outline;
  GdkRGBA          empty;

  if (self->texture == NULL)
    {
      gtk_style_context_get_color (gtk_widget_get_style_context (widget), &empty);
      empty.alpha *= 0.06f;
      gsk_rounded_rect_init_from_rect (&outline, &bounds, RADIUS);
      gtk_snapshot_push_rounded_clip (snapshot, &outline);
      gtk_snapshot_append_color (snapshot, &empty, &bounds);
      gtk_snapshot_pop (snapshot);
      return;
    }

  bounds = place_texture (self->texture, width, height);
  gsk_rounded_rect_init_from_rect (&outline, &bounds, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
  gtk_snapshot_translate (snapshot, &bounds.origin);
  draw_marks (self, snapshot, bounds.size.width, bounds.size.height);
  gtk_snapshot_pop (snapshot);
}

static void
limn_picture_tile_measure (GtkWidget     *widget,
                           GtkOrientation orientation,
                           int            for_size,
                           int           *minimum,
                           int           *natural,
                           int           *minimum_baseline,
                           int           *natural_baseline)
{
  *minimum = *natural = LIMN_PICTURE_TILE (widget)->size;
}

static void
limn_picture_tile_dispose (GObject *object)
{
  LimnPictureTile *self = LIMN_PICTURE_TILE (object);

  if (self->item != NULL)
    limn_picture_tile_set_item (self, NULL);
  g_clear_object (&self->thumbnails);
  G_OBJECT_CLASS (limn_picture_tile_parent_class)->dispose (object);
}

static void
limn_picture_tile_class_init (LimnPictureTileClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_picture_tile_dispose;
  widget_class->snapshot = limn_picture_tile_snapshot;
  widget_class->measure = limn_picture_tile_measure;
  gtk_widget_class_set_css_name (widget_class, "picture-tile");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
limn_picture_tile_init (LimnPictureTile *self)
{
  self->size = DEFAULT_SIZE;
}

GtkWidget *
limn_picture_tile_new (LimnThumbnails *thumbnails)
{
  LimnPictureTile *self = g_object_new (LIMN_TYPE_PICTURE_TILE, NULL);

  self->thumbnails = g_object_ref (thumbnails);
  return GTK_WIDGET (self);
}
