/* Tests limn library: what it prints, its exit codes, its errors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/app/program-test.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "app/metadata.h"

#define ADD(path, func) g_test_add (path, ProgramPlace, NULL, set_up, func, program_tear_down)

/* Two pictures beside the library: "a red apple" and "ein Haus". */
static void
set_up (ProgramPlace *place,
        gconstpointer data)
{
  static const char *const prompts[] = { "a red apple", "ein Haus" };

  program_set_up (place, data);
  g_setenv ("LIMN_DATA_DIR", place->folder, TRUE);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, 16, 24, 3 });
      g_auto (LimnRequest) request = { 0 };
      g_autoptr (GPtrArray) texts = NULL;
      g_autofree char *path = g_strdup_printf ("%s/in/%d.png", place->folder, i + 1);
      g_autofree char *folder = g_path_get_dirname (path);

      limn_request_init (&request);
      request.prompt = g_strdup (prompts[i]);
      request.seed = 40 + i;
      texts = limn_metadata_texts (&request);
      g_mkdir_with_parents (folder, 0700);
      g_assert_true (limn_picture_file_write (path, pixels, texts, TRUE, NULL));
    }
}

static void
assert_done (const ProgramRan *ran)
{
  g_assert_cmpstr (ran->err, ==, "");
  g_assert_cmpint (ran->code, ==, 0);
}

static void
import (ProgramPlace *place)
{
  g_auto (ProgramRan) ran = PROGRAM_RUN (place, "library", "import", "in");

  assert_done (&ran);
  g_assert_cmpstr (ran.out, ==, "2 added, 0 known already\n");
}

static JsonArray *
parse_array (JsonParser *parser,
             const char *text)
{
  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  return json_node_get_array (json_parser_get_root (parser));
}

static void
test_json (ProgramPlace *place,
           gconstpointer data)
{
  static const char *const keys[] = { "id", "created", "width", "height", "prompt", "negative_prompt", "seed", "model", "rating", "tags", "parents" };
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_auto (ProgramRan) empty = PROGRAM_RUN (place, "library", "list", "--json");
  JsonArray  *array;
  JsonObject *object;

  assert_done (&empty);
  g_assert_cmpint (json_array_get_length (parse_array (parser, empty.out)), ==, 0);

  import (place);
  {
    g_auto (ProgramRan) ran = PROGRAM_RUN (place, "library", "search", "apple", "seed:40", "--json");

    assert_done (&ran);
    array = parse_array (parser, ran.out);
    g_assert_cmpint (json_array_get_length (array), ==, 1);
    object = json_array_get_object_element (array, 0);
    for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
      g_assert_true (json_object_has_member (object, keys[i]));
    g_assert_cmpstr (json_object_get_string_member (object, "prompt"), ==, "a red apple");
    g_assert_cmpint (json_object_get_int_member (object, "width"), ==, 24);
  }
}

static void
test_marks (ProgramPlace *place,
            gconstpointer data)
{
  import (place);
  {
    g_auto (ProgramRan) tag = PROGRAM_RUN (place, "library", "tag", "1-2", "fruit", "two words");
    g_auto (ProgramRan) untag = PROGRAM_RUN (place, "library", "tag", "2", "fruit", "--remove");
    g_auto (ProgramRan) rate = PROGRAM_RUN (place, "library", "rate", "1", "4");
    g_auto (ProgramRan) found = PROGRAM_RUN (place, "library", "search", "tag:fruit", "rating:>3");
    g_auto (ProgramRan) show = PROGRAM_RUN (place, "library", "show", "1");

    assert_done (&tag);
    assert_done (&untag);
    assert_done (&rate);
    g_assert_nonnull (strstr (found.out, "****"));
    g_assert_nonnull (strstr (found.out, "apple"));
    g_assert_null (strstr (found.out, "Haus"));
    g_assert_nonnull (strstr (show.out, "tags        fruit, two words\n"));
  }
}

/* "-haus" is no option, though "-h" is one. */
static void
test_not (ProgramPlace *place,
          gconstpointer data)
{
  import (place);
  {
    g_auto (ProgramRan) without = PROGRAM_RUN (place, "library", "search", "-haus", "--limit", "5");
    g_auto (ProgramRan) after = PROGRAM_RUN (place, "library", "search", "--", "-apple");

    assert_done (&without);
    assert_done (&after);
    g_assert_nonnull (strstr (without.out, "apple"));
    g_assert_null (strstr (without.out, "Haus"));
    g_assert_nonnull (strstr (after.out, "Haus"));
    g_assert_null (strstr (after.out, "apple"));
  }
}

