/* Pictures of every kind: settings, turning, colours, bits, and files that are damaged.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/metadata.h"

#include <math.h>
#include <string.h>

#include <lcms2.h>
#include <png.h>

#include "app/pictures/exif.h"

static const char *const formats[] = { "png", "jpg", "webp", "avif" };

/* Returns: whether this Limn has the format */
static gboolean
choose (LimnPictureOutput *output,
        const char        *ending,
        const char        *quality,
        const char        *bits)
{
  g_autofree char *path = g_strconcat ("x.", ending, NULL);

  return limn_picture_output_init (output, path, quality, bits, NULL);
}

static LimnPicture *
read_bytes (GBytes         *bytes,
            LimnPicturePart part)
{
  g_autoptr (GError) error = NULL;
  LimnPicture *picture = limn_picture_read (bytes, "test", part, &error);

  g_assert_no_error (error);
  return picture;
}

/* Smooth, so that formats with loss keep it closely; each corner has a colour of its own. */
static LimnRaster *
make_raster (int width,
             int height,
             int channels,
             int depth)
{
  LimnRaster *raster = limn_raster_new (width, height, channels, depth);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < channels; c++)
        {
          gsize  i = ((gsize) y * width + x) * channels + c;
          double levels[] = { (double) x / width, (double) y / height, 0.5, 0.25 + 0.5 * x / width };

          if (depth == 1)
            raster->data[i] = lround (levels[c] * 255);
          else
            ((guint16 *) raster->data)[i] = lround (levels[c] * 65535);
        }
  return raster;
}

static double
difference (const LimnRaster *a,
            const LimnRaster *b)
{
  double most = 0;

  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  g_assert_cmpint (a->channels, ==, b->channels);
  g_assert_cmpint (a->depth, ==, b->depth);
  for (gsize i = 0; i < (gsize) a->width * a->height * a->channels; i++)
    {
      int x = a->depth == 1 ? a->data[i] : ((guint16 *) a->data)[i];
      int y = a->depth == 1 ? b->data[i] : ((guint16 *) b->data)[i];

      most = MAX (most, abs (x - y));
    }
  return most;
}

static const char *const prompts[] = {
  "a red apple",
  "",
  "two\nlines, \"quotes\", \\ and 🍎 中文 עברית",
  "\n leading\r\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 99, Size: 1x1",
  "Negative prompt: no\nSteps: 3",
  "<x:xmpmeta> ]]> &amp; \x01",
};

static void
check_round_trip (const char *ending,
                  const char *prompt)
{
  g_autoptr (LimnRaster) raster = make_raster (40, 24, 3, 1);
  g_auto (LimnRequest) request = { 0 };
  g_autoptr (GPtrArray) texts = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LimnPicture) picture = NULL;
  g_autoptr (LimnMetadata) metadata = NULL;
  g_autoptr (GError) error = NULL;
  LimnPictureOutput output;

  if (!choose (&output, ending, NULL, NULL))
    return;
  limn_request_init (&request);
  request.prompt = g_strdup (prompt);
  request.negative = g_strdup ("not\nthis");
  request.seed = G_MAXINT64;
  request.steps = 7;
  request.guidance = 4.5;
  texts = limn_metadata_texts (&request);
  bytes = limn_picture_encode (raster, NULL, texts, &output, &error);
  g_assert_no_error (error);
  picture = read_bytes (bytes, LIMN_PICTURE_TEXTS);
  metadata = limn_metadata_read (picture);

  g_assert_cmpstr (metadata->dialect, ==, "limn");
  g_assert_cmpstr (metadata->request.prompt, ==, prompt);
  g_assert_cmpstr (metadata->request.negative, ==, "not\nthis");
  g_assert_cmpint (metadata->request.seed, ==, G_MAXINT64);
  g_assert_cmpint (metadata->request.steps, ==, 7);
  g_assert_cmpfloat (metadata->request.guidance, ==, 4.5);
}

static void
test_round_trip (void)
{
  g_autoptr (GString) novel = g_string_new (NULL);
  guint32 state = 1;

  /* 100,000 characters that pack badly, some of them of four bytes */
  for (int i = 0; i < 100000; i++)
    {
      state = state * 1664525 + 1013904223;
      g_string_append_unichar (novel, i % 97 == 0 ? 0x1f34e : i % 31 == 0 ? '\n'
                                                                          : '!' + (state >> 8) % 94);
    }

  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (prompts); i++)
        check_round_trip (formats[f], prompts[i]);
      check_round_trip (formats[f], novel->str);
    }
}

