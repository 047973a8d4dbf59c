/* Tests the library: adding, facts, edits, history, names, copies.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/library-test.h"

#include <string.h>

#include "app/library/care.h"
#include "app/library/connection.h"
#include "app/library/hash.h"
#include "app/library/thumbnail.h"

#define ADD(path, func) g_test_add (path, LibraryPlace, NULL, library_set_up, func, library_tear_down)

/* FIPS 180-4's way around block borders, both ways of computing it. */
static void
test_hash (void)
{
  for (int size = 0; size < 200; size++)
    {
      g_autofree guint8 *data = g_malloc (size + 1);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GBytes) fast = NULL;
      g_autoptr (GBytes) slow = NULL;

      for (int i = 0; i < size; i++)
        data[i] = 7 * i + size;
      bytes = g_bytes_new (data, size);
      fast = limn_hash (bytes);
      slow = limn_hash_portable (bytes);
      g_assert_true (g_bytes_equal (fast, slow));
    }
}

static void
assert_thumbnail (GBytes *bytes,
                  int     width,
                  int     height)
{
  g_autoptr (LimnPicture) picture = limn_picture_read (bytes, "thumbnail", LIMN_PICTURE_RASTER, NULL);

  g_assert_cmpstr (picture->format, ==, "JPEG");
  g_assert_cmpint (picture->width, ==, width);
  g_assert_cmpint (picture->height, ==, height);
}

/* A ramp stays a ramp: no shift, no darker edge. */
static void
test_thumbnail (void)
{
  g_autoptr (LimnArray) ramp = limn_array_new ((LimnShape){ 1, 300, 1024, 3 });
  g_autoptr (LimnRaster) raster = NULL;
  g_autoptr (LimnRaster) small = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LimnPicture) picture = NULL;

  for (int y = 0; y < 300; y++)
    for (int x = 0; x < 1024; x++)
      for (int c = 0; c < 3; c++)
        ramp->data[(y * 1024 + x) * 3 + c] = x / 1023.0f;

  raster = limn_raster_from_array (ramp, 1);
  small = limn_thumbnail_scale (raster, LIMN_THUMBNAIL_SMALL);
  bytes = limn_thumbnail_pack (small, NULL);
  assert_thumbnail (bytes, 256, 75);
  picture = limn_picture_read (bytes, "thumbnail", LIMN_PICTURE_RASTER, NULL);
  for (int x = 0; x < 256; x++)
    g_assert_cmpfloat_with_epsilon (small->data[(40 * 256 + x) * 3 + 1], (x * 4 + 1.5) / 1023 * 255, 0.7);
  for (int x = 0; x < 256; x += 15)
    g_assert_cmpfloat_with_epsilon (picture->raster->data[(40 * 256 + x) * 3 + 1], (x * 4 + 1.5) / 1023 * 255, 4);
}

static void
test_add (LibraryPlace *place,
          gconstpointer data)
{
  g_autoptr (GBytes) png = library_make_png (7, 600, 300, "a red apple, <lora:ink:0.5>");
  g_autoptr (LimnIncoming) incoming = limn_incoming_new (png, "/some/where/apple.png", NULL);
  g_autoptr (LimnFacts) facts = NULL;
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GBytes) small = NULL;
  g_autoptr (GBytes) large = NULL;
  LimnAdded added;

  g_assert_true (limn_library_add (place->library, &incoming, 1, &added, NULL));
  g_assert_false (added.known);
  facts = limn_library_facts (place->library, added.id, NULL);
  g_assert_cmpint (facts->width, ==, 600);
  g_assert_cmpint (facts->height, ==, 300);
  g_assert_cmpstr (facts->name, ==, "apple.png");
  g_assert_cmpstr (facts->prompt, ==, "a red apple, <lora:ink:0.5>");
  g_assert_cmpint (facts->seed, ==, 7);
  g_assert_cmpint (facts->steps, ==, -1);
  g_assert_cmpstr (facts->loras[0], ==, "ink");

  back = limn_library_bytes (place->library, added.id, NULL);
  g_assert_true (g_bytes_equal (back, png));
  small = limn_library_thumbnail (place->library, added.id, LIMN_THUMBNAIL_SMALL, NULL);
  assert_thumbnail (small, 256, 128);
  large = limn_library_thumbnail (place->library, added.id, LIMN_THUMBNAIL_LARGE, NULL);
  assert_thumbnail (large, 512, 256);
  g_assert_cmpint (library_check (place->library), ==, 1);
}

