/* A row of the library's list: a name, a query, what may be dropped on it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/place-row.h"

#include <glib/gi18n.h>

#include "ui/picture-content.h"

struct _LimnPlaceRow
{
  GtkListBoxRow    parent;
  LimnPlaceRowKind kind;
  char            *name, *query;
  LimnUndo        *undo;
};

G_DEFINE_FINAL_TYPE (LimnPlaceRow, limn_place_row, GTK_TYPE_LIST_BOX_ROW)

LimnPlaceRowKind
limn_place_row_kind (LimnPlaceRow *self)
{
  return self->kind;
}

const char *
limn_place_row_name (LimnPlaceRow *self)
{
  return self->name;
}

const char *
limn_place_row_query (LimnPlaceRow *self)
{
  return self->query;
}

int
limn_place_row_compare (LimnPlaceRow *a,
                        LimnPlaceRow *b)
{
  if (a->kind != b->kind)
    return (int) a->kind - (int) b->kind;
  return g_utf8_collate (a->name, b->name);
}

const char *
limn_place_row_heading (LimnPlaceRow *self,
                        LimnPlaceRow *before)
{
  if (before != NULL && before->kind == self->kind)
    return NULL;
  switch (self->kind)
    {
    case LIMN_PLACE_ROW_ALBUM:
      return _ ("Albums");
    case LIMN_PLACE_ROW_SEARCH:
      return _ ("Searches");
    case LIMN_PLACE_ROW_TAG:
      return _ ("Tags");
    default:
      return NULL;
    }
}

static LimnEdit
edit_of (LimnPlaceRow *self)
{
  switch (self->kind)
    {
    case LIMN_PLACE_ROW_ALBUM:
      return (LimnEdit){ .kind = LIMN_EDIT_ALBUM_ADD, .text = self->name };
    case LIMN_PLACE_ROW_TAG:
      return (LimnEdit){ .kind = LIMN_EDIT_TAG, .text = self->name };
    case LIMN_PLACE_ROW_STARRED:
      return (LimnEdit){ .kind = LIMN_EDIT_STAR, .number = 1 };
    default:
      return (LimnEdit){ .kind = LIMN_EDIT_TRASH };
    }
}

static gboolean
on_drop (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         LimnPlaceRow  *self)
{
  GArray  *ids = limn_picture_content_ids (g_value_get_object (value));
  LimnEdit edit = edit_of (self);

  limn_undo_edit (self->undo, &edit, (const gint64 *) ids->data, ids->len);
  return TRUE;
}

void
limn_place_row_take_drops (LimnPlaceRow *self,
                           LimnUndo     *undo)
{
  GtkDropTarget *target;

  if (self->kind == LIMN_PLACE_ROW_ALL || self->kind == LIMN_PLACE_ROW_BEST || self->kind == LIMN_PLACE_ROW_SEARCH)
    return;
  self->undo = g_object_ref (undo);
  target = gtk_drop_target_new (LIMN_TYPE_PICTURE_CONTENT, GDK_ACTION_COPY);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
limn_place_row_finalize (GObject *object)
{
  LimnPlaceRow *self = LIMN_PLACE_ROW (object);

  g_clear_object (&self->undo);
  g_free (self->name);
  g_free (self->query);
  G_OBJECT_CLASS (limn_place_row_parent_class)->finalize (object);
}

static void
limn_place_row_class_init (LimnPlaceRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = limn_place_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/place-row.ui");
}

static void
limn_place_row_init (LimnPlaceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
limn_place_row_new (LimnPlaceRowKind kind,
                    const char      *icon,
                    const char      *name,
                    const char      *query,
                    gint64           count)
{
  LimnPlaceRow    *self = g_object_new (LIMN_TYPE_PLACE_ROW, NULL);
  GtkWidget       *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (self)), *image = gtk_widget_get_first_child (box);
  GtkWidget       *label = gtk_widget_get_next_sibling (image), *number = gtk_widget_get_next_sibling (label);
  g_autofree char *shown = g_strdup_printf ("%" G_GINT64_FORMAT, count);

  self->kind = kind;
  self->name = g_strdup (name);
  self->query = g_strdup (query);
  gtk_image_set_from_icon_name (GTK_IMAGE (image), icon);
  gtk_label_set_text (GTK_LABEL (label), name);
  gtk_label_set_text (GTK_LABEL (number), shown);
  gtk_widget_set_visible (number, count >= 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return GTK_WIDGET (self);
}