/* Pixels come back: exactly where there is no loss, closely elsewhere; of opacity, what the format has. */
static void
test_pixels (void)
{
  static const struct
  {
    const char *ending, *quality, *bits;
    int         channels, depth;
    double      most;
  } cases[] = {
    { "png", NULL, "8", 3, 1, 0 },
    { "png", NULL, "8", 4, 1, 0 },
    { "png", NULL, "16", 3, 2, 0 },
    { "png", NULL, "16", 4, 2, 0 },
    { "jpg", "95", NULL, 3, 1, 4 },
    { "webp", "95", NULL, 3, 1, 8 },
    { "webp", "lossless", NULL, 3, 1, 0 },
    { "webp", "lossless", NULL, 4, 1, 0 },
    { "avif", "90", NULL, 3, 1, 8 },
    { "avif", "lossless", NULL, 3, 1, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LimnRaster) raster = make_raster (61, 47, cases[i].channels, cases[i].depth);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (LimnPicture) picture = NULL;
      LimnPictureOutput output;

      if (!choose (&output, cases[i].ending, cases[i].quality, cases[i].bits))
        continue;
      bytes = limn_picture_encode (raster, NULL, NULL, &output, NULL);
      picture = read_bytes (bytes, LIMN_PICTURE_RASTER);
      g_test_message ("%s %s: %g", cases[i].ending, cases[i].quality, difference (raster, picture->raster));
      g_assert_cmpfloat (difference (raster, picture->raster), <=, cases[i].most);
    }
}

static void
test_quality (void)
{
  static const char *const wrong[][3] = { { "jpg", "0", NULL }, { "jpg", "101", NULL }, { "jpg", "lossless", NULL }, { "webp", "best", NULL }, { "png", "80", NULL }, { "jpg", NULL, "16" }, { "png", NULL, "12" }, { "gif", NULL, NULL }, { "tif", NULL, NULL } };
  g_autoptr (LimnRaster) raster = make_raster (64, 64, 3, 1);
  LimnPictureOutput low, high;
  g_autoptr (GBytes) small = NULL;
  g_autoptr (GBytes) large = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (choose (&low, wrong[i][0], wrong[i][1], wrong[i][2]));

  g_assert_true (choose (&low, "JPG", "10", NULL) && choose (&high, "jpeg", "99", NULL));
  small = limn_picture_encode (raster, NULL, NULL, &low, NULL);
  large = limn_picture_encode (raster, NULL, NULL, &high, NULL);
  g_assert_cmpuint (g_bytes_get_size (small), <, g_bytes_get_size (large));
}

/* A JPEG with a segment that a camera would write. */
static GBytes *
insert_exif (GBytes       *jpeg,
             const guint8 *exif,
             gsize         exif_size)
{
  gsize         size, length = 2 + 6 + exif_size;
  const guint8 *bytes = g_bytes_get_data (jpeg, &size);
  const guint8  head[] = { 0xff, 0xe1, length >> 8, length & 0xff, 'E', 'x', 'i', 'f', 0, 0 };
  GByteArray   *out = g_byte_array_new ();

  g_byte_array_append (out, bytes, 2);
  g_byte_array_append (out, head, sizeof head);
  g_byte_array_append (out, exif, exif_size);
  g_byte_array_append (out, bytes + 2, size - 2);
  return g_byte_array_free_to_bytes (out);
}