static void
test_duplicate (LibraryPlace *place,
                gconstpointer data)
{
  gint64 first = library_add (place->library, 1, "one");

  g_assert_cmpint (library_add (place->library, 1, "one"), ==, first);
  g_assert_cmpint (library_check (place->library), ==, 1);
}

static void
test_no_picture (LibraryPlace *place,
                 gconstpointer data)
{
  g_autoptr (GBytes) png = library_make_png (1, 64, 64, NULL);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (png, 0, g_bytes_get_size (png) / 2);
  g_autoptr (GError) error = NULL;

  g_assert_null (limn_incoming_new (cut, "cut.png", &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT);
}

/* One that cannot be added takes the others of its call back with it. */
static void
test_together (LibraryPlace *place,
               gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) a = library_make_png (1, 8, 8, "a");
  g_autoptr (GBytes) b = library_make_png (2, 8, 8, "b");
  g_autoptr (LimnIncoming) first = limn_incoming_new (a, NULL, NULL);
  g_autoptr (LimnIncoming) second = limn_incoming_new (b, NULL, NULL);

  second->job = 99;
  g_assert_false (limn_library_add (place->library, (LimnIncoming *[]){ first, second }, 2, NULL, &error));
  g_assert_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_STATE);
  g_assert_cmpint (library_check (place->library), ==, 0);
}

static gboolean
insert_job (LimnDatabase *database,
            gpointer      data,
            GError      **error)
{
  return limn_database_run (database, error,
                            "INSERT INTO jobs (state, position, created, request, steps, latent) VALUES ('running', 1, 1, '{}', 20, x'01')", "");
}

static gboolean
ask_job (LimnDatabase *database,
         gpointer      data,
         GError      **error)
{
  return limn_database_text (database, data, error,
                             "SELECT state || ' ' || result || ' ' || step || ' ' || (latent IS NULL) FROM jobs WHERE id = 1", "");
}

static void
test_job (LibraryPlace *place,
          gconstpointer data)
{
  g_autoptr (GBytes) png = library_make_png (3, 8, 8, "job");
  g_autoptr (LimnIncoming) incoming = limn_incoming_new (png, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *state = NULL;

  g_assert_true (limn_library_write (place->library, insert_job, NULL, NULL));
  incoming->job = 1;
  g_assert_true (limn_library_add (place->library, &incoming, 1, NULL, NULL));
  g_assert_true (limn_library_read (place->library, ask_job, &state, NULL));
  g_assert_cmpstr (state, ==, "done 1 20 1");

  g_assert_false (limn_library_add (place->library, &incoming, 1, NULL, &error));
  g_assert_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_STATE);
}

static void
test_history (LibraryPlace *place,
              gconstpointer data)
{
  gint64 parent = library_add (place->library, 1, "parent");
  g_autoptr (GBytes) png = library_make_png (2, 8, 8, "child");
  g_autoptr (LimnIncoming) child = limn_incoming_new (png, NULL, NULL);
  g_autoptr (LimnFacts) of_parent = NULL;
  g_autoptr (LimnFacts) of_child = NULL;
  LimnAdded added;

  limn_incoming_add_parent (child, parent, "image");
  limn_incoming_add_parent (child, parent, "mask");
  g_assert_true (limn_library_add (place->library, &child, 1, &added, NULL));

  of_parent = limn_library_facts (place->library, parent, NULL);
  of_child = limn_library_facts (place->library, added.id, NULL);
  g_assert_cmpint (of_parent->children->len, ==, 1);
  g_assert_cmpint (g_array_index (of_parent->children, gint64, 0), ==, added.id);
  g_assert_cmpint (of_child->parents->len, ==, 1);
  g_assert_cmpint (g_array_index (of_child->parents, gint64, 0), ==, parent);
}

