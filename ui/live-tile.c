/* A picture in the gallery that is still being made: what can be seen of it, and how far it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/live-tile.h"

#include <glib/gi18n.h>

#include "ui/estimate.h"
#include "ui/texture.h"

#define RADIUS 8
#define MARGIN 10
#define BAR_HEIGHT 4

struct _LimnLiveTile
{
  GtkWidget     parent;
  LimnQueueJob *job;
  GdkTexture   *texture;
  char         *text;
  int           size;
};

G_DEFINE_FINAL_TYPE (LimnLiveTile, limn_live_tile, GTK_TYPE_WIDGET)

static char *
running_text (LimnQueueJob *job)
{
  const LimnJobRow *row = limn_queue_job_row (job);
  g_autofree char  *stage = NULL;
  double            left;

  g_object_get (job, "stage", &stage, "seconds-left", &left, NULL);
  if (g_strcmp0 (stage, "sample") == 0 && left >= 0)
    return limn_estimate_time (left);
  if (g_strcmp0 (stage, "sample") == 0)
    return g_strdup_printf (_ ("Step %d of %d"), row->step, row->steps);
  if (g_strcmp0 (stage, "decode") == 0)
    return g_strdup (_ ("Finishing"));
  return g_strdup (g_strcmp0 (stage, "encode") == 0 ? _ ("Reading the prompt") : _ ("Loading the model"));
}

static void
update (LimnLiveTile *self)
{
  const LimnJobRow *row = limn_queue_job_row (self->job);
  g_autofree char  *label = NULL;

  g_free (self->text);
  if (row->state == LIMN_JOB_RUNNING)
    self->text = running_text (self->job);
  else
    self->text = g_strdup (row->state == LIMN_JOB_PAUSED ? _ ("Paused") : _ ("Waiting"));
  label = g_strdup_printf ("%s: %s", self->text, row->request.prompt != NULL ? row->request.prompt : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_preview (LimnLiveTile *self)
{
  const LimnArray *pixels = limn_queue_job_preview (self->job);

  g_clear_object (&self->texture);
  self->texture = pixels != NULL ? limn_texture_new_from_array (pixels) : NULL;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
limn_live_tile_set_size (LimnLiveTile *self,
                         int           size)
{
  self->size = size;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
draw_bar (LimnLiveTile *self,
          GtkSnapshot  *snapshot,
          float         width,
          float         height)
{
  const LimnJobRow *row = limn_queue_job_row (self->job);
  float             share = row->steps > 0 ? (float) row->step / (float) row->steps : 0, left = MARGIN;
  GdkRGBA           ground = { 1, 1, 1, 0.35f }, done = { 1, 1, 1, 0.95f };
  float             whole = width - 2 * MARGIN;

  if (row->step == 0)
    return;
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    left += whole * (1 - share);
  gtk_snapshot_append_color (snapshot, &ground, &GRAPHENE_RECT_INIT (MARGIN, height - MARGIN, whole, BAR_HEIGHT));
  gtk_snapshot_append_color (snapshot, &done, &GRAPHENE_RECT_INIT (left, height - MARGIN, whole * share, BAR_HEIGHT));
}

static void
draw_text (LimnLiveTile *self,
           GtkSnapshot  *snapshot,
           float         width,
           float         height)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
  GdkRGBA shade = { 0, 0, 0, 0.5f }, white = { 1, 1, 1, 1 };
  int     w, h;

  pango_layout_set_width (layout, (int) ((width - 2 * MARGIN) * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, &w, &h);
  gtk_snapshot_append_color (snapshot, &shade, &GRAPHENE_RECT_INIT (0, height - h - 2.2f * MARGIN, width, h + 2.2f * MARGIN));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (MARGIN, height - h - 1.5f * MARGIN));
  gtk_snapshot_append_layout (snapshot, layout, &white);
  gtk_snapshot_restore (snapshot);
  draw_bar (self, snapshot, width, height);
}

/* In the middle, in the shape that the picture will have. */
static graphene_rect_t
place (LimnLiveTile *self,
       float         width,
       float         height)
{
  const LimnRequest *request = &limn_queue_job_row (self->job)->request;
  float              aspect = 1, w, h;

  if (self->texture != NULL)
    aspect = (float) gdk_texture_get_width (self->texture) / (float) gdk_texture_get_height (self->texture);
  else if (request->width > 0 && request->height > 0)
    aspect = (float) request->width / (float) request->height;
  w = MIN (width, height * aspect);
  h = MIN (height, width / aspect);
  return GRAPHENE_RECT_INIT ((width - w) / 2, (height - h) / 2, w, h);
}

static void
limn_live_tile_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  LimnLiveTile   *self = LIMN_LIVE_TILE (widget);
  graphene_rect_t bounds = place (self, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  GskRoundedRect  outline;
  GdkRGBA         ground;

  gsk_rounded_rect_init_from_rect (&outline, &bounds, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ground);
  ground.alpha *= 0.12f;
  gtk_snapshot_append_color (snapshot, &ground, &bounds);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
  gtk_snapshot_translate (snapshot, &bounds.origin);
  draw_text (self, snapshot, bounds.size.width, bounds.size.height);
  gtk_snapshot_pop (snapshot);
}

static void
limn_live_tile_measure (GtkWidget     *widget,
                        GtkOrientation orientation,
                        int            for_size,
                        int           *minimum,
                        int           *natural,
                        int           *minimum_baseline,
                        int           *natural_baseline)
{
  *minimum = *natural = LIMN_LIVE_TILE (widget)->size;
}

static void
limn_live_tile_finalize (GObject *object)
{
  LimnLiveTile *self = LIMN_LIVE_TILE (object);

  g_clear_object (&self->job);
  g_clear_object (&self->texture);
  g_free (self->text);
  G_OBJECT_CLASS (limn_live_tile_parent_class)->finalize (object);
}

static void
limn_live_tile_class_init (LimnLiveTileClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = limn_live_tile_finalize;
  widget_class->snapshot = limn_live_tile_snapshot;
  widget_class->measure = limn_live_tile_measure;
  gtk_widget_class_set_css_name (widget_class, "picture-tile");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
limn_live_tile_init (LimnLiveTile *self)
{
}

GtkWidget *
limn_live_tile_new (LimnQueueJob *job)
{
  LimnLiveTile *self = g_object_new (LIMN_TYPE_LIVE_TILE, NULL);

  self->job = g_object_ref (job);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), limn_queue_job_row (job)->request.prompt);
  g_signal_connect_object (job, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "notify::preview", G_CALLBACK (on_preview), self, G_CONNECT_SWAPPED);
  update (self);
  on_preview (self);
  return GTK_WIDGET (self);
}