static void
test_trash (ProgramPlace *place,
            gconstpointer data)
{
  import (place);
  {
    g_auto (ProgramRan) trash = PROGRAM_RUN (place, "library", "trash", "1");
    g_auto (ProgramRan) left = PROGRAM_RUN (place, "library", "list");
    g_auto (ProgramRan) restore = PROGRAM_RUN (place, "library", "restore", "1");
    g_auto (ProgramRan) again = PROGRAM_RUN (place, "library", "search", "apple");
    g_auto (ProgramRan) both = PROGRAM_RUN (place, "library", "trash", "1", "2");
    g_auto (ProgramRan) empty = PROGRAM_RUN (place, "library", "trash", "--empty");
    g_auto (ProgramRan) stats = PROGRAM_RUN (place, "library", "stats", "--json");

    assert_done (&trash);
    assert_done (&restore);
    assert_done (&both);
    assert_done (&empty);
    g_assert_null (strstr (left.out, "apple"));
    g_assert_nonnull (strstr (again.out, "apple"));
    g_assert_nonnull (strstr (stats.out, "\"pictures\": 0"));
  }
}

/* Byte for byte; a file that is there is not replaced in a folder. */
static void
test_export (ProgramPlace *place,
             gconstpointer data)
{
  g_autofree char *from = g_build_filename (place->folder, "in", "1.png", NULL);
  g_autofree char *to = g_build_filename (place->folder, "1-1.png", NULL);
  g_autofree char *a = NULL, *b = NULL;
  gsize            n, m;

  import (place);
  {
    g_auto (ProgramRan) first = PROGRAM_RUN (place, "library", "export", "1", "-o", "FOLDER");
    g_auto (ProgramRan) second = PROGRAM_RUN (place, "library", "export", "1", "-o", "FOLDER");
    g_auto (ProgramRan) several = PROGRAM_RUN (place, "library", "export", "1,2", "-o", "one.png");

    assert_done (&first);
    assert_done (&second);
    program_assert_failed (&several, 2, "is no folder");
  }
  g_assert_true (g_file_get_contents (from, &a, &n, NULL));
  g_assert_true (g_file_get_contents (to, &b, &m, NULL));
  g_assert_cmpmem (a, n, b, m);
}

static void
test_care (ProgramPlace *place,
           gconstpointer data)
{
  import (place);
  {
    g_auto (ProgramRan) check = PROGRAM_RUN (place, "library", "check");
    g_auto (ProgramRan) backup = PROGRAM_RUN (place, "library", "backup", "copy.limn");
    g_auto (ProgramRan) itself = PROGRAM_RUN (place, "library", "backup", "library.limn");

    assert_done (&check);
    g_assert_cmpstr (check.out, ==, "2 pictures looked at\n");
    assert_done (&backup);
    program_assert_failed (&itself, 1, "is the library itself");
  }
}

static void
test_damaged (ProgramPlace *place,
              gconstpointer data)
{
  g_autofree char *path = g_build_filename (place->folder, "library.limn", NULL);
  g_autofree char *contents = NULL;
  gsize            size;

  import (place);
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_true (g_file_set_contents (path, contents, size - 100000, NULL));
  {
    g_auto (ProgramRan) check = PROGRAM_RUN (place, "library", "check");
    g_auto (ProgramRan) salvage = PROGRAM_RUN (place, "library", "check", "--salvage");
    g_auto (ProgramRan) again = PROGRAM_RUN (place, "library", "check");

    program_assert_failed (&check, 1, "is damaged");
    g_assert_cmpint (salvage.code, ==, 0);
    g_assert_nonnull (strstr (salvage.out, "the damaged library is kept as"));
    assert_done (&again);
  }
}

static void
test_wrong_use (ProgramPlace *place,
                gconstpointer data)
{
  static const struct
  {
    const char *words[5];
    int         code;
    const char *why;
  } wrong[] = {
    { { "library" }, 2, "a command is missing" },
    { { "library", "fly" }, 2, "is no command" },
    { { "library", "search" }, 2, "a query is missing" },
    { { "library", "list", "apple" }, 2, "is one word too many" },
    { { "library", "search", "foo:bar" }, 2, "character 1" },
    { { "library", "list", "--sort", "mood" }, 2, "is no order" },
    { { "library", "rate", "1", "6" }, 2, "is no rating" },
    { { "library", "rate", "1", "3" }, 1, "is not in the library" },
    { { "library", "show", "x" }, 2, "is no number" },
    { { "library", "show", "5-3" }, 2, "is no number" },
    { { "library", "export", "1" }, 2, "-o is missing" },
    { { "library", "stats", "more" }, 2, "one word too many" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_auto (ProgramRan) ran = program_run (place, wrong[i].words);

      program_assert_failed (&ran, wrong[i].code, wrong[i].why);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/command-library/json", test_json);
  ADD ("/command-library/marks", test_marks);
  ADD ("/command-library/not", test_not);
  ADD ("/command-library/trash", test_trash);
  ADD ("/command-library/export", test_export);
  ADD ("/command-library/care", test_care);
  ADD ("/command-library/damaged", test_damaged);
  ADD ("/command-library/wrong-use", test_wrong_use);
  return g_test_run ();
}
