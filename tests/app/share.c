/* Sharing: what is to stay behind does stay behind, as other readers see it, and pixels stay as they are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/export.h"

#include <string.h>

#include <glib/gstdio.h>

#include "app/metadata.h"

#define SECRET "a secret fox"
#define MODEL "hidden-model"

static GBytes *
make_file (const char *ending)
{
  g_autofree char *path = g_strconcat ("x.", ending, NULL);
  g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, 40, 56, 3 });
  g_auto (LimnRequest) request = { 0 };
  g_autoptr (GPtrArray) texts = NULL;
  LimnPictureOutput output;

  if (!limn_picture_output_init (&output, path, NULL, NULL, NULL))
    return NULL;

  for (gsize i = 0; i < limn_shape_elements (pixels->shape); i++)
    pixels->data[i] = (i * 7 % 200) / 255.0;
  limn_request_init (&request);
  request.prompt = g_strdup (SECRET);
  request.model = g_strdup (MODEL);
  request.seed = 1234567;
  texts = limn_metadata_texts (&request);
  return limn_picture_encode_pixels (pixels, texts, &output, NULL);
}

/* A text as it can stand in a file: in UTF-8, and in UTF-16 of either order. */
static gboolean
holds (GBytes     *bytes,
       const char *text)
{
  static const char *const charsets[] = { "UTF-8", "UTF-16LE", "UTF-16BE" };

  for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      gsize            size = 0;
      g_autofree char *coded = g_convert (text, -1, charsets[i], "UTF-8", NULL, &size, NULL);

      if (memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), coded, size) != NULL)
        return TRUE;
    }
  return FALSE;
}

static guint32
big (const guint8 *at)
{
  return (guint32) at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

/* The parts of a file, one a line, found without the code that is tested. */
static char *
list_png (const guint8 *bytes,
          gsize         size)
{
  GString *parts = g_string_new (NULL);

  for (gsize at = 8; at + 12 <= size; at += big (bytes + at) + 12)
    if (memcmp (bytes + at + 4, "IDAT", 4) != 0)
      g_string_append_printf (parts, "%.4s ", bytes + at + 4);
  return g_string_free (parts, FALSE);
}

static char *
list_jpeg (const guint8 *bytes,
           gsize         size)
{
  GString *parts = g_string_new (NULL);

  for (gsize at = 2; at + 4 <= size && bytes[at + 1] != 0xda; at += 2 + (bytes[at + 2] << 8 | bytes[at + 3]))
    if (bytes[at + 1] >= 0xe0)
      g_string_append_printf (parts, "%02x ", bytes[at + 1]);
  return g_string_free (parts, FALSE);
}

static char *
list_webp (const guint8 *bytes,
           gsize         size)
{
  GString *parts = g_string_new (NULL);

  for (gsize at = 12; at + 8 <= size;)
    {
      guint32 length = bytes[at + 4] | bytes[at + 5] << 8 | bytes[at + 6] << 16 | (guint32) bytes[at + 7] << 24;

      g_string_append_printf (parts, "%.4s ", bytes + at);
      at += 8 + length + length % 2;
    }
  return g_string_free (parts, FALSE);
}

static const struct
{
  const char *ending;
  char *(*list) (const guint8 *bytes,
                 gsize         size);
  const char *nothing, *credit; /* the parts that there may be */
} kinds[] = {
  { "png", list_png, "IHDR sRGB IEND ", "IHDR iTXt sRGB IEND " },
  { "jpg", list_jpeg, "e0 ", "e0 e1 " },
  { "webp", list_webp, "VP8  ", "VP8X VP8  XMP  " },
  { "avif", NULL, NULL, NULL },
};

/* What exiv2 finds in it, if exiv2 is there. */
static void
ask_exiv2 (GBytes     *bytes,
           const char *ending,
           gboolean    nothing)
{
  g_autofree char *program = g_find_program_in_path ("exiv2");
  g_autofree char *folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
  g_autofree char *path = g_strdup_printf ("%s/a.%s", folder, ending);
  const char      *command[] = { program, "-pa", path, NULL };
  g_autofree char *found = NULL;

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL));
  if (program != NULL && g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &found, NULL, NULL, NULL))
    {
      g_assert_null (strstr (found, SECRET));
      g_assert_true (nothing ? *found == '\0' : strstr (found, "DigitalSourceType") != NULL);
    }
  g_unlink (path);
  g_rmdir (folder);
}

static void
assert_same_pixels (GBytes *a,
                    GBytes *b)
{
  g_autoptr (LimnPicture) first = limn_picture_read (a, "first", LIMN_PICTURE_RASTER, NULL);
  g_autoptr (LimnPicture) second = limn_picture_read (b, "second", LIMN_PICTURE_RASTER, NULL);

  g_assert_cmpmem (first->raster->data, limn_raster_stride (first->raster) * first->height, second->raster->data,
                   limn_raster_stride (second->raster) * second->height);
}

