/* What can be done to pictures in the gallery, by keys and by the menu.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/gallery-actions.h"

#include <glib/gi18n.h>

#include "app/library/async.h"
#include "ui/gallery-drops.h"
#include "ui/gallery-private.h"
#include "ui/name-popover.h"
#include "ui/picture-content.h"

static void
edit (LimnGallery    *self,
      const LimnEdit *edit)
{
  g_autoptr (GArray) ids = limn_gallery_get_selected (self);

  limn_undo_edit (limn_studio_undo (self->studio), edit, (const gint64 *) ids->data, ids->len);
  if (edit->kind == LIMN_EDIT_TRASH && ids->len > 0)
    limn_gallery_emit_trashed (self, ids->len);
}

static LimnPictureItem *
first_selected (LimnGallery *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  g_autoptr (GObject) item = NULL;

  if (gtk_bitset_is_empty (selected))
    return NULL;
  item = g_list_model_get_item (G_LIST_MODEL (self->selection), gtk_bitset_get_minimum (selected));
  return LIMN_IS_PICTURE_ITEM (item) ? LIMN_PICTURE_ITEM (g_steal_pointer (&item)) : NULL;
}

static void
rate (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  edit (LIMN_GALLERY (widget), &(LimnEdit){ .kind = LIMN_EDIT_RATE, .number = g_variant_get_int32 (parameter) });
}

/* All of them as the first one is not. */
static void
star (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  g_autoptr (LimnPictureItem) first = first_selected (LIMN_GALLERY (widget));
  const LimnFacts *facts = first != NULL ? limn_picture_item_facts (first) : NULL;

  edit (LIMN_GALLERY (widget), &(LimnEdit){ .kind = LIMN_EDIT_STAR, .number = facts == NULL || !facts->starred });
}

static void
trash (GtkWidget  *widget,
       const char *action,
       GVariant   *parameter)
{
  edit (LIMN_GALLERY (widget), &(LimnEdit){ .kind = LIMN_EDIT_TRASH });
}

static void
restore (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  edit (LIMN_GALLERY (widget), &(LimnEdit){ .kind = LIMN_EDIT_RESTORE });
}

static void
open_selected (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  g_autoptr (LimnPictureItem) first = first_selected (LIMN_GALLERY (widget));

  if (first != NULL)
    limn_gallery_emit_open (LIMN_GALLERY (widget), limn_picture_item_id (first));
}

static void
copy (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  LimnGallery *self = LIMN_GALLERY (widget);
  g_autoptr (GArray) ids = limn_gallery_get_selected (self);
  g_autoptr (GdkContentProvider) content = NULL;

  if (ids->len == 0)
    return;
  content = limn_picture_content_new (limn_studio_library (self->studio), (const gint64 *) ids->data, ids->len);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), content);
}

static void
compare (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  g_autoptr (GArray) ids = limn_gallery_get_selected (LIMN_GALLERY (widget));

  if (ids->len > 0)
    g_signal_emit_by_name (widget, "compare", ids);
}

static void
paste (GtkWidget  *widget,
       const char *action,
       GVariant   *parameter)
{
  limn_gallery_paste (LIMN_GALLERY (widget));
}

static void
emit_first (GtkWidget  *widget,
            const char *signal)
{
  g_autoptr (LimnPictureItem) first = first_selected (LIMN_GALLERY (widget));

  if (first != NULL)
    g_signal_emit_by_name (widget, signal, limn_picture_item_id (first));
}

static void
use (GtkWidget  *widget,
     const char *action,
     GVariant   *parameter)
{
  emit_first (widget, "use");
}

static void
start_from (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  emit_first (widget, "source");
}

/* --- names: tags, albums -------------------------------------------------------------------------------------------- */

static void
on_tag (const char *name,
        gpointer    data)
{
  edit (LIMN_GALLERY (data), &(LimnEdit){ .kind = LIMN_EDIT_TAG, .text = name });
}

static void
on_album (const char *name,
          gpointer    data)
{
  edit (LIMN_GALLERY (data), &(LimnEdit){ .kind = LIMN_EDIT_ALBUM_ADD, .text = name });
}

typedef struct
{
  LimnGallery *self;
  gboolean     album;
} Asked;

static void
on_names (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autofree Asked *asked = data;
  g_autoptr (LimnGallery) self = asked->self;
  g_autoptr (GPtrArray) names = limn_library_names_finish (LIMN_LIBRARY (source), result, NULL);
  g_autoptr (GStrvBuilder) known = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (guint i = 0; names != NULL && i < names->len; i++)
    g_strv_builder_add (known, ((const LimnName *) names->pdata[i])->name);
  all = g_strv_builder_end (known);
  if (self->studio != NULL)
    limn_name_popover_ask (GTK_WIDGET (self->section_label), asked->album ? _ ("Add to Album") : _ ("Tag"), NULL, (const char *const *) all,
                           asked->album ? on_album : on_tag, self);
}

