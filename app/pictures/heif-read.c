/* Decodes AVIF and HEIF by libheif: 8 bits, or 16 where there are more; EXIF, XMP and colour profile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/decoded.h"

#include <string.h>

#include <libheif/heif.h>

typedef struct heif_context      Context;
typedef struct heif_image_handle Handle;
typedef struct heif_image        Image;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Context, heif_context_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Handle, heif_image_handle_release)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Image, heif_image_release)

static gboolean
check (struct heif_error status,
       LimnDecoded      *decoded)
{
  return status.code == heif_error_Ok || limn_decoded_fail (decoded, "%s", status.message);
}

static GBytes *
read_block (Handle      *handle,
            heif_item_id id)
{
  gsize              size = heif_image_handle_get_metadata_size (handle, id);
  g_autofree guint8 *data = size > 0 && size <= LIMN_PICTURE_MAX_METADATA ? g_try_malloc (size) : NULL;

  if (data == NULL || heif_image_handle_get_metadata (handle, id, data).code != heif_error_Ok)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

/* The block begins with where in it the TIFF structure does (ISO/IEC 23008-12, A.2.1). */
static GBytes *
skip_exif_head (GBytes *block)
{
  gsize         size;
  const guint8 *bytes = g_bytes_get_data (block, &size);
  gsize         at = size > 4 ? ((gsize) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]) + 4 : size;

  return at < size ? g_bytes_new_from_bytes (block, at, size - at) : NULL;
}

static void
collect_blocks (Handle      *handle,
                LimnDecoded *decoded)
{
  heif_item_id ids[16];
  int          n = heif_image_handle_get_list_of_metadata_block_IDs (handle, NULL, ids, G_N_ELEMENTS (ids));

  for (int i = 0; i < n; i++)
    {
      gboolean exif = g_strcmp0 (heif_image_handle_get_metadata_type (handle, ids[i]), "Exif") == 0;
      gboolean xmp = g_strcmp0 (heif_image_handle_get_metadata_content_type (handle, ids[i]), "application/rdf+xml") == 0;
      g_autoptr (GBytes) block = exif || xmp ? read_block (handle, ids[i]) : NULL;

      if (block != NULL && exif && decoded->exif == NULL)
        decoded->exif = skip_exif_head (block);
      if (block != NULL && xmp && decoded->xmp == NULL)
        decoded->xmp = g_steal_pointer (&block);
    }
}

static void
read_profile (Handle      *handle,
              LimnDecoded *decoded)
{
  gsize              size = heif_image_handle_get_raw_color_profile_size (handle);
  g_autofree guint8 *data = size > 0 && size <= LIMN_PICTURE_MAX_METADATA ? g_try_malloc (size) : NULL;

  if (data != NULL && heif_image_handle_get_raw_color_profile (handle, data).code == heif_error_Ok)
    decoded->icc = g_bytes_new_take (g_steal_pointer (&data), size);
}

/* libheif gives the bits that the picture has, right-aligned; 10 become 16 by repeating the highest below. */
static void
widen (guint16 *row,
       gsize    n,
       int      bits)
{
  for (gsize i = 0; i < n && bits < 16; i++)
    row[i] = row[i] << (16 - bits) | row[i] >> (2 * bits - 16);
}

static gboolean
take_rows (const Image *image,
           LimnDecoded *decoded,
           int          channels,
           int          depth)
{
  int           stride;
  const guint8 *plane = heif_image_get_plane_readonly (image, heif_channel_interleaved, &stride);
  int           bits = heif_image_get_bits_per_pixel_range (image, heif_channel_interleaved);
  LimnRaster   *raster;

  if (plane == NULL || bits < 8)
    return limn_decoded_fail (decoded, "its kind of pixels is not known");
  if (!limn_decoded_check_size (decoded, heif_image_get_width (image, heif_channel_interleaved),
                                heif_image_get_height (image, heif_channel_interleaved), TRUE)
      || !limn_decoded_make_raster (decoded, decoded->width, decoded->height, channels, depth))
    return FALSE;

  raster = decoded->raster;
  for (int y = 0; y < raster->height; y++)
    {
      guint8 *row = raster->data + y * limn_raster_stride (raster);

      memcpy (row, plane + (gsize) y * stride, limn_raster_stride (raster));
      if (depth == 2)
        widen ((guint16 *) row, (gsize) raster->width * channels, bits);
    }
  return TRUE;
}

static gboolean
read_pixels (Handle      *handle,
             LimnDecoded *decoded)
{
  gboolean         alpha = heif_image_handle_has_alpha_channel (handle);
  gboolean         deep = heif_image_handle_get_luma_bits_per_pixel (handle) > 8;
  gboolean         little = G_BYTE_ORDER == G_LITTLE_ENDIAN;
  enum heif_chroma wide = alpha ? (little ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBBAA_BE)
                                : (little ? heif_chroma_interleaved_RRGGBB_LE : heif_chroma_interleaved_RRGGBB_BE);
  enum heif_chroma narrow = alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
  g_autoptr (Image) image = NULL;

  return check (heif_decode_image (handle, &image, heif_colorspace_RGB, deep ? wide : narrow, NULL), decoded)
         && take_rows (image, decoded, alpha ? 4 : 3, deep ? 2 : 1);
}

/* The file itself says how it is turned, and libheif turns it: EXIF's word on it does not count. */
gboolean
limn_heif_decode (GBytes         *file,
                  const LimnWish *wish,
                  LimnDecoded    *decoded)
{
  g_autoptr (Context) context = heif_context_alloc ();
  g_autoptr (Handle) handle = NULL;

  heif_context_set_maximum_image_size_limit (context, LIMN_PICTURE_MAX_SIDE);
  if (!check (heif_context_read_from_memory_without_copy (context, g_bytes_get_data (file, NULL), g_bytes_get_size (file), NULL), decoded)
      || !check (heif_context_get_primary_image_handle (context, &handle), decoded)
      || !limn_decoded_check_size (decoded, heif_image_handle_get_width (handle), heif_image_handle_get_height (handle), wish->pixels))
    return FALSE;

  collect_blocks (handle, decoded);
  read_profile (handle, decoded);
  return !wish->pixels || read_pixels (handle, decoded);
}
