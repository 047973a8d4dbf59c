/* The gallery: what is being made, then the pictures that a search finds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/gallery.h"

#include <glib/gi18n.h>

#include "app/library/picture-list.h"
#include "ui/gallery-actions.h"
#include "ui/gallery-drops.h"
#include "ui/gallery-private.h"
#include "ui/live-tile.h"
#include "ui/open-jobs.h"
#include "ui/picture-tile.h"

enum
{
  OPEN,
  MESSAGE,
  TRASHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LimnGallery, limn_gallery, GTK_TYPE_WIDGET)

/* As the drop-down lists them. */
static const LimnOrder orders[] = {
  { LIMN_ORDER_CREATED, TRUE }, { LIMN_ORDER_CREATED, FALSE }, { LIMN_ORDER_RATING, TRUE }, { LIMN_ORDER_SIZE, TRUE }, { LIMN_ORDER_NAME, FALSE }, { LIMN_ORDER_ALBUM, FALSE }
};

#define ALBUM_ORDER 5

void
limn_gallery_emit_message (LimnGallery *self,
                           const char  *text)
{
  g_signal_emit (self, signals[MESSAGE], 0, text);
}

void
limn_gallery_emit_trashed (LimnGallery *self,
                           guint        n)
{
  g_signal_emit (self, signals[TRASHED], 0, n);
}

void
limn_gallery_emit_open (LimnGallery *self,
                        gint64       id)
{
  g_signal_emit (self, signals[OPEN], 0, id);
}

/* --- what is shown -------------------------------------------------------------------------------------------------- */

static gboolean
is_empty (const char *text)
{
  return text == NULL || *text == '\0';
}

/* What is being made is no answer to a search. */
static void
show_jobs (LimnGallery *self,
           gboolean     shown)
{
  gboolean there = g_list_model_get_n_items (G_LIST_MODEL (self->parts)) > 1;

  if (shown && !there)
    g_list_store_insert (self->parts, 0, self->jobs);
  else if (!shown && there)
    g_list_store_remove (self->parts, 0);
}

static void
search (LimnGallery *self)
{
  guint            order = MIN (gtk_drop_down_get_selected (self->order_drop_down), G_N_ELEMENTS (orders) - 1);
  g_autofree char *query = NULL;

  if (self->pictures == NULL)
    return;
  query = g_strjoin (" ", is_empty (self->place) ? "" : self->place, is_empty (self->query) ? NULL : self->query, NULL);
  show_jobs (self, is_empty (g_strstrip (query)));
  limn_picture_list_set_query (self->pictures, query, orders[order]);
}

/* How many of the items shown come before the pictures. */
static guint
count_before (LimnGallery *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->parts)) > 1 ? g_list_model_get_n_items (self->jobs) : 0;
}

static void
show_page (LimnGallery *self)
{
  gboolean    none = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0;
  gboolean    searching = !is_empty (self->query) || !is_empty (self->place);
  const char *error = limn_picture_list_error (self->pictures);

  if (none && limn_picture_list_loading (self->pictures))
    return;
  adw_status_page_set_description (self->nothing_page, error != NULL ? error : _ ("Try other words."));
  gtk_stack_set_visible_child_name (self->stack, !none ? "pictures" : searching ? "nothing"
                                                                                : "empty");
}

/* "Today", "Yesterday", "May 2026": when the picture at the top was made. */
static char *
section_of (gint64 created)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (created / G_USEC_PER_SEC);
  g_autoptr (GDateTime) day = g_date_time_to_local (utc);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);

  if (g_date_time_get_year (day) == g_date_time_get_year (now) && g_date_time_get_day_of_year (day) == g_date_time_get_day_of_year (now))
    return g_strdup (_ ("Today"));
  if (g_date_time_get_year (day) == g_date_time_get_year (yesterday) && g_date_time_get_day_of_year (day) == g_date_time_get_day_of_year (yesterday))
    return g_strdup (_ ("Yesterday"));
  return g_date_time_format (day, g_date_time_get_year (day) == g_date_time_get_year (now) ? _ ("%A, %e %B") : _ ("%B %Y"));
}

static gboolean
update_section (gpointer data)
{
  LimnGallery     *self = data;
  GtkWidget       *tile = gtk_widget_pick (GTK_WIDGET (self->grid_view), 40, 40, GTK_PICK_DEFAULT);
  LimnPictureItem *item;
  const LimnFacts *facts;
  g_autofree char *text = NULL;

  self->section_source = 0;
  if (tile != NULL && !LIMN_IS_PICTURE_TILE (tile) && !LIMN_IS_LIVE_TILE (tile))
    tile = gtk_widget_get_first_child (tile);
  if (LIMN_IS_LIVE_TILE (tile))
    gtk_label_set_text (self->section_label, _ ("Today"));
  if (!LIMN_IS_PICTURE_TILE (tile))
    return G_SOURCE_REMOVE;

  item = limn_picture_tile_get_item (LIMN_PICTURE_TILE (tile));
  facts = item != NULL ? limn_picture_item_facts (item) : NULL;
  text = facts != NULL ? section_of (facts->created) : NULL;
  if (text != NULL)
    gtk_label_set_text (self->section_label, text);
  return G_SOURCE_REMOVE;
}

