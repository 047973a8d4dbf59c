/* Reads pictures: the table of what is read, and what is done to all of them alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture-file.h"

#include <string.h>

#include "app/pictures/colour.h"
#include "app/pictures/decoded.h"
#include "app/pictures/exif.h"
#include "app/safe-file.h"
#include "app/xmp.h"

#define MAX_FILE_BYTES ((gsize) 512 * 1024 * 1024)

/**
 * LimnPictureReader:
 * @name: as limn_picture_recognise() has it
 * @turned_by_exif: the pixels are stored as EXIF's orientation says; in other formats the decoder knows
 */
typedef struct
{
  const char    *name;
  LimnDecodeFunc decode;
  gboolean       turned_by_exif;
} LimnPictureReader;

static const LimnPictureReader readers[] = {
  { "PNG", limn_png_decode, TRUE },
  { "JPEG", limn_jpeg_decode, TRUE },
  { "WebP", limn_webp_decode, TRUE },
#ifdef LIMN_HAVE_HEIF
  { "AVIF", limn_heif_decode, FALSE },
  { "HEIF", limn_heif_decode, FALSE },
#endif
#ifdef LIMN_HAVE_TIFF
  { "TIFF", limn_tiff_decode, FALSE },
#endif
};

static const LimnPictureReader *
find_reader (const char *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    if (g_strcmp0 (readers[i].name, kind) == 0)
      return &readers[i];

  return NULL;
}

static const LimnPictureReader *
recognise (GBytes     *bytes,
           const char *name,
           GError    **error)
{
  const char              *kind = limn_picture_recognise (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  const LimnPictureReader *reader = find_reader (kind);

  if (reader == NULL)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT,
                 "%s: is %s, which this Limn does not read: save it as PNG, JPEG or WebP", name, kind ? kind : "no picture");
  return reader;
}

static void
add_text (GPtrArray  *texts,
          const char *keyword,
          const char *text)
{
  if (text != NULL && limn_picture_texts_find (texts, keyword) == NULL)
    g_ptr_array_add (texts, limn_picture_text_new (keyword, text, TRUE));
}

/* Packets are filled up with spaces, some with zeros. */
static void
collect_xmp (LimnDecoded *decoded)
{
  gsize            size = 0;
  const char      *bytes = decoded->xmp ? g_bytes_get_data (decoded->xmp, &size) : NULL;
  g_autofree char *packet = bytes != NULL && g_utf8_validate (bytes, strnlen (bytes, size), NULL) ? g_strndup (bytes, size) : NULL;

  add_text (decoded->texts, LIMN_PICTURE_XMP, packet);
}

/* Our own settings have a place of their own in PNG, and in XMP elsewhere. */
static void
collect_own (GPtrArray *texts)
{
  const char      *packet = limn_picture_texts_find (texts, LIMN_PICTURE_XMP);
  g_autofree char *request = packet ? limn_xmp_find (packet, LIMN_XMP_REQUEST) : NULL;

  add_text (texts, "limn", request);
}

static void
collect_texts (LimnDecoded             *decoded,
               const LimnPictureReader *reader)
{
  if (decoded->exif != NULL)
    limn_exif_read_texts (decoded->exif, decoded->texts);
  if (decoded->exif != NULL && reader->turned_by_exif)
    decoded->orientation = limn_exif_orientation (decoded->exif);
  collect_xmp (decoded);
  collect_own (decoded->texts);
}

/* A profile for grey or inks is no longer right for what the decoders make of them. */
static GBytes *
take_profile (LimnDecoded *decoded)
{
  g_autoptr (GBytes) icc = g_steal_pointer (&decoded->icc);
  gsize         size = 0;
  const guint8 *bytes = icc ? g_bytes_get_data (icc, &size) : NULL;

  return size >= 128 && memcmp (bytes + 16, "RGB ", 4) == 0 ? g_steal_pointer (&icc) : NULL;
}

static gboolean
take_pixels (LimnPicture *picture,
             LimnDecoded *decoded,
             GError     **error)
{
  picture->icc = take_profile (decoded);
  if (decoded->raster == NULL)
    return TRUE;

  picture->raster = limn_raster_orient (g_steal_pointer (&decoded->raster), decoded->orientation);
  if (picture->raster == NULL)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "there is not enough memory to turn it: close other programs");
  return picture->raster != NULL;
}

/* Returns: (transfer full): all but what is done to pixels for one part only */
static LimnPicture *
decode (GBytes         *bytes,
        const char     *name,
        const LimnWish *wish,
        GError        **error)
{
  const LimnPictureReader *reader = recognise (bytes, name, error);
  g_auto (LimnDecoded) decoded = { 0 };
  g_autoptr (LimnPicture) picture = g_new0 (LimnPicture, 1);
  gboolean swapped;

  if (reader == NULL)
    return NULL;

  limn_decoded_init (&decoded);
  if (!reader->decode (bytes, wish, &decoded))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "%s: is a damaged %s: %s: get it again", name,
                   reader->name, decoded.error ? decoded.error->message : "it makes no sense");
      return NULL;
    }

  collect_texts (&decoded, reader);
  swapped = decoded.orientation > 4;
  picture->turned = reader->turned_by_exif && decoded.orientation != 1;
  picture->format = reader->name;
  picture->width = swapped ? decoded.height : decoded.width;
  picture->height = swapped ? decoded.width : decoded.height;
  picture->texts = g_steal_pointer (&decoded.texts);
  if (!take_pixels (picture, &decoded, error))
    return NULL;

  return g_steal_pointer (&picture);
}

LimnPicture *
limn_picture_read (GBytes         *bytes,
                   const char     *name,
                   LimnPicturePart part,
                   GError        **error)
{
  LimnWish     wish = { .pixels = part != LIMN_PICTURE_TEXTS };
  LimnPicture *picture = decode (bytes, name, &wish, error);

  if (picture == NULL || part != LIMN_PICTURE_PIXELS)
    return picture;

  limn_colour_to_srgb (picture->raster, picture->icc);
  picture->pixels = limn_raster_to_array (picture->raster);
  g_clear_pointer (&picture->raster, limn_raster_free);
  g_clear_pointer (&picture->icc, g_bytes_unref);
  return picture;
}

LimnPicture *
limn_picture_read_small (GBytes     *bytes,
                         const char *name,
                         int         least,
                         GError    **error)
{
  LimnWish     wish = { .pixels = TRUE, .least = least };
  LimnPicture *picture = decode (bytes, name, &wish, error);

  if (picture == NULL)
    return NULL;

  limn_raster_make_8_bit (picture->raster);
  limn_colour_to_srgb (picture->raster, picture->icc);
  limn_raster_flatten (picture->raster);
  g_clear_pointer (&picture->icc, g_bytes_unref);
  return picture;
}

LimnPicture *
limn_picture_file_read (const char     *path,
                        LimnPicturePart part,
                        GError        **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autoptr (GBytes) bytes = limn_safe_file_read (path, MAX_FILE_BYTES, error);

  return bytes != NULL ? limn_picture_read (bytes, shown, part, error) : NULL;
}
