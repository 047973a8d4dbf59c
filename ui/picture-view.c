/* A picture to look at closely: zoom, pan, pinch, and another one behind a line that is drawn across.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/picture-view.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Small pictures are enlarged so many times at most to fill the view. */
#define MOST_FIT 3.0
#define WHEEL_STEP 1.15
/* From here on single pixels are to be seen. */
#define SHARP_FROM 2.0
#define HANDLE 12
/* Beside a picture that is to grow there is room to drag its edges to. */
#define ROOM 1.4

struct _LimnPictureView
{
  GtkWidget     parent;
  GdkTexture   *texture, *before;
  GdkPaintable *overlay;
  LimnViewport *viewport;
  gboolean      pans, wiping;
  double        wipe;                 /* 0…1 of the view's width */
  double        from_x, from_y;       /* of the viewport, when a drag began */
  double        from_zoom;            /* when a pinch began */
  double        pointer_x, pointer_y; /* negative: it is elsewhere */
  double        brush;                /* radius; 0: none */
  int           frame[4];
  gboolean      framed;
};

G_DEFINE_FINAL_TYPE (LimnPictureView, limn_picture_view, GTK_TYPE_WIDGET)

/* --- geometry ------------------------------------------------------------------------------------------------------- */

static double
fit_zoom (LimnPictureView *self)
{
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  double w = gtk_widget_get_width (GTK_WIDGET (self)) * scale, h = gtk_widget_get_height (GTK_WIDGET (self)) * scale;
  double width = gdk_texture_get_width (self->texture), height = gdk_texture_get_height (self->texture), fit;

  if (self->framed)
    {
      width = MAX (width * ROOM, width + 2 * MAX (self->frame[0], self->frame[2]));
      height = MAX (height * ROOM, height + 2 * MAX (self->frame[1], self->frame[3]));
    }
  fit = MIN (w / width, h / height);
  return CLAMP (fit, LIMN_VIEWPORT_LEAST, MOST_FIT * scale);
}

double
limn_picture_view_zoom (LimnPictureView *self)
{
  double zoom = limn_viewport_zoom (self->viewport);

  return zoom > 0 || self->texture == NULL ? zoom : fit_zoom (self);
}

/* Where a picture of @size begins in a view of @room; the middle of what is smaller is that of the view. Whole pixels of the screen. */
static double
begin_at (double room,
          double size,
          double middle,
          double scale)
{
  double begin = size <= room ? (room - size) / 2 : CLAMP (room / 2 - middle * size, room - size, 0);

  return round (begin * scale) / scale;
}

gboolean
limn_picture_view_bounds (LimnPictureView *self,
                          graphene_rect_t *bounds)
{
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self)), zoom = limn_picture_view_zoom (self) / scale;
  double w, h;

  if (self->texture == NULL)
    return FALSE;
  w = gdk_texture_get_width (self->texture) * zoom;
  h = gdk_texture_get_height (self->texture) * zoom;
  graphene_rect_init (bounds, (float) begin_at (gtk_widget_get_width (GTK_WIDGET (self)), w, limn_viewport_x (self->viewport), scale),
                      (float) begin_at (gtk_widget_get_height (GTK_WIDGET (self)), h, limn_viewport_y (self->viewport), scale), (float) w, (float) h);
  return TRUE;
}

/* What is at (@x, @y) stays there. */
static void
zoom_at (LimnPictureView *self,
         double           zoom,
         double           x,
         double           y)
{
  double          scale = gtk_widget_get_scale_factor (GTK_WIDGET (self)), w, h, at_x, at_y;
  graphene_rect_t bounds;

  if (!limn_picture_view_bounds (self, &bounds))
    return;
  zoom = CLAMP (zoom, LIMN_VIEWPORT_LEAST, LIMN_VIEWPORT_MOST);
  w = gdk_texture_get_width (self->texture) * zoom / scale;
  h = gdk_texture_get_height (self->texture) * zoom / scale;
  at_x = (x - bounds.origin.x) / bounds.size.width;
  at_y = (y - bounds.origin.y) / bounds.size.height;
  limn_viewport_set (self->viewport, zoom, at_x + (gtk_widget_get_width (GTK_WIDGET (self)) / 2.0 - x) / w,
                     at_y + (gtk_widget_get_height (GTK_WIDGET (self)) / 2.0 - y) / h);
}

