/* Tests the list of pictures: lazy, sorted, following the library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/library-test.h"

#include "app/library/async.h"
#include "app/library/picture-list.h"

#define ADD(path, func) g_test_add (path, LibraryPlace, NULL, library_set_up, func, library_tear_down)
#define SECONDS 20

static gboolean
set_flag (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_CONTINUE;
}

typedef gboolean (*Condition) (LimnPictureList *list,
                               gpointer         data);

static void
wait_until (LimnPictureList *list,
            Condition        condition,
            gpointer         data)
{
  gboolean late = FALSE;
  guint    source = g_timeout_add_seconds (SECONDS, set_flag, &late);

  while (!condition (list, data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  g_assert_false (late);
}

static gboolean
has_items (LimnPictureList *list,
           gpointer         data)
{
  return !limn_picture_list_loading (list) && g_list_model_get_n_items (G_LIST_MODEL (list)) == GPOINTER_TO_UINT (data);
}

static gboolean
is_loaded (LimnPictureList *list,
           gpointer         data)
{
  return limn_picture_item_facts (data) != NULL;
}

static gboolean
has_error (LimnPictureList *list,
           gpointer         data)
{
  return limn_picture_list_error (list) != NULL;
}

static gboolean
has_rating (LimnPictureList *list,
            gpointer         data)
{
  return limn_picture_item_facts (data)->rating == 5;
}

static LimnPictureList *
make_list (LibraryPlace *place,
           const char   *query,
           guint         n)
{
  LimnPictureList *list = limn_picture_list_new (place->library, query, LIMN_ORDER_NEWEST);

  g_assert_cmpint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0); /* nothing waits */
  wait_until (list, has_items, GUINT_TO_POINTER (n));
  return list;
}

static void
test_lazy (LibraryPlace *place,
           gconstpointer data)
{
  g_autoptr (LimnPictureList) list = NULL;
  g_autoptr (LimnPictureItem) item = NULL;
  g_autoptr (LimnPictureItem) same = NULL;
  g_autoptr (LimnPictureItem) neighbour = NULL;

  for (int i = 1; i <= 150; i++)
    library_add (place->library, i, "listed");
  list = make_list (place, "listed", 150);

  item = g_list_model_get_item (G_LIST_MODEL (list), 149);
  g_assert_cmpint (limn_picture_item_id (item), ==, 1);
  g_assert_null (limn_picture_item_facts (item));
  wait_until (list, is_loaded, item);
  g_assert_cmpstr (limn_picture_item_facts (item)->prompt, ==, "listed");
  same = g_list_model_get_item (G_LIST_MODEL (list), 149);
  g_assert_true (same == item);
  neighbour = g_list_model_get_item (G_LIST_MODEL (list), 148);
  g_assert_nonnull (limn_picture_item_facts (neighbour)); /* came with the page */
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 150));
}

typedef struct
{
  guint position, removed, added, times;
} Change;

static void
note_change (GListModel *model,
             guint       position,
             guint       removed,
             guint       added,
             gpointer    data)
{
  Change *change = data;

  *change = (Change){ position, removed, added, change->times + 1 };
}

/* One more picture moves nothing else. */
static void
test_follows (LibraryPlace *place,
              gconstpointer data)
{
  g_autoptr (LimnPictureList) list = NULL;
  g_autoptr (LimnPictureItem) item = NULL;
  Change change = { 0 };
  gint64 id;

  for (int i = 1; i <= 3; i++)
    library_add (place->library, i, "old");
  list = make_list (place, "", 3);
  g_signal_connect (list, "items-changed", G_CALLBACK (note_change), &change);

  id = library_add (place->library, 4, "new");
  wait_until (list, has_items, GUINT_TO_POINTER (4));
  g_assert_cmpint (change.position, ==, 0);
  g_assert_cmpint (change.removed, ==, 0);
  g_assert_cmpint (change.added, ==, 1);

  item = g_list_model_get_item (G_LIST_MODEL (list), 0);
  wait_until (list, is_loaded, item);
  library_edit (place->library, LIMN_EDIT_RATE, 5, NULL, id);
  wait_until (list, has_rating, item);

  library_edit (place->library, LIMN_EDIT_TRASH, 0, NULL, 2);
  wait_until (list, has_items, GUINT_TO_POINTER (3));
  g_assert_cmpint (change.position, ==, 2);
  g_assert_cmpint (change.removed, ==, 1);
  g_assert_cmpint (change.added, ==, 0);
  g_assert_cmpint (limn_picture_list_find (list, 3), ==, 1);
  g_assert_cmpint (limn_picture_list_find (list, 2), ==, G_MAXUINT);
}

/* While somebody is still typing, what was found stays. */
static void
test_wrong_query (LibraryPlace *place,
                  gconstpointer data)
{
  g_autoptr (LimnPictureList) list = NULL;

  library_add (place->library, 1, "p");
  list = make_list (place, "", 1);
  limn_picture_list_set_query (list, "rating:>", LIMN_ORDER_NEWEST);
  wait_until (list, has_error, NULL);
  g_assert_cmpint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  limn_picture_list_set_query (list, "rating:>0", LIMN_ORDER_NEWEST);
  wait_until (list, has_items, GUINT_TO_POINTER (0));
  g_assert_null (limn_picture_list_error (list));
}

static void
test_other_program (LibraryPlace *place,
                    gconstpointer data)
{
  g_autoptr (LimnPictureList) list = make_list (place, "", 0);
  g_autoptr (LimnLibrary) other = limn_library_open (place->path, NULL);

  limn_library_poll (place->library);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  library_add (other, 1, "by another program");
  limn_library_poll (place->library);
  wait_until (list, has_items, GUINT_TO_POINTER (1));
}

static void
keep_result (GObject      *object,
             GAsyncResult *result,
             gpointer      data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
has_result (LimnPictureList *list,
            gpointer         data)
{
  return *(GAsyncResult **) data != NULL;
}

static void
test_async (LibraryPlace *place,
            gconstpointer data)
{
  g_autoptr (GBytes) png = library_make_png (1, 8, 8, "later");
  g_autoptr (GBytes) wrong = g_bytes_new_static ("GIF89a", 6);
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) third = NULL;
  LimnAdded added;

  limn_library_add_async (place->library, png, "a.png", NULL, keep_result, &first);
  wait_until (NULL, has_result, &first);
  g_assert_true (limn_library_add_finish (place->library, first, &added, &error));
  limn_library_bytes_async (place->library, added.id, 0, NULL, keep_result, &second);
  wait_until (NULL, has_result, &second);
  back = limn_library_bytes_finish (place->library, second, &error);
  g_assert_true (g_bytes_equal (back, png));

  limn_library_add_async (place->library, wrong, "a.gif", NULL, keep_result, &third);
  wait_until (NULL, has_result, &third);
  g_assert_false (limn_library_add_finish (place->library, third, &added, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/library/list/lazy", test_lazy);
  ADD ("/library/list/follows", test_follows);
  ADD ("/library/list/wrong-query", test_wrong_query);
  ADD ("/library/list/other-program", test_other_program);
  ADD ("/library/list/async", test_async);
  return g_test_run ();
}
