/* The pictures that a query finds, as a list for widgets.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/picture-list.h"

#include <string.h>

#include "app/library/async.h"

#define PAGE 100
/* Items that stay although nobody has them, so that scrolling back and forth reads nothing. */
#define RECENT 2000

struct _LimnPictureList
{
  GObject       parent;
  LimnLibrary  *library;
  gulong        handler;
  GCancellable *cancellable; /* of all that is under way */
  char         *query, *error;
  LimnOrder     order;
  gboolean      searching, again;
  GArray       *ids;
  GHashTable   *items;       /* number → item, as long as somebody has it */
  GQueue        recent;      /* those last asked for */
  GArray       *wanted;      /* numbers to read the facts of */
  guint         wanted_page; /* the last page whose numbers are among them */
  guint         reading;
};

enum
{
  PROP_N_ITEMS = 1,
  PROP_LOADING,
  PROP_ERROR
};

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LimnPictureList,
                               limn_picture_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
forget_item (gpointer data,
             GObject *gone)
{
  LimnPictureList *list = data;
  GHashTableIter   iter;
  gpointer         item;

  g_hash_table_iter_init (&iter, list->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    if (item == gone)
      g_hash_table_iter_remove (&iter);
}

static void
keep_recent (LimnPictureList *list,
             LimnPictureItem *item)
{
  g_queue_push_tail (&list->recent, g_object_ref (item));
  if (list->recent.length > RECENT)
    g_object_unref (g_queue_pop_head (&list->recent));
}

static LimnPictureItem *
make_item (LimnPictureList *list,
           gint64           id)
{
  LimnPictureItem *item = limn_picture_item_new (id);

  g_hash_table_insert (list->items, g_memdup2 (&id, sizeof id), item);
  g_object_weak_ref (G_OBJECT (item), forget_item, list);
  keep_recent (list, item);
  return item;
}

/* Also the rest of the page gets its items: they are likely to be asked for next. */
static void
give_facts (LimnPictureList *list,
            GPtrArray       *facts)
{
  for (guint i = 0; i < facts->len; i++)
    {
      g_autoptr (LimnFacts) found = g_steal_pointer (&facts->pdata[i]);
      LimnPictureItem *there = g_hash_table_lookup (list->items, &found->id);
      g_autoptr (LimnPictureItem) item = there ? g_object_ref (there) : make_item (list, found->id);

      limn_picture_item_take_facts (item, g_steal_pointer (&found));
    }

  g_ptr_array_set_size (facts, 0);
}

/* A library that cannot be read now is said by the next search; items stay without facts. */
static void
page_read (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (LimnPictureList) list = data;
  g_autoptr (GPtrArray) facts = limn_library_facts_finish (LIMN_LIBRARY (object), result, NULL);

  if (facts != NULL && !g_cancellable_is_cancelled (list->cancellable))
    give_facts (list, facts);
}

/* Together, since a widget asks for a screen of items at once. */
static gboolean
read_wanted (gpointer data)
{
  LimnPictureList *list = data;

  list->reading = 0;
  limn_library_facts_async (list->library, (const gint64 *) list->wanted->data, list->wanted->len, list->cancellable, page_read,
                            g_object_ref (list));
  g_array_set_size (list->wanted, 0);
  list->wanted_page = G_MAXUINT;
  return G_SOURCE_REMOVE;
}

/* Numbers are noted, not the page: until they are read, the list may have moved. */
static void
want_page (LimnPictureList *list,
           guint            page)
{
  guint first = page * PAGE;

  if (list->reading == 0)
    list->reading = g_idle_add_full (G_PRIORITY_DEFAULT, read_wanted, list, NULL);
  if (page == list->wanted_page)
    return;

  list->wanted_page = page;
  g_array_append_vals (list->wanted, &g_array_index (list->ids, gint64, first), MIN (PAGE, list->ids->len - first));
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  LimnPictureList *list = LIMN_PICTURE_LIST (model);
  LimnPictureItem *item;
  gint64           id;

  if (position >= list->ids->len)
    return NULL;

  id = g_array_index (list->ids, gint64, position);
  item = g_hash_table_lookup (list->items, &id);
  if (item != NULL)
    return g_object_ref (item);

  item = make_item (list, id);
  want_page (list, position / PAGE);
  return item;
}

static guint
get_n_items (GListModel *model)
{
  return LIMN_PICTURE_LIST (model)->ids->len;
}

static GType
get_item_type (GListModel *model)
{
  return LIMN_TYPE_PICTURE_ITEM;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item = get_item;
  interface->get_n_items = get_n_items;
  interface->get_item_type = get_item_type;
}

/* What is the same at both ends stays, so that a picture that is added or removed moves nothing else. */
static void
replace_ids (LimnPictureList *list,
             GArray          *ids)
{
  g_autoptr (GArray) old = g_steal_pointer (&list->ids);
  const gint64 *a = (const gint64 *) old->data, *b = (const gint64 *) ids->data;
  guint         shorter = MIN (old->len, ids->len), head = 0, tail = 0;

  while (head < shorter && a[head] == b[head])
    head++;
  while (tail < shorter - head && a[old->len - 1 - tail] == b[ids->len - 1 - tail])
    tail++;

  list->ids = g_array_ref (ids);
  if (old->len == head + tail && ids->len == head + tail)
    return;

  g_list_model_items_changed (G_LIST_MODEL (list), head, old->len - head - tail, ids->len - head - tail);
  if (old->len != ids->len)
    g_object_notify (G_OBJECT (list), "n-items");
}

static void start_search (LimnPictureList *list);

static void
set_error (LimnPictureList *list,
           const GError    *error)
{
  if (g_strcmp0 (list->error, error ? error->message : NULL) == 0)
    return;

  g_free (list->error);
  list->error = g_strdup (error ? error->message : NULL);
  g_object_notify (G_OBJECT (list), "error");
}

static void
searched (GObject      *object,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr (LimnPictureList) list = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = limn_library_search_finish (LIMN_LIBRARY (object), result, &error);

  if (g_cancellable_is_cancelled (list->cancellable))
    return;

  list->searching = FALSE;
  if (list->again)
    {
      start_search (list);
      return;
    }

  set_error (list, error);
  if (ids != NULL)
    replace_ids (list, ids);
  g_object_notify (G_OBJECT (list), "loading");
}

/* One at a time: while one is under way, others only say that it is not the last. */
static void
start_search (LimnPictureList *list)
{
  list->again = list->searching;
  if (list->searching)
    return;

  list->searching = TRUE;
  limn_library_search_async (list->library, list->query, list->order, list->cancellable, searched, g_object_ref (list));
  g_object_notify (G_OBJECT (list), "loading");
}

/* Items that somebody has are read again. */
static void
library_changed (LimnPictureList *list,
                 GArray          *ids,
                 guint            change)
{
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer       id;

  g_hash_table_iter_init (&iter, list->items);
  while (change == LIMN_LIBRARY_EDITED && ids == NULL && g_hash_table_iter_next (&iter, &id, NULL))
    g_array_append_vals (shown, id, 1);
  for (guint i = 0; change == LIMN_LIBRARY_EDITED && ids != NULL && i < ids->len; i++)
    if (g_hash_table_contains (list->items, &g_array_index (ids, gint64, i)))
      g_array_append_vals (shown, &g_array_index (ids, gint64, i), 1);

  if (shown->len > 0)
    limn_library_facts_async (list->library, (const gint64 *) shown->data, shown->len, list->cancellable, page_read, g_object_ref (list));
  start_search (list);
}

void
limn_picture_list_set_query (LimnPictureList *list,
                             const char      *query,
                             LimnOrder        order)
{
  g_autofree char *copy = g_strdup (query);

  g_free (list->query);
  list->query = g_steal_pointer (&copy);
  list->order = order;
  start_search (list);
}

const char *
limn_picture_list_error (LimnPictureList *list)
{
  return list->error;
}

gboolean
limn_picture_list_loading (LimnPictureList *list)
{
  return list->searching;
}

guint
limn_picture_list_find (LimnPictureList *list,
                        gint64           id)
{
  for (guint i = 0; i < list->ids->len; i++)
    if (g_array_index (list->ids, gint64, i) == id)
      return i;

  return G_MAXUINT;
}

LimnPictureList *
limn_picture_list_new (LimnLibrary *library,
                       const char  *query,
                       LimnOrder    order)
{
  LimnPictureList *list = g_object_new (LIMN_TYPE_PICTURE_LIST, NULL);

  list->library = g_object_ref (library);
  list->handler = g_signal_connect_swapped (library, "changed", G_CALLBACK (library_changed), list);
  limn_picture_list_set_query (list, query, order);
  return list;
}

static void
limn_picture_list_get_property (GObject    *object,
                                guint       property,
                                GValue     *value,
                                GParamSpec *spec)
{
  LimnPictureList *list = LIMN_PICTURE_LIST (object);

  if (property == PROP_N_ITEMS)
    g_value_set_uint (value, list->ids->len);
  else if (property == PROP_LOADING)
    g_value_set_boolean (value, list->searching);
  else
    g_value_set_string (value, list->error);
}

static void
limn_picture_list_dispose (GObject *object)
{
  LimnPictureList *list = LIMN_PICTURE_LIST (object);
  GHashTableIter   iter;
  gpointer         item;

  g_cancellable_cancel (list->cancellable);
  g_clear_signal_handler (&list->handler, list->library);
  g_clear_handle_id (&list->reading, g_source_remove);
  g_hash_table_iter_init (&iter, list->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    g_object_weak_unref (item, forget_item, list);
  g_hash_table_remove_all (list->items);
  g_queue_clear_full (&list->recent, g_object_unref);
  g_clear_object (&list->library);
  G_OBJECT_CLASS (limn_picture_list_parent_class)->dispose (object);
}

static void
limn_picture_list_finalize (GObject *object)
{
  LimnPictureList *list = LIMN_PICTURE_LIST (object);

  g_clear_object (&list->cancellable);
  g_hash_table_unref (list->items);
  g_array_unref (list->wanted);
  g_array_unref (list->ids);
  g_free (list->query);
  g_free (list->error);
  G_OBJECT_CLASS (limn_picture_list_parent_class)->finalize (object);
}

static void
limn_picture_list_class_init (LimnPictureListClass *class)
{
  GObjectClass *object = G_OBJECT_CLASS (class);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object->get_property = limn_picture_list_get_property;
  object->dispose = limn_picture_list_dispose;
  object->finalize = limn_picture_list_finalize;
  g_object_class_install_property (object, PROP_N_ITEMS, g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags));
  g_object_class_install_property (object, PROP_LOADING, g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags));
  g_object_class_install_property (object, PROP_ERROR, g_param_spec_string ("error", NULL, NULL, NULL, flags));
}

static void
limn_picture_list_init (LimnPictureList *list)
{
  list->cancellable = g_cancellable_new ();
  list->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  list->items = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  list->wanted = g_array_new (FALSE, FALSE, sizeof (gint64));
  list->wanted_page = G_MAXUINT;
  g_queue_init (&list->recent);
}
