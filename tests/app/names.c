/* Names: files of models in other programs' folders, wildcards, tags and embeddings of prompts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/models/folders.h"
#include "app/models/wildcards.h"
#include "app/request-resolve.h"
#include "tests/app/program-test.h"

#include <glib/gstdio.h>
#include <string.h>

/* A folder of another program, for a test. */
typedef struct
{
  char *program;
} Fixture;

static void
put (Fixture    *fixture,
     const char *path,
     const char *text)
{
  g_autofree char *whole = g_build_filename (fixture->program, path, NULL), *folder = g_path_get_dirname (whole);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (whole, text, -1, NULL));
}

/* A safetensors file with one tensor of @name of 768 numbers: a textual inversion of one vector, if it is called so. */
static void
put_tensor (Fixture    *fixture,
            const char *path,
            const char *name)
{
  g_autofree char *header = g_strdup_printf ("{\"%s\":{\"dtype\":\"F32\",\"shape\":[1,768],\"data_offsets\":[0,3072]}}", name);
  g_autofree char *whole = g_build_filename (fixture->program, path, NULL), *folder = g_path_get_dirname (whole);
  guint64          length = GUINT64_TO_LE (strlen (header));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 zeros[3072] = { 0 };

  g_byte_array_append (bytes, (guint8 *) &length, 8);
  g_byte_array_append (bytes, (guint8 *) header, (guint) strlen (header));
  g_byte_array_append (bytes, zeros, sizeof zeros);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (whole, (char *) bytes->data, bytes->len, NULL));
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->program = g_build_filename (g_get_user_config_dir (), "program", NULL);
  put (fixture, "models/loras/ink/Fine.safetensors", "");
  put (fixture, "models/loras/wash.safetensors", "");
  put (fixture, "models/checkpoints/wash.safetensors", "");
  put (fixture, "wildcards/colours/warm.txt", "# a list\nred\n\n  orange \n");
  put_tensor (fixture, "embeddings/Zorb.safetensors", "emb_params");
  g_assert_true (limn_folders_add (fixture->program, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_assert_true (limn_folders_remove (fixture->program, NULL));
  program_remove_all (fixture->program);
  g_free (fixture->program);
}

static void
assert_found (LimnPlaceKind kind,
              const char   *name,
              const char   *ending)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = limn_folders_find_named (kind, name, &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (path, ending));
}

static void
test_find (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  assert_found (LIMN_PLACE_LORA, "fine", "loras/ink/Fine.safetensors");
  assert_found (LIMN_PLACE_LORA, "Fine.safetensors", "loras/ink/Fine.safetensors");
  assert_found (LIMN_PLACE_LORA, "ink/fine", "loras/ink/Fine.safetensors");
  assert_found (LIMN_PLACE_LORA, "ink\\fine", "loras/ink/Fine.safetensors");
  assert_found (LIMN_PLACE_LORA, "wash", "loras/wash.safetensors");
  assert_found (LIMN_PLACE_MODEL, "wash", "checkpoints/wash.safetensors");
  g_assert_null (limn_folders_find_named (LIMN_PLACE_LORA, "zorb", &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE);
}

static void
test_two (Fixture      *fixture,
          gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put (fixture, "models/loras/other/wash.safetensors", "");
  g_assert_null (limn_folders_find_named (LIMN_PLACE_LORA, "WASH", &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "there are two"));
  assert_found (LIMN_PLACE_LORA, "other/wash", "other/wash.safetensors");
}

/* A prompt comes from anywhere: it names files of the folders, never paths. */
static void
test_no_paths (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->program, "models/loras/wash.safetensors", NULL);
  g_autofree char *found = limn_folders_find (LIMN_PLACE_LORA, path, NULL);
  g_autoptr (LimnWildcards) wildcards = limn_wildcards_new ();

  g_assert_cmpstr (found, ==, path);
  g_assert_null (limn_folders_find_named (LIMN_PLACE_LORA, path, NULL));
  g_assert_null (limn_folders_find_named (LIMN_PLACE_LORA, "../checkpoints/wash", NULL));
  g_assert_null (limn_wildcards_lines ("../embeddings/Zorb", wildcards));
  g_assert_null (limn_wildcards_lines ("/etc/passwd", wildcards));
}

