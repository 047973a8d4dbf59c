/* Where to look in the library: all, starred, albums, tags, saved searches, the trash.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/library-pane.h"

#include <glib/gi18n.h>

#include "app/library/async.h"
#include "app/library/query-term.h"
#include "ui/name-popover.h"
#include "ui/picture-content.h"
#include "ui/place-row.h"

/* After many changes at once the lists are read once. */
#define READ_MS 300

struct _LimnLibraryPane
{
  AdwBin        parent;
  LimnStudio   *studio;
  char         *chosen; /* query of the place that is shown */
  guint         read_source;
  gboolean      filling;
  GMenuModel   *album_menu, *search_menu, *trash_menu;
  GtkWidget    *menu;
  LimnPlaceRow *menu_row;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (LimnLibraryPane, limn_library_pane, ADW_TYPE_BIN)

/* Those that are always there. */
static const struct
{
  LimnPlaceRowKind kind;
  const char      *name, *icon, *query;
} fixed[] = {
  { LIMN_PLACE_ROW_ALL, N_ ("All Pictures"), "image-x-generic-symbolic", "" },
  { LIMN_PLACE_ROW_STARRED, N_ ("Starred"), "emblem-favorite-symbolic", "is:starred" },
  { LIMN_PLACE_ROW_BEST, N_ ("Best"), "starred-symbolic", "rating:>=4" },
  { LIMN_PLACE_ROW_TRASH, N_ ("Trash"), "user-trash-symbolic", "is:trashed" },
};

/* --- the list ------------------------------------------------------------------------------------------------------- */

static void
add (LimnLibraryPane *self,
     LimnPlaceRowKind kind,
     const char      *icon,
     const char      *name,
     const char      *query,
     gint64           count)
{
  GtkWidget *row = limn_place_row_new (kind, icon, name, query, count);

  limn_place_row_take_drops (LIMN_PLACE_ROW (row), limn_studio_undo (self->studio));
  gtk_list_box_append (self->list, row);
  if (g_strcmp0 (self->chosen, query) == 0)
    gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
}

static void
remove_kind (LimnLibraryPane *self,
             LimnPlaceRowKind kind)
{
  GtkWidget *next;

  for (GtkWidget *at = gtk_widget_get_first_child (GTK_WIDGET (self->list)); at != NULL; at = next)
    {
      next = gtk_widget_get_next_sibling (at);
      if (LIMN_IS_PLACE_ROW (at) && limn_place_row_kind (LIMN_PLACE_ROW (at)) == kind)
        gtk_list_box_remove (self->list, at);
    }
}

/* The rows of one kind are read anew. */
static void
fill (LimnLibraryPane *self,
      LimnPlaceRowKind kind,
      const char      *icon,
      const char      *facet,
      GPtrArray       *names)
{
  self->filling = TRUE;
  remove_kind (self, kind);
  for (guint i = 0; i < names->len; i++)
    {
      const LimnName  *name = names->pdata[i];
      g_autofree char *query = limn_query_term_format (facet, name->name);

      if (name->count > 0 || kind == LIMN_PLACE_ROW_ALBUM)
        add (self, kind, icon, name->name, query, name->count);
    }
  self->filling = FALSE;
}

static void
on_albums (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (LimnLibraryPane) self = data;
  g_autoptr (GPtrArray) names = limn_library_names_finish (LIMN_LIBRARY (source), result, NULL);

  if (names != NULL && self->studio != NULL)
    fill (self, LIMN_PLACE_ROW_ALBUM, "folder-pictures-symbolic", "album", names);
}

static void
on_tags (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr (LimnLibraryPane) self = data;
  g_autoptr (GPtrArray) names = limn_library_names_finish (LIMN_LIBRARY (source), result, NULL);

  if (names != NULL && self->studio != NULL)
    fill (self, LIMN_PLACE_ROW_TAG, "bookmark-new-symbolic", "tag", names);
}

static void
on_searches (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr (LimnLibraryPane) self = data;
  g_autoptr (GPtrArray) searches = limn_library_saved_searches_finish (LIMN_LIBRARY (source), result, NULL);

  if (searches == NULL || self->studio == NULL)
    return;
  self->filling = TRUE;
  remove_kind (self, LIMN_PLACE_ROW_SEARCH);
  for (guint i = 0; i < searches->len; i++)
    {
      const LimnSavedSearch *search = searches->pdata[i];

      add (self, LIMN_PLACE_ROW_SEARCH, "folder-saved-search-symbolic", search->name, search->query, -1);
    }
  self->filling = FALSE;
}

static gboolean
read_lists (gpointer data)
{
  LimnLibraryPane *self = data;
  LimnLibrary     *library = limn_studio_library (self->studio);

  self->read_source = 0;
  limn_library_names_async (library, LIMN_NAMES_ALBUMS, NULL, on_albums, g_object_ref (self));
  limn_library_names_async (library, LIMN_NAMES_TAGS, NULL, on_tags, g_object_ref (self));
  limn_library_saved_searches_async (library, NULL, on_searches, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
on_changed (LimnLibraryPane *self)
{
  if (self->read_source == 0)
    self->read_source = g_timeout_add (READ_MS, read_lists, self);
}

static void
on_selected (LimnLibraryPane *self,
             GtkListBoxRow   *row)
{
  if (row == NULL || self->filling || self->studio == NULL)
    return;
  g_free (self->chosen);
  self->chosen = g_strdup (limn_place_row_query (LIMN_PLACE_ROW (row)));
  g_signal_emit_by_name (self, "place", self->chosen, limn_place_row_kind (LIMN_PLACE_ROW (row)) == LIMN_PLACE_ROW_ALBUM);
}

static int
compare (GtkListBoxRow *a,
         GtkListBoxRow *b,
         gpointer       data)
{
  return limn_place_row_compare (LIMN_PLACE_ROW (a), LIMN_PLACE_ROW (b));
}

static void
set_header (GtkListBoxRow *row,
            GtkListBoxRow *before,
            gpointer       data)
{
  const char *heading = limn_place_row_heading (LIMN_PLACE_ROW (row), before != NULL ? LIMN_PLACE_ROW (before) : NULL);
  GtkWidget  *label = heading != NULL ? gtk_label_new (heading) : NULL;

  if (label != NULL)
    {
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (label, "place-heading");
    }
  gtk_list_box_row_set_header (row, label);
}

/* --- what can be done to a place ------------------------------------------------------------------------------------ */

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr (LimnLibraryPane) self = data;
  g_autoptr (GError) error = NULL;

  if (!limn_library_change_name_finish (LIMN_LIBRARY (source), result, &error))
    g_signal_emit_by_name (self, "message", error->message);
  if (self->studio != NULL)
    on_changed (self);
}

static void
change (LimnLibraryPane *self,
        LimnNameChange   what,
        const char      *name,
        const char      *to)
{
  limn_library_change_name_async (limn_studio_library (self->studio), what, name, to, on_done, g_object_ref (self));
}

void
limn_library_pane_save_search (LimnLibraryPane *self,
                               const char      *name,
                               const char      *query)
{
  change (self, LIMN_NAME_SAVE_SEARCH, name, query);
}

static void
on_renamed (const char *name,
            gpointer    data)
{
  LimnLibraryPane *self = LIMN_LIBRARY_PANE (data);

  if (self->menu_row != NULL)
    change (self, LIMN_NAME_RENAME_ALBUM, limn_place_row_name (self->menu_row), name);
}

static void
rename_album (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  LimnLibraryPane *self = LIMN_LIBRARY_PANE (widget);

  if (self->menu_row != NULL)
    limn_name_popover_ask (GTK_WIDGET (self->menu_row), _ ("New Name"), limn_place_row_name (self->menu_row), NULL, on_renamed, self);
}

static void
remove_album (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  LimnLibraryPane *self = LIMN_LIBRARY_PANE (widget);

  if (self->menu_row != NULL)
    change (self, LIMN_NAME_REMOVE_ALBUM, limn_place_row_name (self->menu_row), NULL);
}

static void
forget_search (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  LimnLibraryPane *self = LIMN_LIBRARY_PANE (widget);

  if (self->menu_row != NULL)
    change (self, LIMN_NAME_SAVE_SEARCH, limn_place_row_name (self->menu_row), NULL);
}

static void
on_answer (AdwMessageDialog *dialog,
           const char       *answer,
           LimnLibraryPane  *self)
{
  if (g_str_equal (answer, "empty"))
    change (self, LIMN_NAME_EMPTY_TRASH, NULL, NULL);
}

/* The only thing that cannot be undone is asked about. */
static void
empty_trash (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), _ ("Empty the Trash?"), _ ("Its pictures are deleted for good."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "empty", _ ("_Empty the Trash"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "empty", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_answer), widget, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static GMenuModel *
menu_of (LimnLibraryPane *self,
         LimnPlaceRow    *row)
{
  switch (limn_place_row_kind (row))
    {
    case LIMN_PLACE_ROW_ALBUM:
      return self->album_menu;
    case LIMN_PLACE_ROW_SEARCH:
      return self->search_menu;
    case LIMN_PLACE_ROW_TRASH:
      return self->trash_menu;
    default:
      return NULL;
    }
}

static void
show_menu (LimnLibraryPane *self,
           LimnPlaceRow    *row)
{
  GMenuModel *model = row != NULL ? menu_of (self, row) : NULL;

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_set_weak_pointer (&self->menu_row, row);
  if (model == NULL)
    return;
  self->menu = gtk_popover_menu_new_from_model (model);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (row));
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_right_click (LimnLibraryPane *self,
                int              n,
                double           x,
                double           y)
{
  show_menu (self, LIMN_PLACE_ROW (gtk_list_box_get_row_at_y (self->list, (int) y)));
}

static gboolean
on_menu_key (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   data)
{
  LimnLibraryPane *self = LIMN_LIBRARY_PANE (widget);
  GtkListBoxRow   *row = gtk_list_box_get_selected_row (self->list);

  show_menu (self, row != NULL ? LIMN_PLACE_ROW (row) : NULL);
  return TRUE;
}

/* --- the rest ------------------------------------------------------------------------------------------------------- */

void
limn_library_pane_set_studio (LimnLibraryPane *self,
                              LimnStudio      *studio)
{
  self->studio = g_object_ref (studio);
  self->chosen = g_strdup ("");
  self->filling = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    add (self, fixed[i].kind, fixed[i].icon, _ (fixed[i].name), fixed[i].query, -1);
  self->filling = FALSE;
  g_signal_connect_object (limn_studio_library (studio), "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  on_changed (self);
}

static void
limn_library_pane_dispose (GObject *object)
{
  LimnLibraryPane *self = LIMN_LIBRARY_PANE (object);

  g_clear_handle_id (&self->read_source, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_weak_pointer (&self->menu_row);
  g_clear_object (&self->studio);
  g_clear_pointer (&self->chosen, g_free);
  G_OBJECT_CLASS (limn_library_pane_parent_class)->dispose (object);
}

static void
limn_library_pane_class_init (LimnLibraryPaneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_library_pane_dispose;
  g_signal_new ("place", LIMN_TYPE_LIBRARY_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
  g_signal_new ("message", LIMN_TYPE_LIBRARY_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/library-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnLibraryPane, list);
  gtk_widget_class_bind_template_child (widget_class, LimnLibraryPane, album_menu);
  gtk_widget_class_bind_template_child (widget_class, LimnLibraryPane, search_menu);
  gtk_widget_class_bind_template_child (widget_class, LimnLibraryPane, trash_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_right_click);
  gtk_widget_class_install_action (widget_class, "place.rename", NULL, rename_album);
  gtk_widget_class_install_action (widget_class, "place.remove", NULL, remove_album);
  gtk_widget_class_install_action (widget_class, "place.forget", NULL, forget_search);
  gtk_widget_class_install_action (widget_class, "place.empty-trash", NULL, empty_trash);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, on_menu_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, on_menu_key, NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "place.rename", NULL);
}

static void
limn_library_pane_init (LimnLibraryPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_sort_func (self->list, compare, NULL, NULL);
  gtk_list_box_set_header_func (self->list, set_header, NULL, NULL);
}
