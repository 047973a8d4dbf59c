/* What part of a picture is seen, and how large; several views may share one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/viewport.h"

struct _LimnViewport
{
  GObject parent;
  double  zoom, x, y;
};

G_DEFINE_FINAL_TYPE (LimnViewport, limn_viewport, G_TYPE_OBJECT)

double
limn_viewport_zoom (LimnViewport *self)
{
  return self->zoom;
}

double
limn_viewport_x (LimnViewport *self)
{
  return self->x;
}

double
limn_viewport_y (LimnViewport *self)
{
  return self->y;
}

void
limn_viewport_set (LimnViewport *self,
                   double        zoom,
                   double        x,
                   double        y)
{
  self->zoom = zoom > 0 ? CLAMP (zoom, LIMN_VIEWPORT_LEAST, LIMN_VIEWPORT_MOST) : 0;
  self->x = CLAMP (x, 0, 1);
  self->y = CLAMP (y, 0, 1);
  g_signal_emit_by_name (self, "changed");
}

void
limn_viewport_fit (LimnViewport *self)
{
  limn_viewport_set (self, 0, 0.5, 0.5);
}

static void
limn_viewport_class_init (LimnViewportClass *class)
{
  g_signal_new ("changed", LIMN_TYPE_VIEWPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
limn_viewport_init (LimnViewport *self)
{
  self->x = self->y = 0.5;
}

LimnViewport *
limn_viewport_new (void)
{
  return g_object_new (LIMN_TYPE_VIEWPORT, NULL);
}