/* Of each orientation, the corner that has to be at the top left: EXIF 2.3 says which side rows and columns begin at. */
static void
test_orientation (void)
{
  static const int corners[9][2] = { { 0 }, { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 }, { 0, 0 }, { 0, 1 }, { 1, 1 }, { 1, 0 } };
  g_autoptr (LimnRaster) raster = make_raster (48, 32, 3, 1);
  g_autoptr (GBytes) plain = NULL;
  LimnPictureOutput output;

  g_assert_true (choose (&output, "jpg", "98", NULL));
  plain = limn_picture_encode (raster, NULL, NULL, &output, NULL);
  for (int orientation = 1; orientation <= 8; orientation++)
    {
      const guint8 exif[] = { 'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0 };
      g_autoptr (GBytes) bytes = insert_exif (plain, exif, sizeof exif);
      g_autoptr (LimnPicture) picture = read_bytes (bytes, LIMN_PICTURE_PIXELS);
      g_autoptr (LimnPicture) small = limn_picture_read_small (bytes, "test", 16, NULL);

      g_assert_cmpint (picture->width, ==, orientation > 4 ? 32 : 48);
      g_assert_cmpint (picture->height, ==, orientation > 4 ? 48 : 32);
      g_assert_cmpint (picture->pixels->shape.w, ==, picture->width);
      g_assert_cmpfloat_with_epsilon (picture->pixels->data[0], corners[orientation][0], 0.06);
      g_assert_cmpfloat_with_epsilon (picture->pixels->data[1], corners[orientation][1], 0.06);
      g_assert_cmpint (small->width, ==, picture->width);
      g_assert_cmpint (small->raster->width > small->raster->height, ==, orientation <= 4);
      g_assert_cmpint (MAX (small->raster->width, small->raster->height), >=, 16);
    }
}

/* A profile whose red is sRGB's green, and the other way around: no mistake can hide. */
static GBytes *
make_profile (void)
{
  cmsCIExyY          white = { 0.3127, 0.3290, 1 };
  cmsCIExyYTRIPLE    primaries = { { 0.30, 0.60, 1 }, { 0.64, 0.33, 1 }, { 0.15, 0.06, 1 } };
  cmsToneCurve      *curve = cmsBuildGamma (NULL, 2.2);
  cmsToneCurve      *curves[] = { curve, curve, curve };
  cmsHPROFILE        profile = cmsCreateRGBProfile (&white, &primaries, curves);
  cmsUInt32Number    size = 0;
  g_autofree guint8 *data = NULL;

  g_assert_true (cmsSaveProfileToMem (profile, NULL, &size));
  data = g_malloc (size);
  g_assert_true (cmsSaveProfileToMem (profile, data, &size));
  cmsCloseProfile (profile);
  cmsFreeToneCurve (curve);
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

static void
test_profile (void)
{
  g_autoptr (GBytes) profile = make_profile ();
  g_autoptr (LimnRaster) raster = make_raster (48, 32, 3, 1);

  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (LimnPicture) kept = NULL;
      g_autoptr (LimnPicture) converted = NULL;
      LimnPictureOutput output;
      gsize             at = (31 * 48 + 1) * 3; /* bottom left: green as stored, so red */

      if (!choose (&output, formats[f], NULL, NULL))
        continue;
      bytes = limn_picture_encode (raster, profile, NULL, &output, NULL);
      kept = read_bytes (bytes, LIMN_PICTURE_RASTER);
      converted = read_bytes (bytes, LIMN_PICTURE_PIXELS);
      g_assert_true (g_bytes_equal (kept->icc, profile));
      g_assert_cmpint (abs (kept->raster->data[at + 1] - raster->data[at + 1]), <=, 10);
      g_assert_cmpfloat_with_epsilon (converted->pixels->data[at], raster->data[at + 1] / 255.0, 0.06);
      g_assert_cmpfloat (converted->pixels->data[at + 1], <, 0.2);
    }
}

/* Deeper than 8 bits stays so when computed on. */
static void
test_16_bits (void)
{
  g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, 4, 64, 3 });
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LimnPicture) picture = NULL;
  LimnPictureOutput output;

  for (gsize i = 0; i < limn_shape_elements (pixels->shape); i++)
    pixels->data[i] = 0.5 + i / 65535.0;
  g_assert_true (choose (&output, "png", NULL, "16"));
  bytes = limn_picture_encode_pixels (pixels, NULL, &output, NULL);
  picture = read_bytes (bytes, LIMN_PICTURE_PIXELS);
  for (gsize i = 0; i < limn_shape_elements (pixels->shape); i++)
    g_assert_cmpfloat_with_epsilon (picture->pixels->data[i], pixels->data[i], 0.51 / 65535);
}