static void
test_edit (LibraryPlace *place,
           gconstpointer data)
{
  gint64 id = library_add (place->library, 1, "edited");
  g_autoptr (LimnFacts) facts = NULL;
  g_autofree char *found = NULL;

  library_edit (place->library, LIMN_EDIT_RATE, 4, NULL, id);
  library_edit (place->library, LIMN_EDIT_STAR, 1, NULL, id);
  library_edit (place->library, LIMN_EDIT_TAG, 0, "Sea", id);
  library_edit (place->library, LIMN_EDIT_TAG, 0, "sea", id);
  library_edit (place->library, LIMN_EDIT_TAG, 0, "blau", id);
  library_edit (place->library, LIMN_EDIT_ALBUM_ADD, 0, "summer", id);
  library_reopen (place);

  facts = limn_library_facts (place->library, id, NULL);
  g_assert_cmpint (facts->rating, ==, 4);
  g_assert_true (facts->starred);
  g_assert_cmpint (g_strv_length (facts->tags), ==, 2);
  g_assert_cmpstr (facts->tags[1], ==, "Sea");
  g_assert_cmpstr (facts->albums[0], ==, "summer");
  found = library_find (place->library, "blau", "created");
  g_assert_cmpstr (found, ==, "1");
}

static void
test_untag (LibraryPlace *place,
            gconstpointer data)
{
  gint64           id = library_add (place->library, 1, "edited");
  g_autofree char *found = NULL;
  g_autoptr (GPtrArray) tags = NULL;

  library_edit (place->library, LIMN_EDIT_TAG, 0, "wrong", id);
  library_edit (place->library, LIMN_EDIT_UNTAG, 0, "wrong", id);
  tags = limn_library_names (place->library, LIMN_NAMES_TAGS, NULL);
  g_assert_cmpint (tags->len, ==, 0);
  found = library_find (place->library, "wrong", "created");
  g_assert_cmpstr (found, ==, "");
}

/* All or none: the second is not there. */
static void
test_edit_missing (LibraryPlace *place,
                   gconstpointer data)
{
  gint64   ids[] = { library_add (place->library, 1, "x"), 77 };
  LimnEdit edit = { LIMN_EDIT_RATE, 5, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnFacts) facts = NULL;

  g_assert_false (limn_library_edit (place->library, &edit, ids, 2, &error));
  g_assert_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_NOT_FOUND);
  facts = limn_library_facts (place->library, ids[0], NULL);
  g_assert_cmpint (facts->rating, ==, 0);
}

static void
test_trash (LibraryPlace *place,
            gconstpointer data)
{
  gint64           gone = library_add (place->library, 1, "rubbish 垃圾桶");
  gint64           kept = library_add (place->library, 2, "treasure");
  g_autofree char *before = NULL, *trashed = NULL, *restored = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize removed;

  library_edit (place->library, LIMN_EDIT_TRASH, 0, NULL, gone);
  before = library_find (place->library, "", "created");
  trashed = library_find (place->library, "is:trashed", "created");
  g_assert_cmpstr (before, ==, "2");
  g_assert_cmpstr (trashed, ==, "1");
  library_edit (place->library, LIMN_EDIT_RESTORE, 0, NULL, gone);
  restored = library_find (place->library, "", "created");
  g_assert_cmpstr (restored, ==, "1 2");

  library_edit (place->library, LIMN_EDIT_TRASH, 0, NULL, gone);
  g_assert_true (limn_library_empty_trash (place->library, &removed, NULL));
  g_assert_cmpint (removed, ==, 1);
  g_assert_null (limn_library_bytes (place->library, gone, &error));
  g_assert_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_NOT_FOUND);
  g_assert_cmpint (library_check (place->library), ==, 1);
  g_assert_cmpint (library_add (place->library, 3, "next"), >, kept); /* a number means one picture for ever */
}

static void
test_album_order (LibraryPlace *place,
                  gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL, *last = NULL;

  for (int i = 1; i <= 3; i++)
    library_edit (place->library, LIMN_EDIT_ALBUM_ADD, 0, "a", library_add (place->library, i, "p"));
  before = library_find (place->library, "album:a", "album");
  g_assert_true (limn_library_move_in_album (place->library, "A", 3, 1, NULL));
  after = library_find (place->library, "album:a", "album");
  g_assert_true (limn_library_move_in_album (place->library, "a", 3, 0, NULL));
  last = library_find (place->library, "album:a", "album");
  g_assert_cmpstr (before, ==, "1 2 3");
  g_assert_cmpstr (after, ==, "3 1 2");
  g_assert_cmpstr (last, ==, "1 2 3");
}

