/* Pictures: PNG out and in, damaged PNGs, sizes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture-file.h"

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

typedef struct
{
  char *folder, *path;
} Place;

static void
set_up (Place        *place,
        gconstpointer data)
{
  place->folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
  place->path = g_build_filename (place->folder, "a.png", NULL);
}

static void
tear_down (Place        *place,
           gconstpointer data)
{
  g_unlink (place->path);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0); /* nothing else was left */
  g_free (place->folder);
  g_free (place->path);
}

static LimnPicture *
write_and_read (Place           *place,
                const LimnArray *pixels,
                const GPtrArray *texts)
{
  g_autoptr (GError) error = NULL;
  LimnPicture *picture;

  g_assert_true (limn_picture_file_write (place->path, pixels, texts, TRUE, &error));
  g_assert_no_error (error);
  picture = limn_picture_file_read (place->path, LIMN_PICTURE_PIXELS, &error);
  g_assert_no_error (error);
  return picture;
}

static void
test_rounding (Place        *place,
               gconstpointer data)
{
  static const struct
  {
    float value;
    int   byte;
  } cases[] = {
    { -1, 0 },
    { 0, 0 },
    { 0.499f / 255, 0 },
    { 0.5f / 255, 1 },
    { 127.49f / 255, 127 },
    { 127.51f / 255, 128 },
    { 254.51f / 255, 255 },
    { 1, 255 },
    { 7, 255 },
    { INFINITY, 255 },
    { -INFINITY, 0 },
    { NAN, 0 },
  };
  g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, 1, G_N_ELEMENTS (cases), 3 });
  g_autoptr (LimnPicture) picture = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases) * 3; i++)
    pixels->data[i] = cases[i / 3].value;

  picture = write_and_read (place, pixels, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases) * 3; i++)
    g_assert_cmpint (lrintf (picture->pixels->data[i] * 255), ==, cases[i / 3].byte);
}

static void
test_layout (Place        *place,
             gconstpointer data)
{
  g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, 5, 7, 3 });
  g_autoptr (LimnPicture) picture = NULL;

  for (int i = 0; i < 105; i++)
    pixels->data[i] = i / 255.0f;

  picture = write_and_read (place, pixels, NULL);
  g_assert_cmpint (picture->width, ==, 7);
  g_assert_cmpint (picture->height, ==, 5);
  for (int i = 0; i < 105; i++)
    g_assert_cmpfloat_with_epsilon (picture->pixels->data[i], pixels->data[i], 1e-6);
}

static void
test_texts (Place        *place,
            gconstpointer data)
{
  static const char *const values[] = { "plain", "", "café", "Ã©", "中文 🍎", "a\nb" };
  g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, 1, 1, 3 });
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
  g_autoptr (LimnPicture) picture = NULL;

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (values); i++)
    {
      g_autofree char *key = g_strdup_printf ("key %d", (int) i);

      g_ptr_array_add (texts, limn_picture_text_new (key, values[i / 2], i % 2));
    }

  picture = write_and_read (place, pixels, texts);
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (values); i++)
    {
      g_autofree char *key = g_strdup_printf ("key %d", (int) i);

      g_assert_cmpstr (limn_picture_texts_find (picture->texts, key), ==, values[i / 2]);
    }
}

/* tEXt where other programs can read it, iTXt where it must be */
static void
test_chunk_kinds (Place        *place,
                  gconstpointer data)
{
  static const struct
  {
    const char *text, *bytes;
    gsize       size;
  } cases[] = {
    { "café", "tEXtk\0caf\xe9", 10 },
    { "中", "iTXtk\0\0\0\0\0\xe4\xb8\xad", 13 },
    { "Ã©", "iTXtk\0\0\0\0\0\xc3\x83\xc2\xa9", 14 },
  };
  g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, 1, 1, 3 });

  g_assert_false (g_file_test (place->path, G_FILE_TEST_EXISTS));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
      g_autoptr (GBytes) png = NULL;
      gsize       size;
      const void *file;

      g_ptr_array_add (texts, limn_picture_text_new ("k", cases[i].text, FALSE));
      png = limn_picture_encode_png (pixels, texts, NULL);
      file = g_bytes_get_data (png, &size);
      g_assert_nonnull (memmem (file, size, cases[i].bytes, cases[i].size));
    }
}

static GBytes *
make_png (void)
{
  g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, 16, 16, 3 });
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);

  for (int i = 0; i < 16 * 16 * 3; i++)
    pixels->data[i] = (i * 37 % 256) / 255.0f;
  g_ptr_array_add (texts, limn_picture_text_new ("parameters", "中文", FALSE));
  return limn_picture_encode_png (pixels, texts, NULL);
}

