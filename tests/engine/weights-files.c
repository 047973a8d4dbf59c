/* Files and folders of weights: what is opened, what is refused, and what memory they keep.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/engine/weights-test.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files */

static void
test_not_files (void)
{
  g_autofree char *folder = weights_test_folder ();
  g_autofree char *missing = g_build_filename (folder, "missing.safetensors", NULL);
  g_autofree char *fifo = g_build_filename (folder, "fifo.safetensors", NULL);
  g_autofree char *empty = weights_test_write (folder, "empty", "", 0);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  weights_test_open_fails (missing, LIMN_ENGINE_ERROR_FILE, g_strerror (ENOENT));
  weights_test_open_fails (fifo, LIMN_ENGINE_ERROR_FILE, "is not a file");
  weights_test_open_fails ("/dev/zero", LIMN_ENGINE_ERROR_FILE, "is not a file");
  weights_test_open_fails (empty, LIMN_ENGINE_ERROR_FILE, "is empty");
  weights_test_remove (folder);
}

static void
test_refuses_pickles (void)
{
  g_autofree char *folder = weights_test_folder ();
  g_autofree char *zip = weights_test_write (folder, "model.safetensors", "PK\3\4aaaaaaaaaaaaaaaaaaaa", 24);
  g_autofree char *old = weights_test_write (folder, "old", "\x80\2}q\1.", 6);
  g_autofree char *named = weights_test_write (folder, "a.ckpt", "anything at all", 15);

  weights_test_open_fails (zip, LIMN_ENGINE_ERROR_UNSUPPORTED, "convert it once");
  weights_test_open_fails (old, LIMN_ENGINE_ERROR_UNSUPPORTED, "convert it once");
  weights_test_open_fails (named, LIMN_ENGINE_ERROR_UNSUPPORTED, "convert it once");
  weights_test_remove (folder);
}

/* A header of 0x280 bytes begins as a pickle does. */
static void
test_no_pickle_after_all (void)
{
  g_autofree char *header = g_strdup_printf (
      "{" WEIGHTS_TEST_X "}%*s", (int) (0x280 - strlen ("{" WEIGHTS_TEST_X "}")), "");
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = weights_test_parse (header, 12, &error);

  g_assert_no_error (error);
  g_assert_nonnull (weights);
}

static void
test_sees_change (void)
{
  g_autofree char *folder = weights_test_folder ();
  g_autofree char *path = weights_test_write_tensors (folder, "a.safetensors", "{" WEIGHTS_TEST_X "}", 12);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = limn_weights_open (path, &error);

  g_assert_no_error (error);
  g_assert_true (limn_weights_check (weights, &error));
  g_assert_cmpint (truncate (path, 20), ==, 0);
  g_assert_false (limn_weights_check (weights, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_FILE);
  weights_test_remove (folder);
}

/* Pages of @address that are in memory, of the mapping that holds it. */
static gsize
resident (const void *address)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean inside = FALSE;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      gsize begin, end, kib;

      if (sscanf (*line, "%zx-%zx ", &begin, &end) == 2)
        inside = (gsize) address >= begin && (gsize) address < end;
      else if (inside && sscanf (*line, "Rss: %zu", &kib) == 1)
        return kib;
    }
  g_assert_not_reached ();
}

static void
test_releases_pages (void)
{
  g_autofree char *folder = weights_test_folder ();
  g_autofree char *path = weights_test_write_tensors (
      folder, "a.safetensors",
      "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[1000000],\"data_offsets\":[0,1000000]},"
      "\"b\":{\"dtype\":\"F8_E4M3\",\"shape\":[1000000],\"data_offsets\":[1000000,2000000]}}",
      2000000);
  g_autoptr (LimnWeights) weights = limn_weights_open (path, NULL);
  g_autoptr (LimnWeights) memory = NULL;
  const LimnWeight *a = limn_weights_find (weights, "a"), *b = limn_weights_find (weights, "b");
  g_autofree float *before = g_new (float, 1000000), *after = g_new (float, 1000000);
  gsize             full;

  limn_weight_to_f32 (b, after);
  limn_weight_to_f32 (a, before);
  full = resident (a->data);
  g_assert_cmpuint (full, >=, 1950);
  limn_weights_release_pages (weights, a);
  g_assert_cmpuint (resident (a->data), <=, full - 960);
  limn_weight_to_f32 (a, after);
  g_assert_cmpmem (before, 4000000, after, 4000000);
  limn_weights_release_all_pages (weights);
  g_assert_cmpuint (resident (b->data), <=, 4);
  weights_test_remove (folder);
}

static void
test_memory_is_not_released (void)
{
  g_autoptr (LimnWeights) weights = weights_test_parse (
      "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[100000],\"data_offsets\":[0,100000]}}", 100000,
      NULL);
  const LimnWeight *a = limn_weights_find (weights, "a");

  limn_weights_release_pages (weights, a);
  limn_weights_release_all_pages (weights);
  for (gsize i = 0; i < a->size; i++)
    g_assert_cmpuint (a->data[i], ==, i % 256);
}

