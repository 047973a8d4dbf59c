/* Safetensors: what is read, and every lie a file can tell.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/weights.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* (transfer full): a file of @header and @size bytes of data: 0, 1, 2, … */
static GBytes *
make_file (const char *header,
           gsize       size)
{
  GByteArray *file = g_byte_array_new ();
  guint64     length = GUINT64_TO_LE (strlen (header));

  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header, strlen (header));
  for (gsize i = 0; i < size; i++)
    g_byte_array_append (file, &(guint8){ (guint8) i }, 1);
  return g_byte_array_free_to_bytes (file);
}

static LimnWeights *
parse (const char *header,
       gsize       size,
       GError    **error)
{
  g_autoptr (GBytes) file = make_file (header, size);

  return limn_weights_new_from_bytes (file, error);
}

static void
assert_one_line (const GError *error,
                 int           code)
{
  g_assert_error (error, LIMN_ENGINE_ERROR, code);
  g_assert_cmpuint (strlen (error->message), >, 15);
  g_assert_null (strchr (error->message, '\n'));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* Folders */

static char *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("limn-safetensors-XXXXXX", &error);

  g_assert_no_error (error);
  return path;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_cmpint (g_unlink (file), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static char *
write_file (const char *folder,
            const char *name,
            const void *data,
            gssize      size)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (folder, name, NULL);

  g_file_set_contents (path, data, size, &error);
  g_assert_no_error (error);
  return path;
}

static char *
write_tensors (const char *folder,
               const char *name,
               const char *header,
               gsize       size)
{
  g_autoptr (GBytes) file = make_file (header, size);
  gsize         length = 0;
  gconstpointer data = g_bytes_get_data (file, &length);

  return write_file (folder, name, data, (gssize) length);
}

static void
assert_open_fails (const char *path,
                   int         code,
                   const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = limn_weights_open (path, &error);

  g_assert_null (weights);
  assert_one_line (error, code);
  if (strstr (error->message, says) == NULL)
    g_error ("“%s” does not say “%s”", error->message, says);
}

/* What is read */

static void
test_reads (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = parse ("{\"__metadata__\":{\"format\":\"pt\",\"odd\":7},"
                                           "\"b.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[4,28]},"
                                           "\"ids\":{\"data_offsets\":[28,36],\"shape\":[1,1],\"dtype\":\"I64\"},"
                                           " \"a\\u00e9\\ud83d\\ude00\" : {\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[0,2]},"
                                           "\"empty\":{\"dtype\":\"BF16\",\"shape\":[0,9],\"data_offsets\":[2,2]},"
                                           "\"c\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[2,4],\"later\":[{\"x\":[1.5e-3,null]}]}}   ",
                                           36,
                                           &error);
  const LimnWeight *b, *scalar;

  g_assert_no_error (error);
  g_assert_cmpuint (limn_weights_count (weights), ==, 4);
  for (gsize i = 1; i < 4; i++)
    g_assert_cmpstr (limn_weights_get (weights, i - 1)->name, <, limn_weights_get (weights, i)->name);
  b = limn_weights_find (weights, "b.weight");
  g_assert_cmpint (b->type, ==, LIMN_F32);
  g_assert_cmpint (b->n_dims, ==, 2);
  g_assert_cmpint (b->dims[0], ==, 2);
  g_assert_cmpint (b->dims[1], ==, 3);
  g_assert_cmpuint (b->n_elements, ==, 6);
  g_assert_cmpuint (b->size, ==, 24);
  g_assert_cmpuint (b->data[0], ==, 4);
  scalar = limn_weights_find (weights, "aé😀");
  g_assert_cmpint (scalar->n_dims, ==, 0);
  g_assert_cmpuint (scalar->n_elements, ==, 1);
  g_assert_cmpuint (limn_weights_find (weights, "empty")->n_elements, ==, 0);
  g_assert_cmpstr (limn_weights_metadata (weights, "format"), ==, "pt");
  g_assert_null (limn_weights_metadata (weights, "odd"));
}

static void
test_missing_says_why (void)
{
  g_autoptr (LimnWeights) weights = parse ("{\"ids\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, NULL);
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) type = NULL;

  g_assert_null (limn_weights_find (weights, "ids"));
  g_assert_null (limn_weights_require (weights, "x", &missing));
  assert_one_line (missing, LIMN_ENGINE_ERROR_FILE);
  g_assert_null (limn_weights_require (weights, "ids", &type));
  assert_one_line (type, LIMN_ENGINE_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (type->message, "F64"));
}

/* The data begin wherever the header ends: at an odd address in one of two lengths. */
static void
test_unaligned (void)
{
  for (int space = 0; space < 4; space++)
    {
      g_autofree char *header = g_strdup_printf ("{\"x\":{\"dtype\":\"F16\",\"shape\":[3000],\"data_offsets\":[0,6000]}}%*s", space, "");
      g_autoptr (LimnWeights) weights = parse (header, 6000, NULL);
      const LimnWeight *x = limn_weights_find (weights, "x");
      g_autofree float *got = g_new (float, 3000);

      limn_weight_to_f32 (x, got);
      for (int i = 0; i < 3000; i++)
        {
          guint16 bits = (guint16) ((2 * i % 256) | ((2 * i + 1) % 256 << 8));
          float   want;

          limn_type_to_f32 (LIMN_F16, &bits, &want, 1);
          g_assert_cmpmem (&got[i], sizeof (float), &want, sizeof (float));
        }
      limn_weight_range_to_f32 (x, 2999, 1, got);
      g_assert_cmpfloat (got[0], !=, got[2998]);
    }
}

static void
test_subset_outlives (void)
{
  g_autoptr (LimnWeights) weights = parse ("{\"a.x\":{\"dtype\":\"F8_E5M2\",\"shape\":[2],\"data_offsets\":[0,2]},"
                                           "\"a.y.z\":{\"dtype\":\"F8_E5M2\",\"shape\":[1],\"data_offsets\":[2,3]},"
                                           "\"ab\":{\"dtype\":\"F8_E5M2\",\"shape\":[1],\"data_offsets\":[3,4]}}",
                                           4,
                                           NULL);
  g_autoptr (LimnWeights) view = limn_weights_subset (weights, "a");

  g_clear_pointer (&weights, limn_weights_unref);
  g_assert_cmpuint (limn_weights_count (view), ==, 2);
  g_assert_cmpstr (limn_weights_get (view, 0)->name, ==, "x");
  g_assert_cmpuint (limn_weights_find (view, "y.z")->data[0], ==, 2);
}

/* Lies */

#define X "\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[0,12]}"

static const struct
{
  const char *name, *header;
  gsize       size;
  int         code;
} lies[] = {
  { "no object", "[]", 0, LIMN_ENGINE_ERROR_FILE },
  { "not ended", "{" X, 12, LIMN_ENGINE_ERROR_FILE },
  { "two values", "{" X "}{}", 12, LIMN_ENGINE_ERROR_FILE },
  { "comma at the end", "{" X ",}", 12, LIMN_ENGINE_ERROR_FILE },
  { "comma at the start", "{," X "}", 12, LIMN_ENGINE_ERROR_FILE },
  { "no comma", "{" X "\"y\":{}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "twice", "{" X "," X "}", 12, LIMN_ENGINE_ERROR_FILE },
  { "twice, other place", "{" X ",\"x\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[12,14]}}", 14, LIMN_ENGINE_ERROR_FILE },
  { "twice, left out", "{" X ",\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[12,13]}}", 13, LIMN_ENGINE_ERROR_FILE },
  { "twice left out", "{\"y\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"y\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", 2, LIMN_ENGINE_ERROR_FILE },
  { "short data", "{" X "}", 11, LIMN_ENGINE_ERROR_FILE },
  { "no data", "{" X "}", 0, LIMN_ENGINE_ERROR_FILE },
  { "trailing data", "{" X "}", 13, LIMN_ENGINE_ERROR_FILE },
  { "overlap", "{" X ",\"y\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[8,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "hole", "{" X ",\"y\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[14,16]}}", 16, LIMN_ENGINE_ERROR_FILE },
  { "hole at the start", "{\"y\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[2,4]}}", 4, LIMN_ENGINE_ERROR_FILE },
  { "reversed", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[12,0]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "outside", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[1000,1012]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "huge offsets", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[9223372036854775795,9223372036854775807]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "offset too long", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[0,18446744073709551628]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "negative offset", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[-12,0]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "three offsets", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[0,12,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "one offset", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "too small for its shape", "{\"x\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "too large for its shape", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "left out, wrong size", "{\"x\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "half a byte", "{\"x\":{\"dtype\":\"F4\",\"shape\":[25],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "product overflows to its size", "{\"x\":{\"dtype\":\"F16\",\"shape\":[4294967296,4294967296,6],\"data_offsets\":[0,0]}}", 0, LIMN_ENGINE_ERROR_FILE },
  { "bits overflow", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}", 0, LIMN_ENGINE_ERROR_FILE },
  { "dimension too long", "{\"x\":{\"dtype\":\"F16\",\"shape\":[99999999999999999999],\"data_offsets\":[0,0]}}", 0, LIMN_ENGINE_ERROR_FILE },
  { "negative dimensions", "{\"x\":{\"dtype\":\"F16\",\"shape\":[-2,-3],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "fraction", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2.0,3],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "exponent", "{\"x\":{\"dtype\":\"F16\",\"shape\":[6e0],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "leading zero", "{\"x\":{\"dtype\":\"F16\",\"shape\":[06],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "dimension is text", "{\"x\":{\"dtype\":\"F16\",\"shape\":[\"6\"],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "nine dimensions", "{\"x\":{\"dtype\":\"F16\",\"shape\":[6,1,1,1,1,1,1,1,1],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "unknown type", "{\"x\":{\"dtype\":\"F17\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_UNSUPPORTED },
  { "type with newline", "{\"x\":{\"dtype\":\"F\\n1\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_UNSUPPORTED },
  { "no type", "{\"x\":{\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "no shape", "{\"x\":{\"dtype\":\"F16\",\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "no offsets", "{\"x\":{\"dtype\":\"F16\",\"shape\":[0]}}", 0, LIMN_ENGINE_ERROR_FILE },
  { "tensor is a number", "{\"x\":6}", 0, LIMN_ENGINE_ERROR_FILE },
  { "name with zero", "{\"x\\u0000y\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "half a surrogate", "{\"\\ud800\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "bad escape", "{\"\\x41\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "newline in name", "{\"a\nb\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "not UTF-8", "{\"\xff\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", 12, LIMN_ENGINE_ERROR_FILE },
  { "bad metadata", "{\"__metadata__\":[]," X "}", 12, LIMN_ENGINE_ERROR_FILE },
  { "bad number in metadata", "{\"__metadata__\":{\"a\":-}," X "}", 12, LIMN_ENGINE_ERROR_FILE },
};

static void
test_lies (void)
{
  g_autoptr (LimnWeights) truth = parse ("{" X "}", 12, NULL);

  g_assert_nonnull (truth);
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnWeights) weights = parse (lies[i].header, lies[i].size, &error);

      if (weights != NULL)
        g_error ("“%s” was believed", lies[i].name);
      assert_one_line (error, lies[i].code);
    }
}

static void
test_depth_bomb (void)
{
  g_autofree char *bomb = g_strnfill (1000000, '[');
  g_autofree char *header = g_strconcat ("{\"__metadata__\":{\"a\":", bomb, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (header, 0, &error));
  assert_one_line (error, LIMN_ENGINE_ERROR_FILE);
}

static void
test_header_length (void)
{
  static const guint64 lengths[] = { 3, 0, 100000001, G_MAXUINT64, G_MAXUINT64 - 7, (guint64) 1 << 63 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint64 file[] = { GUINT64_TO_LE (lengths[i]), GUINT64_TO_LE (0x2020202020207d7b) };
      g_autoptr (GBytes) bytes = g_bytes_new (file, i == 0 ? 10 : sizeof file);
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_weights_new_from_bytes (bytes, &error));
      assert_one_line (error, LIMN_ENGINE_ERROR_FILE);
    }
}

static void
test_truncated_anywhere (void)
{
  g_autoptr (GBytes) whole = make_file ("{" X "}", 12);

  for (gsize size = 0; size < g_bytes_get_size (whole); size++)
    {
      /* A copy, so that reading too far is seen. */
      g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (whole, NULL), size);
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_weights_new_from_bytes (part, &error));
      assert_one_line (error, LIMN_ENGINE_ERROR_FILE);
    }
}

/* Touches all that a reader believed. */
static void
use (const LimnWeights *weights)
{
  for (gsize i = 0; i < limn_weights_count (weights); i++)
    {
      const LimnWeight *weight = limn_weights_get (weights, i);
      g_autofree float *to = g_new (float, weight->n_elements + 1);

      g_assert_true (limn_weights_find (weights, weight->name) == weight);
      limn_weight_to_f32 (weight, to);
    }
}

static void
test_random_damage (void)
{
  g_autoptr (GBytes) whole = make_file ("{\"__metadata__\":{\"format\":\"pt\"}," X ",\"y\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[12,20]},"
                                        "\"z\\n\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[20,24]}}",
                                        24);
  gsize         size = 0, believed = 0;
  const guint8 *data = g_bytes_get_data (whole, &size);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (int round = 0; round < 20000; round++)
    {
      guint8 *copy = g_memdup2 (data, size);
      gsize   length = round % 4 == 0 ? (gsize) g_rand_int_range (random, 0, (gint32) size) : size;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnWeights) weights = NULL;

      for (int flips = g_rand_int_range (random, 1, 4); flips > 0; flips--)
        copy[g_rand_int_range (random, 0, (gint32) size)] = round % 2 ? (guint8) g_rand_int_range (random, 0, 256)
                                                                      : (guint8) "0123456789{}[]\",:-eE.\\un "[g_rand_int_range (random, 0, 25)];
      bytes = g_bytes_new (copy, length);
      g_free (copy);
      weights = limn_weights_new_from_bytes (bytes, &error);
      g_assert_true ((weights == NULL) == (error != NULL));
      if (error != NULL)
        assert_one_line (error, error->code);
      else
        use (weights);
      believed += weights != NULL;
    }
  /* Damage to names and data cannot be seen; damage to anything else must be. */
  g_assert_cmpuint (believed, >, 100);
  g_assert_cmpuint (believed, <, 10000);
}

/* Files */

static void
test_not_files (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *missing = g_build_filename (folder, "missing.safetensors", NULL);
  g_autofree char *fifo = g_build_filename (folder, "fifo.safetensors", NULL);
  g_autofree char *empty = write_file (folder, "empty", "", 0);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_open_fails (missing, LIMN_ENGINE_ERROR_FILE, g_strerror (ENOENT));
  assert_open_fails (fifo, LIMN_ENGINE_ERROR_FILE, "is not a file");
  assert_open_fails ("/dev/zero", LIMN_ENGINE_ERROR_FILE, "is not a file");
  assert_open_fails (empty, LIMN_ENGINE_ERROR_FILE, "is empty");
  remove_folder (folder);
}

static void
test_refuses_pickles (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *zip = write_file (folder, "model.safetensors", "PK\3\4aaaaaaaaaaaaaaaaaaaa", 24);
  g_autofree char *old = write_file (folder, "old", "\x80\2}q\1.", 6);
  g_autofree char *named = write_file (folder, "a.ckpt", "anything at all", 15);
  g_autofree char *gguf = write_file (folder, "b", "GGUF\3\0\0\0aaaaaaaa", 16);

  assert_open_fails (zip, LIMN_ENGINE_ERROR_UNSUPPORTED, "convert it once");
  assert_open_fails (old, LIMN_ENGINE_ERROR_UNSUPPORTED, "convert it once");
  assert_open_fails (named, LIMN_ENGINE_ERROR_UNSUPPORTED, "convert it once");
  assert_open_fails (gguf, LIMN_ENGINE_ERROR_UNSUPPORTED, "GGUF");
  remove_folder (folder);
}

/* A header of 0x280 bytes begins as a pickle does. */
static void
test_no_pickle_after_all (void)
{
  g_autofree char *header = g_strdup_printf ("{" X "}%*s", (int) (0x280 - strlen ("{" X "}")), "");
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = parse (header, 12, &error);

  g_assert_no_error (error);
  g_assert_nonnull (weights);
}

static void
test_sees_change (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = write_tensors (folder, "a.safetensors", "{" X "}", 12);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = limn_weights_open (path, &error);

  g_assert_no_error (error);
  g_assert_true (limn_weights_check (weights, &error));
  g_assert_cmpint (truncate (path, 20), ==, 0);
  g_assert_false (limn_weights_check (weights, &error));
  assert_one_line (error, LIMN_ENGINE_ERROR_FILE);
  remove_folder (folder);
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
  g_autofree char *folder = make_folder ();
  g_autofree char *path = write_tensors (folder, "a.safetensors", "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[1000000],\"data_offsets\":[0,1000000]},"
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
  remove_folder (folder);
}

static void
test_memory_is_not_released (void)
{
  g_autoptr (LimnWeights) weights = parse ("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[100000],\"data_offsets\":[0,100000]}}", 100000, NULL);
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
  static const char *const names[] = { "other.safetensors", "model.fp16.safetensors", "model.safetensors", "diffusion_pytorch_model.safetensors" };
  g_autofree char         *folder = make_folder ();

  assert_open_fails (folder, LIMN_ENGINE_ERROR_FILE, "no .safetensors");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *header = g_strdup_printf ("{\"%s\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}}", names[i]);
      g_autofree char *path = write_tensors (folder, names[i], header, 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnWeights) weights = limn_weights_open (folder, &error);

      g_assert_no_error (error);
      g_assert_nonnull (limn_weights_find (weights, names[i]));
    }
  remove_folder (folder);
}

static void
test_folder_of_strangers (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *bin = write_file (folder, "diffusion_pytorch_model.bin", "PK\3\4", 4);
  g_autofree char *a = NULL, *b = NULL;

  assert_open_fails (folder, LIMN_ENGINE_ERROR_FILE, "pickled");
  a = write_tensors (folder, "a.safetensors", "{" X "}", 12);
  b = write_tensors (folder, "b.safetensors", "{" X "}", 12);
  assert_open_fails (folder, LIMN_ENGINE_ERROR_FILE, "several");
  remove_folder (folder);
}

static void
test_shards (void)
{
  static const char text[] = "{\"metadata\":{\"total_size\":99},\"weight_map\":{\"x\":\"m-1.safetensors\",\"y\":\"m-2.safetensors\",\"ids\":\"m-2.safetensors\"}}";
  g_autofree char  *folder = make_folder ();
  g_autofree char  *one = write_tensors (folder, "m-1.safetensors", "{" X "}", 12);
  g_autofree char  *two = write_tensors (folder, "m-2.safetensors", "{\"y\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                                                                    "\"ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[4,12]}}",
                                        12);
  g_autofree char  *index = write_file (folder, "model.safetensors.index.json", text, -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = limn_weights_open (folder, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (limn_weights_count (weights), ==, 2);
  use (weights);
  g_assert_cmpuint (limn_weights_find (weights, "y")->n_elements, ==, 2);
  remove_folder (folder);
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
  g_autofree char *folder = make_folder ();
  g_autofree char *shard = write_tensors (folder, "m.safetensors", "{" X "}", 12);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *index = write_file (folder, "model.safetensors.index.json", cases[i].text, -1);

      assert_open_fails (folder, LIMN_ENGINE_ERROR_FILE, cases[i].says);
    }
  remove_folder (folder);
}

/* As many tensors as Stable Diffusion 1.5 has, and more: must take milliseconds, not more than linear time. */
static void
test_many (void)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = NULL;
  gint64 start;

  for (int i = 0; i < 20000; i++)
    g_string_append_printf (header,
                            "%s\"model.diffusion_model.input_blocks.%d.1.transformer_blocks.0.attn2.to_out.0.weight\":"
                            "{\"dtype\":\"F16\",\"shape\":[1,2,1,1],\"data_offsets\":[%d,%d]}",
                            i > 0 ? "," : "",
                            i,
                            4 * i,
                            4 * i + 4);
  g_string_append_c (header, '}');
  start = g_get_monotonic_time ();
  weights = parse (header->str, 80000, &error);
  g_test_message ("20000 tensors in %.1f ms", (double) (g_get_monotonic_time () - start) / 1e3);
  g_assert_no_error (error);
  g_assert_cmpuint (limn_weights_count (weights), ==, 20000);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2000000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/reads", test_reads);
  g_test_add_func ("/safetensors/missing-says-why", test_missing_says_why);
  g_test_add_func ("/safetensors/unaligned", test_unaligned);
  g_test_add_func ("/safetensors/subset-outlives", test_subset_outlives);
  g_test_add_func ("/safetensors/lies", test_lies);
  g_test_add_func ("/safetensors/depth-bomb", test_depth_bomb);
  g_test_add_func ("/safetensors/header-length", test_header_length);
  g_test_add_func ("/safetensors/truncated-anywhere", test_truncated_anywhere);
  g_test_add_func ("/safetensors/random-damage", test_random_damage);
  g_test_add_func ("/safetensors/not-files", test_not_files);
  g_test_add_func ("/safetensors/refuses-pickles", test_refuses_pickles);
  g_test_add_func ("/safetensors/no-pickle-after-all", test_no_pickle_after_all);
  g_test_add_func ("/safetensors/sees-change", test_sees_change);
  g_test_add_func ("/safetensors/releases-pages", test_releases_pages);
  g_test_add_func ("/safetensors/memory-is-not-released", test_memory_is_not_released);
  g_test_add_func ("/safetensors/folder-preference", test_folder_preference);
  g_test_add_func ("/safetensors/folder-of-strangers", test_folder_of_strangers);
  g_test_add_func ("/safetensors/shards", test_shards);
  g_test_add_func ("/safetensors/bad-indexes", test_bad_indexes);
  g_test_add_func ("/safetensors/many", test_many);
  return g_test_run ();
}
