/* The seed: drawn anew each time, or held on to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/seed-row.h"

#include <glib/gi18n.h>

#include "app/number.h"

struct _LimnSeedRow
{
  AdwBin   parent;
  gboolean setting;

  GtkEntry        *entry;
  GtkToggleButton *lock;
};

G_DEFINE_FINAL_TYPE (LimnSeedRow, limn_seed_row, ADW_TYPE_BIN)

gint64
limn_seed_row_get (LimnSeedRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  gint64      seed;

  if (*text == '\0' || !gtk_toggle_button_get_active (self->lock))
    return -1;
  return limn_number_parse_integer (text, &seed) && seed >= 0 ? seed : -2;
}

static void
show (LimnSeedRow *self)
{
  gboolean locked = gtk_toggle_button_get_active (self->lock);

  gtk_button_set_icon_name (GTK_BUTTON (self->lock), locked ? "changes-prevent-symbolic" : "changes-allow-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->lock), locked ? _ ("The same seed each time") : _ ("Another seed each time"));
  if (limn_seed_row_get (self) == -2)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

static void
write_seed (LimnSeedRow *self,
            gint64       seed,
            gboolean     locked)
{
  g_autofree char *text = seed >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, seed) : g_strdup ("");

  self->setting = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_toggle_button_set_active (self->lock, locked);
  self->setting = FALSE;
  show (self);
  g_signal_emit_by_name (self, "changed");
}

void
limn_seed_row_set (LimnSeedRow *self,
                   gint64       seed)
{
  write_seed (self, seed, seed >= 0);
}

void
limn_seed_row_tell (LimnSeedRow *self,
                    gint64       seed)
{
  if (!gtk_toggle_button_get_active (self->lock))
    write_seed (self, seed, FALSE);
}

/* Whoever writes a seed wants that one. */
static void
on_edited (LimnSeedRow *self)
{
  if (self->setting)
    return;
  self->setting = TRUE;
  gtk_toggle_button_set_active (self->lock, *gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0');
  self->setting = FALSE;
  show (self);
  g_signal_emit_by_name (self, "changed");
}

static void
on_lock (LimnSeedRow *self)
{
  if (self->setting)
    return;
  if (gtk_toggle_button_get_active (self->lock) && *gtk_editable_get_text (GTK_EDITABLE (self->entry)) == '\0')
    write_seed (self, g_random_int (), TRUE);
  show (self);
  g_signal_emit_by_name (self, "changed");
}

static void
on_die (LimnSeedRow *self)
{
  write_seed (self, g_random_int (), TRUE);
}

static void
limn_seed_row_class_init (LimnSeedRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_signal_new ("changed", LIMN_TYPE_SEED_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/seed-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnSeedRow, entry);
  gtk_widget_class_bind_template_child (widget_class, LimnSeedRow, lock);
  gtk_widget_class_bind_template_callback (widget_class, on_edited);
  gtk_widget_class_bind_template_callback (widget_class, on_lock);
  gtk_widget_class_bind_template_callback (widget_class, on_die);
}

static void
limn_seed_row_init (LimnSeedRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show (self);
}
