/* Tests the query language: what it finds, and what it says of wrong queries.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/query-term.h"
#include "tests/app/library-test.h"

#include <string.h>

#include "app/library/connection.h"
#include "app/library/search.h"

/* Pictures 1 to 6, made a day after the other from 2026-05-01 on. */
static const struct
{
  const char *prompt, *negative, *model, *sampler, *name;
  gint64      seed;
  int         width, height, rating;
} pictures[] = {
  { "an ocean at dawn, oil painting", "draft", "sd15-pruned", "euler_a", "b.png", 42, 512, 768, 5 },
  { "ocean waves, a draft", NULL, "sd15-pruned", "ddim", "a.png", 43, 512, 512, 3 },
  { "Überfluß of exact words", NULL, "sdxl_base", "euler_a", NULL, G_MAXINT64, 1024, 1024, 0 },
  { "一只可爱的猫在海边", NULL, NULL, NULL, "C.png", 42, 768, 512, 0 },
  { "words exact \"quoted\" 100% <lora:ink:1>", NULL, "100%_real", NULL, NULL, -1, 64, 64, 1 },
  { NULL, NULL, NULL, NULL, "sun_set-猫.png", -1, 64, 65, 0 },
};

static void
fill (LibraryPlace *place,
      gconstpointer data)
{
  g_autoptr (GDateTime) first = NULL;

  library_set_up (place, data);
  first = g_date_time_new_local (2026, 5, 1, 12, 0, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      g_autoptr (GBytes) png = library_make_png (i, 8, 8, pictures[i].prompt);
      g_autoptr (LimnIncoming) incoming = limn_incoming_new (png, pictures[i].name, NULL);
      LimnAdded added;

      incoming->created = (g_date_time_to_unix (first) + (gint64) i * 86400) * G_USEC_PER_SEC;
      incoming->width = pictures[i].width;
      incoming->height = pictures[i].height;
      incoming->request.seed = pictures[i].seed;
      incoming->request.negative = g_strdup (pictures[i].negative);
      incoming->request.model = g_strdup (pictures[i].model);
      incoming->request.sampler = g_strdup (pictures[i].sampler);
      incoming->has_mask = i == 1;
      g_assert_true (limn_library_add (place->library, &incoming, 1, &added, NULL));
      library_edit (place->library, LIMN_EDIT_RATE, pictures[i].rating, NULL, added.id);
    }
  library_edit (place->library, LIMN_EDIT_TAG, 0, "Sea side", 1);
  library_edit (place->library, LIMN_EDIT_TAG, 0, "海", 2);
  library_edit (place->library, LIMN_EDIT_STAR, 1, NULL, 4);
  library_edit (place->library, LIMN_EDIT_ALBUM_ADD, 0, "Best of", 3);
}

static const struct
{
  const char *query, *found;
} finds[] = {
  { "", "1 2 3 4 5 6" },
  { "ocean", "1 2" },
  { "OCE", "1 2" },
  { "cean", "" },
  { "ocean -draft", "1" },
  { "-ocean", "3 4 5 6" },
  { "-ocean -words", "4 6" },
  { "uberfluß", "3" },
  { "\"exact words\"", "3" },
  { "\"words exact\"", "5" },
  { "\"exact word\"", "" },
  { "\"\\\"quoted\\\"\"", "5" },
  { "sea", "1" },
  { "set", "6" },
  { "猫", "4 6" },
  { "可爱", "4" },
  { "可爱的猫", "4" },
  { "海边", "4" },
  { "海", "2 4" },
  { "-猫", "1 2 3 5" },
  { "model:sd15", "1 2" },
  { "model:SDXL", "3" },
  { "model:100%", "5" },
  { "model:_", "3 5" },
  { "-model:sd15", "3 4 5 6" },
  { "lora:ink", "5" },
  { "-lora:ink", "1 2 3 4 6" },
  { "tag:\"sea SIDE\"", "1" },
  { "tag:sea", "" },
  { "album:\"best of\"", "3" },
  { "sampler:euler_a", "1 3" },
  { "sampler:\"Euler a\"", "1 3" },
  { "seed:42", "1 4" },
  { "seed:9223372036854775807", "3" },
  { "-seed:42", "2 3 5 6" },
  { "rating:>=3", "1 2" },
  { "rating:<3", "3 4 5 6" },
  { "rating:1..3", "2 5" },
  { "size:512x768", "1" },
  { "size:>=512x512", "1 2 3 4" },
  { "width:64 height:>64", "6" },
  { "before:2026-05-03", "1 2" },
  { "after:2026-05-05", "5 6" },
  { "on:2026-05-02", "2" },
  { "on:2026", "1 2 3 4 5 6" },
  { "after:2026-05-02 before:2026-05-04", "2 3" },
  { "has:mask", "2" },
  { "has:prompt", "1 2 3 4 5" },
  { "has:tag", "1 2" },
  { "is:starred", "4" },
  { "-is:starred rating:0", "3 6" },
  { "negative:draft", "1" },
  { "name:.PNG", "1 2 4 6" },
  { "id:2..3", "2 3" },
  { "ocean model:sd15 seed:42 rating:>=3 before:2026-06 -draft size:512x768", "1" },
  { "words AND NOT NEAR", "" },
  { "\"words\" exact", "3 5" },
};

