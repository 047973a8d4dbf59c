/* A picture in the gallery: its thumbnail, its stars.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/picture-tile.h"

#include <glib/gi18n.h>
#include <math.h>

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
  GskRenderNode   *node; /* nullable: the texture as it is drawn */
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

/* As much of it as can be read at once. */
static char *
describe_shortly (LimnPictureItem *item)
{
  g_autofree char *text = describe (item);

  return g_utf8_strlen (text, -1) > 300 ? g_utf8_substring (text, 0, 300) : g_steal_pointer (&text);
}

static void
update (LimnPictureTile *self)
{
  g_autofree char *text = describe_shortly (self->item);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Asked for when the pointer rests: setting a text asks the X server twice where the pointer is, which took seconds for all tiles. */
static gboolean
limn_picture_tile_query_tooltip (GtkWidget  *widget,
                                 int         x,
                                 int         y,
                                 gboolean    keyboard,
                                 GtkTooltip *tooltip)
{
  LimnPictureTile *self = LIMN_PICTURE_TILE (widget);
  g_autofree char *text = NULL;

  if (self->item == NULL || limn_picture_item_facts (self->item) == NULL)
    return FALSE;
  text = describe_shortly (self->item);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/*
 * GTK's renderer for machines without a graphics card converts textures anew in every frame, by way of floats: 8 of 16 ms for a screen full of them. A surface
 * of cairo's own it only copies.
 */
static GskRenderNode *
make_cairo_node (GdkTexture            *texture,
                 const graphene_rect_t *bounds)
{
  int              width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  GskRenderNode   *node = gsk_cairo_node_new (bounds);
  cairo_t         *cr = gsk_cairo_node_get_draw_context (node);

  gdk_texture_download (texture, cairo_image_surface_get_data (surface), (gsize) cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
  cairo_scale (cr, bounds->size.width / width, bounds->size.height / height);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return node;
}

/* From its upper left corner on. */
static GskRenderNode *
make_node (LimnPictureTile *self,
           float            width,
           float            height)
{
  GtkNative      *native = gtk_widget_get_native (GTK_WIDGET (self));
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);

  if (native != NULL && g_str_equal (G_OBJECT_TYPE_NAME (gtk_native_get_renderer (native)), "GskCairoRenderer"))
    return make_cairo_node (self->texture, &bounds);
  return gsk_texture_node_new (self->texture, &bounds);
}

static void
draw_picture (LimnPictureTile *self,
              GtkSnapshot     *snapshot,
              float            width,
              float            height)
{
  graphene_rect_t bounds;

  if (self->node != NULL)
    gsk_render_node_get_bounds (self->node, &bounds);
  if (self->node == NULL || bounds.size.width != width || bounds.size.height != height)
    {
      g_clear_pointer (&self->node, gsk_render_node_unref);
      self->node = make_node (self, width, height);
    }
  gtk_snapshot_append_node (snapshot, self->node);
}

/* Takes what is drawn from now on (nullable). */
static void
take_texture (LimnPictureTile *self,
              GdkTexture      *texture)
{
  if (self->texture == texture)
    return;
  g_set_object (&self->texture, texture);
  g_clear_pointer (&self->node, gsk_render_node_unref);
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
  take_texture (self, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Pixels of the screen. */
static int
pixels (LimnPictureTile *self)
{
  return self->size * gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

static void
load (LimnPictureTile *self)
{
  GdkTexture *known;
  int         size = pixels (self), radius = RADIUS * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->item == NULL)
    return;

  known = limn_thumbnails_peek_tile (self->thumbnails, limn_picture_item_id (self->item), size, radius);
  if (known != NULL)
    {
      take_texture (self, known);
      return;
    }
  self->cancellable = g_cancellable_new ();
  limn_thumbnails_load_tile_async (self->thumbnails, limn_picture_item_id (self->item), size, radius, self->cancellable, on_loaded, g_object_ref (self));
}

void
limn_picture_tile_set_item (LimnPictureTile *self,
                            LimnPictureItem *item)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  take_texture (self, NULL);
  if (item != NULL)
    g_signal_connect_object (item, "notify::loaded", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
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
  if (self->size == size)
    return;
  self->size = size;
  load (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* In the middle, pixel by pixel; what is larger than the tile, as while its size changes, is made to fit. */
static graphene_rect_t
place_texture (LimnPictureTile *self,
               float            width,
               float            height)
{
  float scale = (float) gtk_widget_get_scale_factor (GTK_WIDGET (self));
  float w = (float) gdk_texture_get_width (self->texture) / scale, h = (float) gdk_texture_get_height (self->texture) / scale;
  float shrink = MIN (1, MIN (width / w, height / h));

  w *= shrink;
  h *= shrink;
  return GRAPHENE_RECT_INIT (floorf ((width - w) / 2 * scale) / scale, floorf ((height - h) / 2 * scale) / scale, w, h);
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
  GdkRGBA        shade = { 0, 0, 0, 0.55f }, white = { 1, 1, 1, 1 };
  GskRoundedRect ground;
  int            w, h;

  for (int i = 0; facts != NULL && i < facts->rating; i++)
    g_string_append (marks, "★");
  if (facts != NULL && facts->starred)
    g_string_append (marks, marks->len > 0 ? " ♥" : "♥");
  if (marks->len == 0)
    return;

  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), marks->str);
  pango_layout_get_pixel_size (layout, &w, &h);
  gsk_rounded_rect_init_from_rect (&ground, &GRAPHENE_RECT_INIT (MARGIN / 2, height - h - MARGIN, w + MARGIN, h + MARGIN / 2), RADIUS / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &ground);
  gtk_snapshot_append_color (snapshot, &shade, &ground.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (MARGIN, height - h - MARGIN * 3 / 4));
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

  bounds = place_texture (self, width, height);
  gtk_snapshot_translate (snapshot, &bounds.origin);
  draw_picture (self, snapshot, bounds.size.width, bounds.size.height);
  draw_marks (self, snapshot, bounds.size.width, bounds.size.height);
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
  widget_class->query_tooltip = limn_picture_tile_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "picture-tile");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
limn_picture_tile_init (LimnPictureTile *self)
{
  self->size = DEFAULT_SIZE;
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
limn_picture_tile_new (LimnThumbnails *thumbnails)
{
  LimnPictureTile *self = g_object_new (LIMN_TYPE_PICTURE_TILE, NULL);

  self->thumbnails = g_object_ref (thumbnails);
  return GTK_WIDGET (self);
}