static void
queue_section (LimnGallery *self)
{
  if (self->section_source == 0)
    self->section_source = g_timeout_add (150, update_section, self);
}

static void
on_items_changed (LimnGallery *self)
{
  show_page (self);
  queue_section (self);
}

static void
on_order_changed (LimnGallery *self)
{
  search (self);
}

static void
on_activate (LimnGallery *self,
             guint        position)
{
  g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (LIMN_IS_PICTURE_ITEM (item))
    limn_gallery_emit_open (self, limn_picture_item_id (LIMN_PICTURE_ITEM (item)));
}

/* --- tiles ---------------------------------------------------------------------------------------------------------- */

static void
on_size_changed (LimnGallery *self)
{
  int            size = (int) gtk_adjustment_get_value (self->size_adjustment);
  GHashTableIter iter;
  gpointer       tile;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &tile, NULL))
    if (LIMN_IS_LIVE_TILE (tile))
      limn_live_tile_set_size (tile, size);
    else
      limn_picture_tile_set_size (tile, size);
}

static int
tile_size (LimnGallery *self)
{
  return (int) gtk_adjustment_get_value (self->size_adjustment);
}

/* The tile that was there is no longer shown. */
static void
set_tile (LimnGallery *self,
          GtkListItem *list_item,
          GtkWidget   *tile)
{
  GtkWidget *before = gtk_list_item_get_child (list_item);

  if (before != NULL)
    g_hash_table_remove (self->tiles, before);
  g_hash_table_add (self->tiles, tile);
  gtk_list_item_set_child (list_item, tile);
}

static void
set_picture_tile (LimnGallery *self,
                  GtkListItem *list_item)
{
  GtkWidget *tile = limn_picture_tile_new (limn_studio_thumbnails (self->studio));

  limn_picture_tile_set_size (LIMN_PICTURE_TILE (tile), tile_size (self));
  limn_gallery_add_drag (self, LIMN_PICTURE_TILE (tile));
  limn_gallery_add_menu (self, tile, list_item);
  set_tile (self, list_item, tile);
}

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          LimnGallery              *self)
{
  set_picture_tile (self, list_item);
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         LimnGallery              *self)
{
  gpointer item = gtk_list_item_get_item (list_item);

  gtk_list_item_set_selectable (list_item, !LIMN_IS_QUEUE_JOB (item));
  if (LIMN_IS_QUEUE_JOB (item))
    {
      GtkWidget *tile = limn_live_tile_new (item);

      limn_live_tile_set_size (LIMN_LIVE_TILE (tile), tile_size (self));
      set_tile (self, list_item, tile);
      return;
    }
  if (!LIMN_IS_PICTURE_TILE (gtk_list_item_get_child (list_item)))
    set_picture_tile (self, list_item);
  limn_picture_tile_set_item (LIMN_PICTURE_TILE (gtk_list_item_get_child (list_item)), item);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *list_item,
           LimnGallery              *self)
{
  GtkWidget *tile = gtk_list_item_get_child (list_item);

  if (LIMN_IS_PICTURE_TILE (tile))
    limn_picture_tile_set_item (LIMN_PICTURE_TILE (tile), NULL);
}

static void
on_teardown (GtkSignalListItemFactory *factory,
             GtkListItem              *list_item,
             LimnGallery              *self)
{
  if (self->tiles != NULL)
    g_hash_table_remove (self->tiles, gtk_list_item_get_child (list_item));
}

static GtkListItemFactory *
make_factory (LimnGallery *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, 0);
  g_signal_connect_object (factory, "teardown", G_CALLBACK (on_teardown), self, 0);
  return factory;
}

/* --- the outside ---------------------------------------------------------------------------------------------------- */

void
limn_gallery_set_query (LimnGallery *self,
                        const char  *query)
{
  if (g_strcmp0 (self->query, query) == 0)
    return;
  g_free (self->query);
  self->query = g_strdup (query);
  search (self);
}

void
limn_gallery_set_place (LimnGallery *self,
                        const char  *query,
                        gboolean     album)
{
  guint order = album ? ALBUM_ORDER : gtk_drop_down_get_selected (self->order_drop_down) == ALBUM_ORDER ? 0
                                                                                                        : gtk_drop_down_get_selected (self->order_drop_down);

  g_free (self->place);
  self->place = g_strdup (query);
  gtk_drop_down_set_selected (self->order_drop_down, order);
  search (self);
}

