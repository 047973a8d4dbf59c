/* Asks for a name: of an album, a tag, a search; offers those that there are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/name-popover.h"

#include <string.h>

struct _LimnNamePopover
{
  GtkPopover   parent;
  LimnNameFunc func;
  GWeakRef     object;

  GtkLabel   *title;
  GtkEntry   *entry;
  GtkListBox *list;
  GtkWidget  *scrolled;
};

G_DEFINE_FINAL_TYPE (LimnNamePopover, limn_name_popover, GTK_TYPE_POPOVER)

static void
answer (LimnNamePopover *self,
        const char      *name)
{
  g_autoptr (GObject) object = g_weak_ref_get (&self->object);
  g_autofree char *text = g_strdup (name);

  gtk_popover_popdown (GTK_POPOVER (self));
  if (object != NULL && *g_strstrip (text) != '\0')
    self->func (text, object);
}

static void
on_entered (LimnNamePopover *self)
{
  answer (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static void
on_chosen (LimnNamePopover *self,
           GtkListBoxRow   *row)
{
  answer (self, gtk_label_get_text (GTK_LABEL (gtk_list_box_row_get_child (row))));
}

static void
on_edited (LimnNamePopover *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

static gboolean
matches (GtkListBoxRow *row,
         gpointer       data)
{
  LimnNamePopover *self = data;
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->entry)), -1);
  g_autofree char *name = g_utf8_casefold (gtk_label_get_text (GTK_LABEL (gtk_list_box_row_get_child (row))), -1);

  return strstr (name, wanted) != NULL;
}

static gboolean
unparent (gpointer data)
{
  gtk_widget_unparent (data);
  return G_SOURCE_REMOVE;
}

/* Not at once: GTK still works with it. */
static void
on_closed (LimnNamePopover *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, unparent, g_object_ref (self), g_object_unref);
}

static void
limn_name_popover_finalize (GObject *object)
{
  g_weak_ref_clear (&LIMN_NAME_POPOVER (object)->object);
  G_OBJECT_CLASS (limn_name_popover_parent_class)->finalize (object);
}

static void
limn_name_popover_class_init (LimnNamePopoverClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = limn_name_popover_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/name-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnNamePopover, title);
  gtk_widget_class_bind_template_child (widget_class, LimnNamePopover, entry);
  gtk_widget_class_bind_template_child (widget_class, LimnNamePopover, list);
  gtk_widget_class_bind_template_child (widget_class, LimnNamePopover, scrolled);
  gtk_widget_class_bind_template_callback (widget_class, on_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_edited);
  gtk_widget_class_bind_template_callback (widget_class, on_closed);
}

static void
limn_name_popover_init (LimnNamePopover *self)
{
  g_weak_ref_init (&self->object, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, matches, self, NULL);
}

static void
add_known (LimnNamePopover   *self,
           const char *const *known)
{
  for (gsize i = 0; known != NULL && known[i] != NULL; i++)
    {
      GtkWidget *label = gtk_label_new (known[i]);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_list_box_append (self->list, label);
    }
  gtk_widget_set_visible (self->scrolled, known != NULL && known[0] != NULL);
}

void
limn_name_popover_ask (GtkWidget         *parent,
                       const char        *title,
                       const char        *name,
                       const char *const *known,
                       LimnNameFunc       func,
                       gpointer           object)
{
  LimnNamePopover *self = g_object_new (LIMN_TYPE_NAME_POPOVER, NULL);

  self->func = func;
  g_weak_ref_set (&self->object, object);
  gtk_label_set_text (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  add_known (self, known);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), name != NULL ? name : "");
  gtk_widget_set_parent (GTK_WIDGET (self), parent);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