static void
check_clean (gsize     kind,
             GBytes   *file,
             LimnShare share)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) clean = limn_share_clean (file, "test", share, &error);
  const char      *expected = share == LIMN_SHARE_NOTHING ? kinds[kind].nothing : kinds[kind].credit;
  g_autofree char *parts = NULL;

  g_assert_no_error (error);
  g_assert_false (holds (clean, SECRET));
  g_assert_false (holds (clean, "1234567"));
  g_assert_cmpint (holds (clean, MODEL), ==, share == LIMN_SHARE_CREDIT);
  g_assert_cmpint (holds (clean, "trainedAlgorithmicMedia"), ==, share == LIMN_SHARE_CREDIT);
  if (kinds[kind].list == NULL)
    return;

  parts = kinds[kind].list (g_bytes_get_data (clean, NULL), g_bytes_get_size (clean));
  g_assert_cmpstr (parts, ==, expected);
  ask_exiv2 (clean, kinds[kind].ending, share == LIMN_SHARE_NOTHING);
  assert_same_pixels (file, clean);
}

static GBytes *
append (GBytes     *file,
        const char *text)
{
  GByteArray *out = g_byte_array_new ();

  g_byte_array_append (out, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  g_byte_array_append (out, (const guint8 *) text, strlen (text));
  return g_byte_array_free_to_bytes (out);
}

static void
test_clean (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GBytes) file = make_file (kinds[i].ending);
      g_autoptr (GBytes) longer = file ? append (file, SECRET) : NULL;
      g_autoptr (GBytes) all = file ? limn_share_clean (file, "test", LIMN_SHARE_EVERYTHING, NULL) : NULL;

      if (file == NULL)
        continue;
      g_assert_true (holds (file, SECRET));
      g_assert_true (g_bytes_equal (file, all));
      check_clean (i, file, LIMN_SHARE_NOTHING);
      check_clean (i, file, LIMN_SHARE_CREDIT);
      if (kinds[i].list != NULL && !g_str_equal (kinds[i].ending, "webp"))
        check_clean (i, longer, LIMN_SHARE_NOTHING);
    }
}

/* From every format to every other: settings go along, or nothing does. */
static void
test_convert (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (kinds); j++)
      for (int share = LIMN_SHARE_EVERYTHING; share <= LIMN_SHARE_NOTHING; share++)
        {
          static const char *const words[] = { "everything", "credit", "nothing" };
          g_autoptr (GBytes) file = make_file (kinds[i].ending);
          g_autoptr (GBytes) result = NULL;
          g_autoptr (LimnPicture) picture = NULL;
          g_autoptr (LimnMetadata) metadata = NULL;
          LimnExport export;

          if (file == NULL || !limn_export_init (&export, NULL, kinds[j].ending, NULL, NULL, words[share], NULL))
            continue;
          result = limn_export (file, "test", &export, NULL);
          picture = limn_picture_read (result, "test", LIMN_PICTURE_TEXTS, NULL);
          metadata = limn_metadata_read (picture);
          g_assert_cmpstr (metadata->request.prompt, ==, share == LIMN_SHARE_EVERYTHING ? SECRET : NULL);
          g_assert_cmpint (metadata->request.seed, ==, share == LIMN_SHARE_EVERYTHING ? 1234567 : -1);
          g_assert_cmpint (holds (result, SECRET), ==, share == LIMN_SHARE_EVERYTHING);
        }
}

/* What other programs wrote goes along too, under its own name where there is a place for that. */
static void
test_convert_foreign (void)
{
  static const struct
  {
    const char *keyword, *text, *ending, *dialect;
  } cases[] = {
    { "parameters", "a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 9, Size: 8x8", "jpg", "a1111" },
    { "parameters", "a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 9, Size: 8x8", "webp", "a1111" },
    { "flux:seed", "9", "jpg", "limn" },
    { "invokeai_metadata", "{\"positive_prompt\": \"a cat\", \"seed\": 9}", "webp", "limn" },
    { "flux:seed", "9", "png", "flux2c" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, 8, 8, 3 });
      g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
      g_autoptr (GBytes) file = NULL;
      g_autoptr (GBytes) result = NULL;
      g_autoptr (LimnPicture) picture = NULL;
      g_autoptr (LimnMetadata) metadata = NULL;
      LimnExport export;

      g_ptr_array_add (texts, limn_picture_text_new (cases[i].keyword, cases[i].text, FALSE));
      file = limn_picture_encode_png (pixels, texts, NULL);
      g_assert_true (limn_export_init (&export, NULL, cases[i].ending, NULL, NULL, NULL, NULL));
      result = limn_export (file, "test", &export, NULL);
      picture = limn_picture_read (result, "test", LIMN_PICTURE_TEXTS, NULL);
      metadata = limn_metadata_read (picture);
      g_assert_cmpstr (metadata->dialect, ==, cases[i].dialect);
      g_assert_cmpint (metadata->request.seed, ==, 9);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/share/clean", test_clean);
  g_test_add_func ("/share/convert", test_convert);
  g_test_add_func ("/share/convert-foreign", test_convert_foreign);
  return g_test_run ();
}
