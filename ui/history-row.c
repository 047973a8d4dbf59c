/* A picture in the history of another one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/history-row.h"

#include <glib/gi18n.h>

#include "ui/thumbnail-image.h"

#define INDENT 18
#define MOST_INDENT 5

struct _LimnHistoryRow
{
  GtkListBoxRow parent;
  gint64        id;

  GtkBox             *box;
  LimnThumbnailImage *image;
  GtkLabel           *what, *detail;
  GtkButton          *compare_button;
};

G_DEFINE_FINAL_TYPE (LimnHistoryRow, limn_history_row, GTK_TYPE_LIST_BOX_ROW)

gint64
limn_history_row_id (LimnHistoryRow *self)
{
  return self->id;
}

static void
limn_history_row_class_init (LimnHistoryRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_type_ensure (LIMN_TYPE_THUMBNAIL_IMAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/history-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnHistoryRow, box);
  gtk_widget_class_bind_template_child (widget_class, LimnHistoryRow, image);
  gtk_widget_class_bind_template_child (widget_class, LimnHistoryRow, what);
  gtk_widget_class_bind_template_child (widget_class, LimnHistoryRow, detail);
  gtk_widget_class_bind_template_child (widget_class, LimnHistoryRow, compare_button);
}

static void
limn_history_row_init (LimnHistoryRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static const char *
role_of (const LimnHistoryNode *node)
{
  if (node->depth < 0)
    return _ ("Came from");
  return node->depth > 0 ? _ ("Became") : _ ("This picture");
}

GtkWidget *
limn_history_row_new (const LimnHistoryNode *node,
                      LimnThumbnails        *thumbnails)
{
  LimnHistoryRow  *self = g_object_new (LIMN_TYPE_HISTORY_ROW, NULL);
  const LimnFacts *facts = node->facts;
  const char      *what = facts->prompt != NULL ? facts->prompt : facts->name != NULL ? facts->name
                                                                                      : _ ("Picture");
  g_autofree char *seed = g_strdup_printf ("%" G_GINT64_FORMAT, facts->seed);
  g_autofree char *detail = facts->seed >= 0 ? g_strdup_printf (_ ("%s · seed %s"), role_of (node), seed) : g_strdup (role_of (node));
  g_autofree char *label = g_strdup_printf ("%s: %s", role_of (node), what);

  self->id = node->id;
  gtk_widget_set_margin_start (GTK_WIDGET (self->box), INDENT * CLAMP (node->depth, 0, MOST_INDENT));
  limn_thumbnail_image_set (self->image, thumbnails, node->id);
  gtk_label_set_text (self->what, what);
  gtk_label_set_text (self->detail, detail);
  gtk_widget_set_visible (GTK_WIDGET (self->compare_button), node->depth != 0);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->compare_button), "x", node->id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (self);
}