static void
test_names (LibraryPlace *place,
            gconstpointer data)
{
  g_autoptr (GPtrArray) albums = NULL;
  g_autoptr (GPtrArray) searches = NULL;
  g_autoptr (GError) error = NULL;

  library_edit (place->library, LIMN_EDIT_ALBUM_ADD, 0, "old", library_add (place->library, 1, "p"));
  g_assert_true (limn_library_rename_album (place->library, "old", "new", NULL));
  albums = limn_library_names (place->library, LIMN_NAMES_ALBUMS, NULL);
  g_assert_cmpstr (((LimnName *) albums->pdata[0])->name, ==, "new");
  g_assert_cmpint (((LimnName *) albums->pdata[0])->count, ==, 1);
  g_assert_false (limn_library_remove_album (place->library, "old", &error));
  g_assert_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_NOT_FOUND);
  g_assert_true (limn_library_remove_album (place->library, "new", NULL));

  g_assert_true (limn_library_save_search (place->library, "best", "rating:4", NULL));
  g_assert_true (limn_library_save_search (place->library, "best", "rating:5", NULL));
  searches = limn_library_saved_searches (place->library, NULL);
  g_assert_cmpint (searches->len, ==, 1);
  g_assert_cmpstr (((LimnSavedSearch *) searches->pdata[0])->query, ==, "rating:5");
  g_assert_true (limn_library_save_search (place->library, "best", NULL, NULL));
  g_assert_cmpint (library_check (place->library), ==, 1);
}

typedef struct
{
  LimnLibrary *library;
  int          stop;
} Adding;

static gpointer
keep_adding (gpointer data)
{
  Adding *adding = data;

  for (int i = 1000; !g_atomic_int_get (&adding->stop); i++)
    library_add (adding->library, i, "meanwhile");
  return NULL;
}

/* The copy is sound although pictures come in all the time. */
static void
test_backup (LibraryPlace *place,
             gconstpointer data)
{
  Adding           adding = { place->library, 0 };
  g_autofree char *path = g_build_filename (place->folder, "copy.limn", NULL);
  g_autoptr (GThread) thread = NULL;
  g_autoptr (LimnLibrary) copy = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 1; i <= 20; i++)
    library_add (place->library, i, "before");
  thread = g_thread_new ("adding", keep_adding, &adding);
  for (int i = 0; i < 5; i++)
    limn_library_backup (place->library, path, NULL, &error);
  g_atomic_int_set (&adding.stop, 1);
  g_thread_join (g_steal_pointer (&thread));

  g_assert_no_error (error);
  copy = limn_library_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (library_check (copy), >=, 20);
}

static void
count_line (const char *line,
            gpointer    data)
{
  ++*(int *) data;
}

static gboolean
spoil (LimnDatabase *database,
       gpointer      data,
       GError      **error)
{
  return limn_database_script (database, "UPDATE blobs SET bytes = substr (bytes, 1, 40) WHERE picture = 1; DELETE FROM thumbnails WHERE picture = 2",
                               error);
}

/* A check that says yes to everything would be none. */
static void
test_check_finds (LibraryPlace *place,
                  gconstpointer data)
{
  gint64 checked;
  int    wrong = 0;

  for (int i = 1; i <= 3; i++)
    library_add (place->library, i, "p");
  g_assert_true (limn_library_write (place->library, spoil, NULL, NULL));
  g_assert_true (limn_library_check (place->library, count_line, &wrong, &checked, NULL, NULL));
  g_assert_cmpint (checked, ==, 3);
  g_assert_cmpint (wrong, ==, 3); /* hash, decoding, thumbnail */
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/library/hash", test_hash);
  g_test_add_func ("/library/thumbnail", test_thumbnail);
  ADD ("/library/add", test_add);
  ADD ("/library/duplicate", test_duplicate);
  ADD ("/library/no-picture", test_no_picture);
  ADD ("/library/together", test_together);
  ADD ("/library/job", test_job);
  ADD ("/library/history", test_history);
  ADD ("/library/edit", test_edit);
  ADD ("/library/untag", test_untag);
  ADD ("/library/edit-missing", test_edit_missing);
  ADD ("/library/trash", test_trash);
  ADD ("/library/album-order", test_album_order);
  ADD ("/library/names", test_names);
  ADD ("/library/backup", test_backup);
  ADD ("/library/check-finds", test_check_finds);
  return g_test_run ();
}