static void
ask_name (GtkWidget *widget,
          gboolean   album)
{
  LimnGallery *self = LIMN_GALLERY (widget);
  Asked       *asked = g_new0 (Asked, 1);

  *asked = (Asked){ g_object_ref (self), album };
  limn_library_names_async (limn_studio_library (self->studio), album ? LIMN_NAMES_ALBUMS : LIMN_NAMES_TAGS, NULL, on_names, asked);
}

static void
tag (GtkWidget  *widget,
     const char *action,
     GVariant   *parameter)
{
  ask_name (widget, FALSE);
}

static void
add_to_album (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  ask_name (widget, TRUE);
}

void
limn_gallery_update_actions (LimnGallery *self)
{
  static const char *const names[] = { "gallery.rate", "gallery.star", "gallery.open", "gallery.copy", "gallery.tag", "gallery.album", "gallery.compare", "gallery.use", "gallery.start-from" };
  g_autoptr (LimnPictureItem) first = first_selected (self);
  const LimnFacts *facts = first != NULL ? limn_picture_item_facts (first) : NULL;
  gboolean         trashed = facts != NULL && facts->trashed != 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], first != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "gallery.trash", first != NULL && !trashed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "gallery.restore", first != NULL && trashed);
}

/* --- the menu ------------------------------------------------------------------------------------------------------- */

static void
show_menu (LimnGallery *self,
           GtkWidget   *tile,
           double       x,
           double       y)
{
  double at_x, at_y;

  if (self->menu == NULL)
    {
      self->menu = gtk_popover_menu_new_from_model (self->picture_menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
      gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
    }
  gtk_widget_translate_coordinates (tile, GTK_WIDGET (self), x, y, &at_x, &at_y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle){ (int) at_x, (int) at_y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
select_for_menu (LimnGallery *self,
                 GtkWidget   *tile)
{
  GtkListItem *list_item = g_object_get_data (G_OBJECT (tile), "list-item");
  guint        position = gtk_list_item_get_position (list_item);

  if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
}

static void
on_pressed (GtkGestureClick *gesture,
            int              n,
            double           x,
            double           y,
            LimnGallery     *self)
{
  GtkWidget *tile = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  select_for_menu (self, tile);
  show_menu (self, tile, x, y);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_long_press (GtkGestureLongPress *gesture,
               double               x,
               double               y,
               LimnGallery         *self)
{
  GtkWidget *tile = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  select_for_menu (self, tile);
  show_menu (self, tile, x, y);
}

void
limn_gallery_add_menu (LimnGallery *self,
                       GtkWidget   *tile,
                       GtkListItem *list_item)
{
  GtkGesture *click = gtk_gesture_click_new (), *press = gtk_gesture_long_press_new ();

  g_object_set_data (G_OBJECT (tile), "list-item", list_item);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_pressed), self, 0);
  g_signal_connect_object (press, "pressed", G_CALLBACK (on_long_press), self, 0);
  gtk_widget_add_controller (tile, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (tile, GTK_EVENT_CONTROLLER (press));
}

static gboolean
on_menu_key (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   data)
{
  LimnGallery *self = LIMN_GALLERY (widget);
  GtkWidget   *focus = gtk_root_get_focus (gtk_widget_get_root (widget));

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->grid_view)))
    return FALSE;
  show_menu (self, focus, gtk_widget_get_width (focus) / 2.0, gtk_widget_get_height (focus) / 2.0);
  return TRUE;
}

void
limn_gallery_install_actions (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "gallery.rate", "i", rate);
  gtk_widget_class_install_action (class, "gallery.star", NULL, star);
  gtk_widget_class_install_action (class, "gallery.trash", NULL, trash);
  gtk_widget_class_install_action (class, "gallery.restore", NULL, restore);
  gtk_widget_class_install_action (class, "gallery.open", NULL, open_selected);
  gtk_widget_class_install_action (class, "gallery.copy", NULL, copy);
  gtk_widget_class_install_action (class, "gallery.paste", NULL, paste);
  gtk_widget_class_install_action (class, "gallery.tag", NULL, tag);
  gtk_widget_class_install_action (class, "gallery.album", NULL, add_to_album);
  gtk_widget_class_install_action (class, "gallery.compare", NULL, compare);
  gtk_widget_class_install_action (class, "gallery.use", NULL, use);
  gtk_widget_class_install_action (class, "gallery.start-from", NULL, start_from);

  for (int i = 0; i <= 5; i++)
    {
      gtk_widget_class_add_binding_action (class, GDK_KEY_0 + i, 0, "gallery.rate", "i", i);
      gtk_widget_class_add_binding_action (class, GDK_KEY_KP_0 + i, 0, "gallery.rate", "i", i);
    }
  gtk_widget_class_add_binding_action (class, GDK_KEY_s, 0, "gallery.star", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_Delete, 0, "gallery.trash", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_space, 0, "gallery.open", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_c, GDK_CONTROL_MASK, "gallery.copy", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_v, GDK_CONTROL_MASK, "gallery.paste", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_t, 0, "gallery.tag", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_a, 0, "gallery.album", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_c, 0, "gallery.compare", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_u, 0, "gallery.use", NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_Menu, 0, on_menu_key, NULL);
  gtk_widget_class_add_binding (class, GDK_KEY_F10, GDK_SHIFT_MASK, on_menu_key, NULL);
}