static void
test_finds (LibraryPlace *place,
            gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (finds); i++)
    {
      g_autofree char *found = library_find (place->library, finds[i].query, "created");

      g_test_message ("%s", finds[i].query);
      g_assert_cmpstr (found, ==, finds[i].found);
    }
}

static void
test_orders (LibraryPlace *place,
             gconstpointer data)
{
  static const struct
  {
    const char *order, *found;
  } orders[] = {
    { "-created", "6 5 4 3 2 1" },
    { "rating", "3 4 6 5 2 1" },
    { "-rating", "1 2 5 6 4 3" },
    { "size", "5 6 2 1 4 3" },
    { "-size", "3 4 1 2 6 5" },
    { "name", "2 1 4 6 3 5" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *found = library_find (place->library, "", orders[i].order);

      g_assert_cmpstr (found, ==, orders[i].found);
    }
}

static void
test_wrong (LibraryPlace *place,
            gconstpointer data)
{
  static const struct
  {
    const char *query;
    gsize       position;
  } wrong[] = {
    { "foo:bar", 0 },
    { "海 foo:bar", 2 },
    { "a \"b", 2 },
    { "a model:", 2 },
    { "\"\"", 0 },
    { "seed:x", 0 },
    { "seed:1..", 0 },
    { "rating:>=", 0 },
    { "size:512", 0 },
    { "before:yesterday", 0 },
    { "before:2026-13", 0 },
    { "before:2026-02-30", 0 },
    { "before:2026-02-", 0 },
    { "has:wings", 0 },
    { "is:good", 0 },
    { "a ---", 2 },
    { "\xff", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize position = 99;

      g_test_message ("%s", wrong[i].query);
      g_assert_null (limn_query_parse (wrong[i].query, LIMN_ORDER_NEWEST, &position, &error));
      g_assert_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_QUERY);
      g_assert_cmpint (position, ==, wrong[i].position);
    }
}

/* Whatever is typed, SQLite never sees it as SQL: it is found, or it is a wrong query. */
static void
test_anything (LibraryPlace *place,
               gconstpointer data)
{
  static const char *const pieces[] = { "a", "'", "\"", "-", ":", "model", "seed", "*", "(", ")", "猫", "%", ";", "--", " ", ">=", "..", "\\", "^", "NOT", "1", "{", "\n" };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (int i = 0; i < 5000; i++)
    {
      g_autoptr (GString) query = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) ids = NULL;

      for (int n = g_rand_int_range (random, 1, 12); n > 0; n--)
        g_string_append (query, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
      ids = limn_library_search (place->library, query->str, LIMN_ORDER_NEWEST, &error);
      if (ids == NULL)
        g_assert_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_QUERY);
    }
}

static void
test_long (LibraryPlace *place,
           gconstpointer data)
{
  g_autofree char *word = g_strnfill (100000, 'a');
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *found = library_find (place->library, word, "created");

  for (int i = 0; i < 1000; i++)
    g_string_append (many, "-seed:1 ");
  g_assert_cmpstr (found, ==, "");
  g_assert_null (limn_library_search (place->library, many->str, LIMN_ORDER_NEWEST, &error));
  g_assert_error (error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_QUERY);
}

static void
assert_term (const char *text,
             const char *key,
             const char *value,
             const char *expected)
{
  g_autofree char *changed = limn_query_set_term (text, key, value);

  g_assert_cmpstr (changed, ==, expected);
}

static void
test_set_term (void)
{
  g_autofree char *term = limn_query_term_format ("album", "a \"b\" \\");

  g_assert_cmpstr (term, ==, "album:\"a \\\"b\\\" \\\\\"");
  assert_term ("", "model", "model:\"sd\"", "model:\"sd\"");
  assert_term ("sea model:x -draft \"two words\"", "model", "model:\"sd 15\"", "sea -draft \"two words\" model:\"sd 15\"");
  assert_term ("-model:x rating:>=3", "rating", NULL, "-model:x");
  assert_term ("a \"b", "rating", "rating:5", "a \"b");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/library/query/finds", LibraryPlace, NULL, fill, test_finds, library_tear_down);
  g_test_add ("/library/query/orders", LibraryPlace, NULL, fill, test_orders, library_tear_down);
  g_test_add ("/library/query/wrong", LibraryPlace, NULL, fill, test_wrong, library_tear_down);
  g_test_add ("/library/query/anything", LibraryPlace, NULL, fill, test_anything, library_tear_down);
  g_test_add ("/library/query/long", LibraryPlace, NULL, fill, test_long, library_tear_down);
  g_test_add_func ("/library-query/set-term", test_set_term);
  return g_test_run ();
}