static void
read_anyhow (Place        *place,
             const guint8 *file,
             gsize         size)
{
  static const LimnPicturePart parts[] = { LIMN_PICTURE_PIXELS, LIMN_PICTURE_TEXTS };

  g_assert_true (g_file_set_contents (place->path, (const char *) file, size, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnPicture) picture = limn_picture_file_read (place->path, parts[i], &error);

      g_assert_true ((picture == NULL) == (error != NULL));
      if (error != NULL)
        g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_truncated (Place        *place,
                gconstpointer data)
{
  g_autoptr (GBytes) png = make_png ();
  gsize         size;
  const guint8 *file = g_bytes_get_data (png, &size);

  for (gsize cut = 0; cut < size; cut += 3)
    {
      g_autoptr (GError) error = NULL;

      read_anyhow (place, file, cut);
      g_assert_null (limn_picture_file_read (place->path, LIMN_PICTURE_PIXELS, &error));
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT);
    }
}

/* Any byte may be wrong: an error or a picture, never a crash (run under a sanitizer). */
static void
test_damaged (Place        *place,
              gconstpointer data)
{
  g_autoptr (GBytes) png = make_png ();
  gsize              size;
  const guint8      *file = g_bytes_get_data (png, &size);
  g_autofree guint8 *copy = g_memdup2 (file, size);

  for (gsize i = 0; i < size; i++)
    for (int bit = 0; bit < 8; bit += 3)
      {
        copy[i] = file[i] ^ (1 << bit);
        read_anyhow (place, copy, size);
        copy[i] = file[i];
      }
}

static void
append_chunk (GByteArray *png,
              const char *type,
              const void *bytes,
              guint32     size)
{
  g_autoptr (GByteArray) checked = g_byte_array_new ();
  guint32 length = GUINT32_TO_BE (size), crc = 0xffffffff;

  g_byte_array_append (checked, (const guint8 *) type, 4);
  g_byte_array_append (checked, bytes, size);
  for (guint i = 0; i < checked->len; i++)
    {
      crc ^= checked->data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = crc & 1 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
    }
  crc = GUINT32_TO_BE (~crc);

  g_byte_array_append (png, (const guint8 *) &length, 4);
  g_byte_array_append (png, checked->data, checked->len);
  g_byte_array_append (png, (const guint8 *) &crc, 4);
}

/* A header that promises 65,535 × 65,535 pixels takes no memory for them. */
static void
test_lying_size (Place        *place,
                 gconstpointer data)
{
  g_autoptr (GByteArray) png = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  g_byte_array_append (png, (const guint8 *) "\x89PNG\r\n\x1a\n", 8);
  append_chunk (png, "IHDR", "\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0", 13);
  append_chunk (png, "IDAT", "\x78\x9c\x03\0\0\0\0\x01", 8);
  append_chunk (png, "IEND", "", 0);
  g_assert_true (g_file_set_contents (place->path, (const char *) png->data, png->len, NULL));
  g_assert_null (limn_picture_file_read (place->path, LIMN_PICTURE_PIXELS, &error));
  g_assert_nonnull (strstr (error->message, "megapixels"));
}

/* Some programs write their texts behind the pixels; both ways of reading find them. */
static void
test_late_text (Place        *place,
                gconstpointer data)
{
  g_autoptr (GBytes) whole = make_png ();
  g_autoptr (GByteArray) png = g_byte_array_new ();
  gsize         size;
  const guint8 *file = g_bytes_get_data (whole, &size);

  g_byte_array_append (png, file, size - 12);
  append_chunk (png, "tEXt", "late\0here", 9);
  append_chunk (png, "IEND", "", 0);
  g_assert_true (g_file_set_contents (place->path, (const char *) png->data, png->len, NULL));

  for (int part = LIMN_PICTURE_PIXELS; part <= LIMN_PICTURE_TEXTS; part++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LimnPicture) picture = limn_picture_file_read (place->path, part, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (limn_picture_texts_find (picture->texts, "late"), ==, "here");
      g_assert_cmpstr (limn_picture_texts_find (picture->texts, "parameters"), ==, "中文");
    }
}

static void
test_other_kinds (Place        *place,
                  gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (place->path, "\xff\xd8\xff\xe0 and more", -1, NULL));
  g_assert_cmpstr (limn_picture_file_recognise (place->path), ==, "JPEG");
  g_assert_null (limn_picture_file_read (place->path, LIMN_PICTURE_TEXTS, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT);
  g_assert_null (limn_picture_file_recognise ("/dev/zero"));
}

static void
test_fit (void)
{
  static const int sizes[][2] = { { 64, 64 }, { 8, 40 }, { 40, 8 }, { 200, 300 }, { 1, 1 } };
  g_autoptr (LimnArray) picture = limn_array_new ((LimnShape){ 1, 48, 64, 3 });

  /* A ramp from left to right stays one, whatever the size; its middle stays in the middle. */
  for (gsize i = 0; i < limn_shape_elements (picture->shape); i++)
    picture->data[i] = (i / 3 % 64 + 0.5f) / 64;

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (LimnArray) fitted = limn_picture_fit (picture, sizes[i][0], sizes[i][1]);
      int   w = fitted->shape.w, h = fitted->shape.h;
      float left = fitted->data[(gsize) h / 2 * w * 3],
            right = fitted->data[((gsize) h / 2 * w + w - 1) * 3];

      g_assert_cmpint (w, ==, sizes[i][0]);
      g_assert_cmpint (h, ==, sizes[i][1]);
      g_assert_cmpfloat_with_epsilon ((left + right) / 2, 0.5, 1e-3);
      g_assert_true (w == 1 || left < right);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/picture/rounding", Place, NULL, set_up, test_rounding, tear_down);
  g_test_add ("/picture/layout", Place, NULL, set_up, test_layout, tear_down);
  g_test_add ("/picture/texts", Place, NULL, set_up, test_texts, tear_down);
  g_test_add ("/picture/chunk-kinds", Place, NULL, set_up, test_chunk_kinds, tear_down);
  g_test_add ("/picture/truncated", Place, NULL, set_up, test_truncated, tear_down);
  g_test_add ("/picture/damaged", Place, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/picture/lying-size", Place, NULL, set_up, test_lying_size, tear_down);
  g_test_add ("/picture/late-text", Place, NULL, set_up, test_late_text, tear_down);
  g_test_add ("/picture/other-kinds", Place, NULL, set_up, test_other_kinds, tear_down);
  g_test_add_func ("/picture/fit", test_fit);
  return g_test_run ();
}