/* Folders and shards */

static void
test_folder_preference (void)
{
  static const char *const names[] = { "other.safetensors", "model.fp16.safetensors",
                                       "model.safetensors",
                                       "diffusion_pytorch_model.safetensors" };
  g_autofree char         *folder = weights_test_folder ();

  weights_test_open_fails (folder, LIMN_ENGINE_ERROR_FILE, "no .safetensors");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *header = g_strdup_printf (
          "{\"%s\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}}", names[i]);
      g_autofree char *path = weights_test_write_tensors (folder, names[i], header, 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnWeights) weights = limn_weights_open (folder, &error);

      g_assert_no_error (error);
      g_assert_nonnull (limn_weights_find (weights, names[i]));
    }
  weights_test_remove (folder);
}

static void
test_folder_of_strangers (void)
{
  g_autofree char *folder = weights_test_folder ();
  g_autofree char *bin = weights_test_write (folder, "diffusion_pytorch_model.bin", "PK\3\4", 4);
  g_autofree char *a = NULL, *b = NULL;

  weights_test_open_fails (folder, LIMN_ENGINE_ERROR_FILE, "pickled");
  a = weights_test_write_tensors (folder, "a.safetensors", "{" WEIGHTS_TEST_X "}", 12);
  b = weights_test_write_tensors (folder, "b.safetensors", "{" WEIGHTS_TEST_X "}", 12);
  weights_test_open_fails (folder, LIMN_ENGINE_ERROR_FILE, "several");
  weights_test_remove (folder);
}

static void
test_shards (void)
{
  static const char text[] = "{\"metadata\":{\"total_size\":99},\"weight_map\":{\"x\":\"m-1.safetensors\",\"y\":\"m-2."
                             "safetensors\",\"ids\":\"m-2.safetensors\"}}";
  g_autofree char  *folder = weights_test_folder ();
  g_autofree char  *one = weights_test_write_tensors (folder, "m-1.safetensors", "{" WEIGHTS_TEST_X "}", 12);
  g_autofree char  *two = weights_test_write_tensors (
       folder, "m-2.safetensors",
       "{\"y\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
        "\"ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[4,12]}}",
       12);
  g_autofree char *index = weights_test_write (folder, "model.safetensors.index.json", text, -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = limn_weights_open (folder, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (limn_weights_count (weights), ==, 2);
  weights_test_use (weights);
  g_assert_cmpuint (limn_weights_find (weights, "y")->n_elements, ==, 2);
  weights_test_remove (folder);
}

static void
test_bad_indexes (void)
{
  static const struct
  {
    const char *text, *says;
  } cases[] = {
    { "{}", "weight_map" },
    { "{\"weight_map\":{\"x\":\"m.safetensors\"}", "damaged" },
    { "{\"weight_map\":[]}", "damaged" },
    { "{\"weight_map\":{\"x\":\"../m.safetensors\"}}", "beside it" },
    { "{\"weight_map\":{\"x\":\"/m.safetensors\"}}", "beside it" },
    { "{\"weight_map\":{\"x\":\"m.bin\"}}", "beside it" },
    { "{\"weight_map\":{\"x\":\"\"}}", "beside it" },
    { "{\"weight_map\":{\"x\":\"..\"}}", "beside it" },
    { "{\"weight_map\":{\"x\":\"none.safetensors\"}}", "none.safetensors" },
    { "{\"weight_map\":{\"q\":\"m.safetensors\"}}", "is not" },
    { "{\"weight_map\":{\"x\":\"m.safetensors\",\"x\":\"m.safetensors\"}}", "twice" },
  };
  g_autofree char *folder = weights_test_folder ();
  g_autofree char *shard = weights_test_write_tensors (folder, "m.safetensors", "{" WEIGHTS_TEST_X "}", 12);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *index = weights_test_write (folder, "model.safetensors.index.json", cases[i].text, -1);

      weights_test_open_fails (folder, LIMN_ENGINE_ERROR_FILE, cases[i].says);
    }
  weights_test_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weights-files/not-files", test_not_files);
  g_test_add_func ("/weights-files/refuses-pickles", test_refuses_pickles);
  g_test_add_func ("/weights-files/no-pickle-after-all", test_no_pickle_after_all);
  g_test_add_func ("/weights-files/sees-change", test_sees_change);
  g_test_add_func ("/weights-files/releases-pages", test_releases_pages);
  g_test_add_func ("/weights-files/memory-is-not-released", test_memory_is_not_released);
  g_test_add_func ("/weights-files/folder-preference", test_folder_preference);
  g_test_add_func ("/weights-files/folder-of-strangers", test_folder_of_strangers);
  g_test_add_func ("/weights-files/shards", test_shards);
  g_test_add_func ("/weights-files/bad-indexes", test_bad_indexes);
  return g_test_run ();
}