void
limn_picture_view_zoom_by (LimnPictureView *self,
                           double           times)
{
  zoom_at (self, limn_picture_view_zoom (self) * times, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0, gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

/* --- gestures ------------------------------------------------------------------------------------------------------- */

static void
on_motion (LimnPictureView *self,
           double           x,
           double           y)
{
  gboolean near = self->before != NULL && fabs (x - self->wipe * gtk_widget_get_width (GTK_WIDGET (self))) < HANDLE;

  self->pointer_x = x;
  self->pointer_y = y;
  if (self->pans)
    gtk_widget_set_cursor_from_name (GTK_WIDGET (self), near ? "col-resize" : NULL);
  if (self->brush > 0)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_leave (LimnPictureView *self)
{
  self->pointer_x = self->pointer_y = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_scroll (LimnPictureView *self,
           double           dx,
           double           dy)
{
  zoom_at (self, limn_picture_view_zoom (self) * pow (WHEEL_STEP, -dy), self->pointer_x, self->pointer_y);
  return TRUE;
}

static void
on_drag_begin (GtkGestureDrag  *gesture,
               double           x,
               double           y,
               LimnPictureView *self)
{
  self->wiping = self->before != NULL && fabs (x - self->wipe * gtk_widget_get_width (GTK_WIDGET (self))) < 2 * HANDLE;
  self->from_x = limn_viewport_x (self->viewport);
  self->from_y = limn_viewport_y (self->viewport);
  if (!self->pans && !self->wiping)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
}

static void
on_drag_update (GtkGestureDrag  *gesture,
                double           dx,
                double           dy,
                LimnPictureView *self)
{
  graphene_rect_t bounds;
  double          x, y;

  if (!limn_picture_view_bounds (self, &bounds))
    return;
  if (!self->wiping)
    {
      limn_viewport_set (self->viewport, limn_viewport_zoom (self->viewport), self->from_x - dx / bounds.size.width, self->from_y - dy / bounds.size.height);
      return;
    }
  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  self->wipe = CLAMP ((x + dx) / MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1), 0, 1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_pinch_begin (LimnPictureView *self)
{
  self->from_zoom = limn_picture_view_zoom (self);
}

static void
on_pinch (GtkGestureZoom  *gesture,
          double           times,
          LimnPictureView *self)
{
  double x, y;

  if (gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    zoom_at (self, self->from_zoom * times, x, y);
}

/* Twice: whole, or pixel by pixel. */
static void
on_pressed (LimnPictureView *self,
            int              n,
            double           x,
            double           y)
{
  if (n != 2 || !self->pans)
    return;
  if (limn_viewport_zoom (self->viewport) > 0)
    limn_viewport_fit (self->viewport);
  else
    zoom_at (self, 1, x, y);
}

static gboolean
move_line (GtkWidget *widget,
           GVariant  *by,
           gpointer   data)
{
  LimnPictureView *self = LIMN_PICTURE_VIEW (widget);

  self->wipe = CLAMP (self->wipe + g_variant_get_double (by), 0, 1);
  gtk_widget_queue_draw (widget);
  return self->before != NULL;
}

static void
add_gestures (LimnPictureView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture         *drag = gtk_gesture_drag_new (), *pinch = gtk_gesture_zoom_new (), *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/* --- drawing -------------------------------------------------------------------------------------------------------- */

static void
draw_texture (GtkSnapshot           *snapshot,
              GdkTexture            *texture,
              const graphene_rect_t *bounds,
              gboolean               sharp)
{
#if GTK_CHECK_VERSION(4, 10, 0)
  gtk_snapshot_append_scaled_texture (snapshot, texture, sharp ? GSK_SCALING_FILTER_NEAREST : GSK_SCALING_FILTER_TRILINEAR, bounds);
#else
  gtk_snapshot_append_texture (snapshot, texture, bounds);
#endif
}

static void
draw_line (LimnPictureView *self,
           GtkSnapshot     *snapshot)
{
  float   x = (float) floor (self->wipe * gtk_widget_get_width (GTK_WIDGET (self))), height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  GdkRGBA white = { 1, 1, 1, 1 }, shade = { 0, 0, 0, 0.5f };

  gtk_snapshot_append_color (snapshot, &shade, &GRAPHENE_RECT_INIT (x - 2, 0, 4, height));
  gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (x - 1, 0, 2, height));
}

/* White within black: it is seen on any picture. */
static void
draw_brush (LimnPictureView *self,
            GtkSnapshot     *snapshot)
{
  double   radius = self->brush * limn_picture_view_zoom (self) / gtk_widget_get_scale_factor (GTK_WIDGET (self));
  cairo_t *cr;

  if (self->brush <= 0 || self->pointer_x < 0)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT ((float) (self->pointer_x - radius - 3), (float) (self->pointer_y - radius - 3),
                                                                 (float) (2 * radius + 6), (float) (2 * radius + 6)));
  cairo_arc (cr, self->pointer_x, self->pointer_y, radius, 0, 2 * G_PI);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* Where the picture will grow, and lines to take hold of. */
static void
draw_frame (LimnPictureView       *self,
            GtkSnapshot           *snapshot,
            const graphene_rect_t *bounds)
{
  float           unit = bounds->size.width / (float) gdk_texture_get_width (self->texture);
  graphene_rect_t outer = GRAPHENE_RECT_INIT (bounds->origin.x - unit * (float) self->frame[0], bounds->origin.y - unit * (float) self->frame[1],
                                              bounds->size.width + unit * (float) (self->frame[0] + self->frame[2]),
                                              bounds->size.height + unit * (float) (self->frame[1] + self->frame[3]));
  GdkRGBA         ground, line;
  GskRoundedRect  outline;
  const float     widths[4] = { 2, 2, 2, 2 };

  if (!self->framed)
    return;
  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), "accent_bg_color", &line))
    line = (GdkRGBA){ 0.2f, 0.5f, 0.9f, 1 };
  ground = line;
  ground.alpha = 0.25f;
  gtk_snapshot_append_color (snapshot, &ground, &outer);
  gsk_rounded_rect_init_from_rect (&outline, &outer, 0);
  gtk_snapshot_append_border (snapshot, &outline, widths, (const GdkRGBA[4]){ line, line, line, line });
}

static void
limn_picture_view_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  LimnPictureView *self = LIMN_PICTURE_VIEW (widget);
  graphene_rect_t  bounds;
  float            width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget), x = (float) self->wipe * width;
  gboolean         sharp = limn_picture_view_zoom (self) >= SHARP_FROM;

  if (!limn_picture_view_bounds (self, &bounds))
    return;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  draw_frame (self, snapshot, &bounds);
  draw_texture (snapshot, self->texture, &bounds, sharp);
  if (self->before != NULL)
    {
      gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, x, height));
      draw_texture (snapshot, self->before, &bounds, sharp);
      gtk_snapshot_pop (snapshot);
      draw_line (self, snapshot);
    }
  if (self->overlay != NULL)
    {
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &bounds.origin);
      gdk_paintable_snapshot (self->overlay, snapshot, bounds.size.width, bounds.size.height);
      gtk_snapshot_restore (snapshot);
    }
  draw_brush (self, snapshot);
  gtk_snapshot_pop (snapshot);
}

