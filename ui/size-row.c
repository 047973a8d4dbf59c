/* The size of pictures: proportions to choose from, and pixels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/size-row.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_SIZE 4096

struct _LimnSizeRow
{
  AdwBin   parent;
  int      own_width, own_height; /* of the model */
  int      step, native;
  gboolean setting;

  GtkDropDown   *ratio;
  GtkSpinButton *width, *height;
  GtkButton     *swap_button;
};

G_DEFINE_FINAL_TYPE (LimnSizeRow, limn_size_row, ADW_TYPE_BIN)

/* As the drop-down lists them; the last entry is any other. */
static const struct
{
  int w, h;
} ratios[] = { { 1, 1 }, { 4, 3 }, { 3, 2 }, { 16, 9 }, { 3, 4 }, { 2, 3 }, { 9, 16 } };

static int
to_step (const LimnSizeRow *self,
         double             size)
{
  int step = MAX (self->step, 1);

  return MAX (step, (int) lround (size / step) * step);
}

/* As many pixels as the model's own size, in other proportions. */
static void
size_of_ratio (const LimnSizeRow *self,
               guint              ratio,
               int               *width,
               int               *height)
{
  double area = (double) self->own_width * self->own_height, by = (double) ratios[ratio].w / ratios[ratio].h;

  *width = to_step (self, sqrt (area * by));
  *height = to_step (self, sqrt (area / by));
}

static void
show_ratio (LimnSizeRow *self)
{
  int width = gtk_spin_button_get_value_as_int (self->width), height = gtk_spin_button_get_value_as_int (self->height);

  for (guint i = 0; i < G_N_ELEMENTS (ratios); i++)
    if (fabs ((double) width / height * ratios[i].h / ratios[i].w - 1) < 0.04)
      {
        gtk_drop_down_set_selected (self->ratio, i);
        return;
      }
  gtk_drop_down_set_selected (self->ratio, G_N_ELEMENTS (ratios));
}

static void
set_pixels (LimnSizeRow *self,
            int          width,
            int          height)
{
  self->setting = TRUE;
  gtk_spin_button_set_value (self->width, width);
  gtk_spin_button_set_value (self->height, height);
  show_ratio (self);
  self->setting = FALSE;
  g_signal_emit_by_name (self, "changed");
}

static void
on_ratio (LimnSizeRow *self)
{
  guint ratio = gtk_drop_down_get_selected (self->ratio);
  int   width, height;

  if (self->setting || ratio >= G_N_ELEMENTS (ratios) || self->own_width == 0)
    return;
  size_of_ratio (self, ratio, &width, &height);
  set_pixels (self, width, height);
}

static void
on_width (LimnSizeRow *self)
{
  int width = gtk_spin_button_get_value_as_int (self->width);

  if (!self->setting)
    set_pixels (self, width, self->native > 0 ? width : gtk_spin_button_get_value_as_int (self->height));
}

static void
on_height (LimnSizeRow *self)
{
  int height = gtk_spin_button_get_value_as_int (self->height);

  if (!self->setting)
    set_pixels (self, self->native > 0 ? height : gtk_spin_button_get_value_as_int (self->width), height);
}

static void
on_swap (LimnSizeRow *self)
{
  set_pixels (self, gtk_spin_button_get_value_as_int (self->height), gtk_spin_button_get_value_as_int (self->width));
}

void
limn_size_row_set_model (LimnSizeRow             *self,
                         const LimnModelDefaults *defaults)
{
  GtkSpinButton *const spins[] = { self->width, self->height };
  gint64               width, height;
  int                  most = defaults->max_size > 0 ? defaults->max_size : MAX_SIZE;

  limn_size_row_get (self, &width, &height);
  self->own_width = defaults->width;
  self->own_height = defaults->height;
  self->step = defaults->size_step;
  self->native = defaults->native;
  self->setting = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (spins); i++)
    {
      gtk_spin_button_set_range (spins[i], defaults->native > 0 ? defaults->native : defaults->size_step, most);
      gtk_spin_button_set_increments (spins[i], defaults->native > 0 ? defaults->native : defaults->size_step, 4 * defaults->size_step);
    }
  self->setting = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->ratio), defaults->native == 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->swap_button), defaults->native == 0);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->ratio), defaults->native > 0 ? _ ("This model draws squares") : _ ("Proportions"));
  limn_size_row_set (self, width, height);
}

void
limn_size_row_get (LimnSizeRow *self,
                   gint64      *width,
                   gint64      *height)
{
  *width = gtk_spin_button_get_value_as_int (self->width);
  *height = gtk_spin_button_get_value_as_int (self->height);
  if (self->own_width == 0 || (*width == self->own_width && *height == self->own_height))
    *width = *height = -1;
}

void
limn_size_row_set (LimnSizeRow *self,
                   gint64       width,
                   gint64       height)
{
  if (width > 0 && height > 0)
    set_pixels (self, (int) width, (int) height);
  else if (self->own_width > 0)
    set_pixels (self, self->own_width, self->own_height);
}

static void
limn_size_row_class_init (LimnSizeRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_signal_new ("changed", LIMN_TYPE_SIZE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/size-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnSizeRow, ratio);
  gtk_widget_class_bind_template_child (widget_class, LimnSizeRow, width);
  gtk_widget_class_bind_template_child (widget_class, LimnSizeRow, height);
  gtk_widget_class_bind_template_child (widget_class, LimnSizeRow, swap_button);
  gtk_widget_class_bind_template_callback (widget_class, on_ratio);
  gtk_widget_class_bind_template_callback (widget_class, on_width);
  gtk_widget_class_bind_template_callback (widget_class, on_height);
  gtk_widget_class_bind_template_callback (widget_class, on_swap);
}

static void
limn_size_row_init (LimnSizeRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