static void
test_wildcards (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (LimnWildcards) wildcards = limn_wildcards_new ();
  const char *const *lines = limn_wildcards_lines ("colours/warm", wildcards);

  g_assert_nonnull (lines);
  g_assert_cmpstr (lines[0], ==, "red");
  g_assert_cmpstr (lines[1], ==, "orange");
  g_assert_null (lines[2]);
  g_assert_null (limn_wildcards_lines ("colours/cold", wildcards));
}

static void
test_resolve (Fixture      *fixture,
              gconstpointer data)
{
  g_auto (LimnRequest) request = { 0 };
  g_autoptr (GError) error = NULL;
  const LimnLora  *lora;
  g_autofree char *once = NULL;

  limn_request_init (&request);
  request.seed = 3;
  request.prompt = g_strdup ("a __colours/warm__ zorb <lora:fine:0.5:0.25>");
  g_assert_true (limn_request_resolve (&request, TRUE, &error));
  g_assert_no_error (error);

  g_assert_true (g_str_equal (request.prompt, "a red zorb") || g_str_equal (request.prompt, "a orange zorb"));
  g_assert_cmpuint (request.loras->len, ==, 1);
  lora = request.loras->pdata[0];
  g_assert_true (g_str_has_suffix (lora->name, "ink/Fine.safetensors"));
  g_assert_cmpfloat (lora->text_weight, ==, 0.5);
  g_assert_cmpfloat (lora->weight, ==, 0.25);
  g_assert_cmpuint (request.embeddings->len, ==, 1);
  g_assert_true (g_str_has_suffix (request.embeddings->pdata[0], "Zorb.safetensors"));

  once = g_strdup (request.prompt);
  g_assert_true (limn_request_resolve (&request, TRUE, &error));
  g_assert_cmpstr (request.prompt, ==, once);
  g_assert_cmpuint (request.loras->len, ==, 1);
  g_assert_cmpuint (request.embeddings->len, ==, 1);
}

/* A part of a word is no word; a LoRA that lies among embeddings is none. */
static void
test_no_embedding (Fixture      *fixture,
                   gconstpointer data)
{
  g_auto (LimnRequest) request = { 0 };

  put_tensor (fixture, "embeddings/fox.safetensors", "lora_unet_x.lora_down.weight");
  limn_request_init (&request);
  request.seed = 3;
  request.prompt = g_strdup ("a fox, zorbs and unzorb");
  g_assert_true (limn_request_resolve (&request, TRUE, NULL));
  g_assert_null (request.embeddings);
}

static void
test_unknown (Fixture      *fixture,
              gconstpointer data)
{
  g_auto (LimnRequest) request = { 0 };
  g_autoptr (GError) error = NULL;

  limn_request_init (&request);
  request.seed = 3;
  request.prompt = g_strdup ("a fox <lora:nobody:1>");
  g_assert_false (limn_request_resolve (&request, TRUE, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "nobody"));
}

int
main (int    argc,
      char **argv)
{
  static const char *const places[] = { "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME" };
  const struct
  {
    const char *path;
    void (*run) (Fixture      *fixture,
                 gconstpointer data);
  } tests[] = {
    { "/names/find", test_find },
    { "/names/two", test_two },
    { "/names/no-paths", test_no_paths },
    { "/names/wildcards", test_wildcards },
    { "/names/resolve", test_resolve },
    { "/names/no-embedding", test_no_embedding },
    { "/names/unknown", test_unknown },
  };

  g_autofree char *home = g_dir_make_tmp ("limn-names-XXXXXX", NULL);
  int              status;

  /* G_TEST_OPTION_ISOLATE_DIRS leaks. */
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    g_setenv (places[i], home, TRUE);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);

  status = g_test_run ();
  program_remove_all (home);
  return status;
}