/* --- the outside ---------------------------------------------------------------------------------------------------- */

void
limn_picture_view_set_texture (LimnPictureView *self,
                               GdkTexture      *texture)
{
  g_set_object (&self->texture, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GdkTexture *
limn_picture_view_get_texture (LimnPictureView *self)
{
  return self->texture;
}

void
limn_picture_view_set_before (LimnPictureView *self,
                              GdkTexture      *before)
{
  g_set_object (&self->before, before);
  self->wipe = 0.5;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
limn_picture_view_set_overlay (LimnPictureView *self,
                               GdkPaintable    *overlay)
{
  if (self->overlay != NULL)
    g_signal_handlers_disconnect_by_data (self->overlay, self);
  g_set_object (&self->overlay, overlay);
  if (overlay != NULL)
    g_signal_connect_object (overlay, "invalidate-contents", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
limn_picture_view_set_brush (LimnPictureView *self,
                             double           radius)
{
  self->brush = radius;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), radius > 0 ? "none" : "crosshair");
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
limn_picture_view_set_frame (LimnPictureView *self,
                             const int        frame[4],
                             gboolean         shown)
{
  memcpy (self->frame, frame, sizeof self->frame);
  self->framed = shown;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
limn_picture_view_set_pans (LimnPictureView *self,
                            gboolean         pans)
{
  self->pans = pans;
}

static void
limn_picture_view_measure (GtkWidget     *widget,
                           GtkOrientation orientation,
                           int            for_size,
                           int           *minimum,
                           int           *natural,
                           int           *minimum_baseline,
                           int           *natural_baseline)
{
  *minimum = 64;
  *natural = 256;
}

static void
limn_picture_view_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  g_signal_emit_by_name (widget, "resized");
}

static void
limn_picture_view_dispose (GObject *object)
{
  LimnPictureView *self = LIMN_PICTURE_VIEW (object);

  limn_picture_view_set_overlay (self, NULL);
  g_clear_object (&self->texture);
  g_clear_object (&self->before);
  g_clear_object (&self->viewport);
  G_OBJECT_CLASS (limn_picture_view_parent_class)->dispose (object);
}

static void
limn_picture_view_class_init (LimnPictureViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_picture_view_dispose;
  widget_class->snapshot = limn_picture_view_snapshot;
  widget_class->measure = limn_picture_view_measure;
  widget_class->size_allocate = limn_picture_view_size_allocate;
  g_signal_new ("resized", LIMN_TYPE_PICTURE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "picture-view");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, GDK_SHIFT_MASK, move_line, "d", -0.02);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, GDK_SHIFT_MASK, move_line, "d", 0.02);
}

static void
limn_picture_view_init (LimnPictureView *self)
{
  self->pans = TRUE;
  self->wipe = 0.5;
  self->pointer_x = self->pointer_y = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  add_gestures (self);
}

GtkWidget *
limn_picture_view_new (LimnViewport *viewport)
{
  LimnPictureView *self = g_object_new (LIMN_TYPE_PICTURE_VIEW, NULL);

  self->viewport = g_object_ref (viewport);
  g_signal_connect_object (viewport, "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