static void
add_comment (GByteArray   *exif,
             const char   *code,
             const guint8 *text,
             gsize         size,
             gboolean      in_first)
{
  gsize  at = in_first ? 26 : 44;
  gsize  count = 8 + size;
  guint8 head[44] = { 'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0,
                      1, 0, 0x86, 0x92, 7, 0, count & 0xff, count >> 8, 0, 0, at, 0, 0, 0 };

  if (in_first)
    memmove (head + 8, head + 26, 18);
  g_byte_array_append (exif, head, at);
  g_byte_array_append (exif, (const guint8 *) code, 8);
  g_byte_array_append (exif, text, size);
}

/* Programs do not agree on the order of bytes, nor on where a comment stands. */
static void
test_comments (void)
{
  static const struct
  {
    const char *code, *charset, *mark;
    gboolean    in_first;
  } cases[] = {
    { "UNICODE", "UTF-16LE", "", FALSE },
    { "UNICODE", "UTF-16BE", "", FALSE },
    { "UNICODE", "UTF-16LE", "\xff\xfe", FALSE },
    { "UNICODE", "UTF-16BE", "\xfe\xff", TRUE },
    { "ASCII\0\0", "UTF-8", "", FALSE },
    { "\0\0\0\0\0\0\0", "UTF-8", "", TRUE },
  };
  static const char text[] = "一只猫, a cat\nSteps: 20";

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize            size = 0;
      g_autofree char *coded = g_convert (text, -1, cases[i].charset, "UTF-8", NULL, &size, NULL);
      g_autofree char *whole = g_malloc (size + 2);
      gsize            mark = strlen (cases[i].mark);
      g_autoptr (GByteArray) exif = g_byte_array_new ();
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);

      memcpy (whole, cases[i].mark, mark);
      memcpy (whole + mark, coded, size);
      add_comment (exif, cases[i].code, (const guint8 *) whole, size + mark, cases[i].in_first);
      bytes = g_bytes_new (exif->data, exif->len);
      limn_exif_read_texts (bytes, texts);
      g_assert_cmpstr (limn_picture_texts_find (texts, "parameters"), ==, text);
    }
}

/* ComfyUI's two graphs go through EXIF as it writes them itself. */
static void
test_graphs (void)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
  g_autoptr (GPtrArray) back = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);
  g_autoptr (GBytes) exif = NULL;

  g_ptr_array_add (texts, limn_picture_text_new ("prompt", "{\"1\": \"é\"}", FALSE));
  g_ptr_array_add (texts, limn_picture_text_new ("workflow", "{\"nodes\": []}", FALSE));
  exif = limn_exif_write (texts);
  limn_exif_read_texts (exif, back);
  g_assert_cmpstr (limn_picture_texts_find (back, "prompt"), ==, "{\"1\": \"é\"}");
  g_assert_cmpstr (limn_picture_texts_find (back, "workflow"), ==, "{\"nodes\": []}");
}

/* Any byte may be wrong, and the file may end anywhere: an error or a picture, never a crash (run under a sanitizer). */
static void
test_damaged (gconstpointer data)
{
  const char *ending = data;
  g_autoptr (LimnRaster) raster = make_raster (24, 24, 3, 1);
  g_autoptr (GBytes) profile = make_profile ();
  g_auto (LimnRequest) request = { 0 };
  g_autoptr (GPtrArray) texts = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree guint8 *copy = NULL;
  gsize              size, step;
  LimnPictureOutput  output;

  if (!choose (&output, ending, NULL, NULL))
    {
      g_test_skip ("this Limn does not write the format");
      return;
    }
  limn_request_init (&request);
  request.prompt = g_strdup ("a cat");
  texts = limn_metadata_texts (&request);
  bytes = limn_picture_encode (raster, profile, texts, &output, NULL);
  size = g_bytes_get_size (bytes);
  copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
  step = g_str_equal (ending, "avif") ? 31 : 5;

  for (gsize i = 0; i < size; i += step)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (bytes, 0, i);
      g_autoptr (LimnPicture) none = limn_picture_read (cut, "cut", LIMN_PICTURE_PIXELS, NULL);
      g_autoptr (GBytes) wrong = NULL;
      g_autoptr (LimnPicture) a = NULL;
      g_autoptr (LimnPicture) b = NULL;

      copy[i] ^= 1 << i % 8;
      wrong = g_bytes_new (copy, size);
      a = limn_picture_read (wrong, "wrong", LIMN_PICTURE_PIXELS, NULL);
      b = limn_picture_read_small (wrong, "wrong", 16, NULL);
      if (a != NULL)
        limn_metadata_free (limn_metadata_read (a));
      copy[i] ^= 1 << i % 8;
    }
}