GArray *
limn_gallery_get_selected (LimnGallery *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GtkBitsetIter iter;
  guint         position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more; more = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
      gint64 id = LIMN_IS_PICTURE_ITEM (item) ? limn_picture_item_id (LIMN_PICTURE_ITEM (item)) : 0;

      if (id != 0)
        g_array_append_val (ids, id);
    }

  return ids;
}

GtkScrolledWindow *
limn_gallery_get_scrolled (LimnGallery *self)
{
  return self->scrolled_window;
}

gint64
limn_gallery_get_neighbour (LimnGallery *self,
                            gint64       id,
                            int          offset)
{
  guint at = limn_picture_list_find (self->pictures, id);
  g_autoptr (LimnPictureItem) item = NULL;

  if (at == G_MAXUINT || (offset < 0 && at < (guint) -offset))
    return 0;
  item = g_list_model_get_item (G_LIST_MODEL (self->pictures), at + (guint) offset);
  return item != NULL ? limn_picture_item_id (item) : 0;
}

void
limn_gallery_show (LimnGallery *self,
                   gint64       id)
{
  guint at = limn_picture_list_find (self->pictures, id);

  if (at == G_MAXUINT)
    return;
  at += count_before (self);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), at, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (self->grid_view), "list.scroll-to-item", "u", at);
}

void
limn_gallery_set_studio (LimnGallery *self,
                         LimnStudio  *studio)
{
  g_autoptr (GtkListItemFactory) factory = NULL;

  self->studio = g_object_ref (studio);
  self->pictures = limn_picture_list_new (limn_studio_library (studio), "", LIMN_ORDER_NEWEST);
  self->jobs = limn_open_jobs_new (limn_studio_queue (studio), FALSE);
  self->parts = g_list_store_new (G_TYPE_LIST_MODEL);
  g_list_store_append (self->parts, self->jobs);
  g_list_store_append (self->parts, self->pictures);
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_object_ref (self->parts)))));
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (limn_gallery_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pictures, "notify", G_CALLBACK (show_page), self, G_CONNECT_SWAPPED);
  if (limn_studio_settings (studio) != NULL)
    g_settings_bind (limn_studio_settings (studio), "tile-size", self->size_adjustment, "value", G_SETTINGS_BIND_DEFAULT);
  factory = make_factory (self);
  gtk_grid_view_set_factory (self->grid_view, factory);
  gtk_grid_view_set_model (self->grid_view, GTK_SELECTION_MODEL (self->selection));
  limn_gallery_update_actions (self);
}

static void
limn_gallery_dispose (GObject *object)
{
  LimnGallery *self = LIMN_GALLERY (object);
  GtkWidget   *child;

  g_clear_handle_id (&self->section_source, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->tiles, g_hash_table_unref);
  g_clear_object (&self->selection);
  g_clear_object (&self->parts);
  g_clear_object (&self->jobs);
  g_clear_object (&self->pictures);
  g_clear_object (&self->studio);
  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->place, g_free);
  G_OBJECT_CLASS (limn_gallery_parent_class)->dispose (object);
}

static void
limn_gallery_class_init (LimnGalleryClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_gallery_dispose;
  signals[OPEN] = g_signal_new ("open", LIMN_TYPE_GALLERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  g_signal_new ("compare", LIMN_TYPE_GALLERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_signal_new ("use", LIMN_TYPE_GALLERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  g_signal_new ("source", LIMN_TYPE_GALLERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[MESSAGE] = g_signal_new ("message", LIMN_TYPE_GALLERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TRASHED] = g_signal_new ("trashed", LIMN_TYPE_GALLERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/gallery.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnGallery, grid_view);
  gtk_widget_class_bind_template_child (widget_class, LimnGallery, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, LimnGallery, stack);
  gtk_widget_class_bind_template_child (widget_class, LimnGallery, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, LimnGallery, section_label);
  gtk_widget_class_bind_template_child (widget_class, LimnGallery, order_drop_down);
  gtk_widget_class_bind_template_child (widget_class, LimnGallery, size_adjustment);
  gtk_widget_class_bind_template_child (widget_class, LimnGallery, picture_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_order_changed);
  limn_gallery_install_actions (widget_class);
}

static void
limn_gallery_init (LimnGallery *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->tiles = g_hash_table_new (NULL, NULL);
  g_signal_connect_object (self->size_adjustment, "value-changed", G_CALLBACK (on_size_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scrolled_window), "value-changed", G_CALLBACK (queue_section), self,
                           G_CONNECT_SWAPPED);
  limn_gallery_add_drops (self);
}