/* Half of a picture is no picture, whatever its format. */
static void
test_half (void)
{
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autoptr (LimnRaster) raster = make_raster (300, 300, 3, 1);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GBytes) half = NULL;
      g_autoptr (GError) error = NULL;
      LimnPictureOutput output;

      if (!choose (&output, formats[f], NULL, NULL))
        continue;
      bytes = limn_picture_encode (raster, NULL, NULL, &output, NULL);
      half = g_bytes_new_from_bytes (bytes, 0, g_bytes_get_size (bytes) * 2 / 3);
      g_assert_null (limn_picture_read (half, "half", LIMN_PICTURE_PIXELS, &error));
      g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT);
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
append (png_structp png,
        png_bytep   bytes,
        png_size_t  size)
{
  g_byte_array_append (png_get_io_ptr (png), bytes, size);
}

/* As libpng writes it. @filters: one of libpng's sets */
static GBytes *
make_filtered (const LimnRaster *raster,
               int               filters)
{
  GByteArray *out = g_byte_array_new ();
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop   info = png_create_info_struct (png);

  png_set_write_fn (png, out, append, NULL);
  png_set_IHDR (png, info, raster->width, raster->height, 8, raster->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGB_ALPHA, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_filter (png, PNG_FILTER_TYPE_BASE, filters);
  png_write_info (png, info);
  for (int y = 0; y < raster->height; y++)
    png_write_row (png, raster->data + y * limn_raster_stride (raster));
  png_write_end (png, NULL);
  png_destroy_write_struct (&png, &info);
  return g_byte_array_free_to_bytes (out);
}

/* Each filter of PNG by itself and all of them, at sizes that leave rests: every byte comes back. */
static void
test_filters (void)
{
  static const int filters[] = { PNG_FILTER_NONE, PNG_FILTER_SUB, PNG_FILTER_UP, PNG_FILTER_AVG, PNG_FILTER_PAETH, PNG_ALL_FILTERS };
  static const int sizes[][2] = { { 1, 1 }, { 1, 9 }, { 7, 1 }, { 33, 21 }, { 64, 64 } };
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  for (gsize f = 0; f < G_N_ELEMENTS (filters) * G_N_ELEMENTS (sizes) * 2; f++)
    {
      const int *size = sizes[f / 2 % G_N_ELEMENTS (sizes)];
      g_autoptr (LimnRaster) raster = limn_raster_new (size[0], size[1], 3 + (int) (f % 2), 1);
      gsize bytes = limn_raster_stride (raster) * raster->height;
      g_autoptr (GBytes) file = NULL;
      g_autoptr (LimnPicture) picture = NULL;

      for (gsize i = 0; i < bytes; i++)
        raster->data[i] = (guint8) (g_rand_boolean (random) ? g_rand_int (random) : i * 3);
      file = make_filtered (raster, filters[f / 2 / G_N_ELEMENTS (sizes)]);
      picture = limn_picture_read (file, "filtered", LIMN_PICTURE_RASTER, NULL);
      g_assert_nonnull (picture);
      g_assert_cmpint (picture->width, ==, size[0]);
      g_assert_cmpmem (picture->raster->data, limn_raster_stride (picture->raster) * picture->raster->height, raster->data, bytes);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture-formats/round-trip", test_round_trip);
  g_test_add_func ("/picture-formats/pixels", test_pixels);
  g_test_add_func ("/picture-formats/quality", test_quality);
  g_test_add_func ("/picture-formats/orientation", test_orientation);
  g_test_add_func ("/picture-formats/profile", test_profile);
  g_test_add_func ("/picture-formats/16-bits", test_16_bits);
  g_test_add_func ("/picture-formats/comments", test_comments);
  g_test_add_func ("/picture-formats/graphs", test_graphs);
  g_test_add_func ("/picture-formats/half", test_half);
  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autofree char *path = g_strconcat ("/picture-formats/damaged/", formats[f], NULL);

      g_test_add_data_func (path, formats[f], test_damaged);
    }
  g_test_add_func ("/picture-formats/filters", test_filters);
  return g_test_run ();
}
