/* Encodes AVIF by libheif, EXIF, XMP and colour profile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/encoding.h"

#include <string.h>

#include <libheif/heif.h>

typedef struct heif_context      Context;
typedef struct heif_encoder      Encoder;
typedef struct heif_image        Image;
typedef struct heif_image_handle Handle;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Context, heif_context_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Encoder, heif_encoder_release)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Image, heif_image_release)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Handle, heif_image_handle_release)

static gboolean
check (struct heif_error status,
       GError          **error)
{
  if (status.code == heif_error_Ok)
    return TRUE;
  g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, status.message);
  return FALSE;
}

static Image *
make_image (const LimnEncoding *encoding,
            GError            **error)
{
  g_autoptr (LimnRaster) raster = limn_encoding_raster_8 (encoding->raster, FALSE);
  g_autoptr (Image) image = NULL;
  enum heif_chroma chroma = raster->channels == 4 ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
  guint8          *plane;
  int              stride;

  if (!check (heif_image_create (raster->width, raster->height, heif_colorspace_RGB, chroma, &image), error)
      || !check (heif_image_add_plane (image, heif_channel_interleaved, raster->width, raster->height, 8), error))
    return NULL;

  plane = heif_image_get_plane (image, heif_channel_interleaved, &stride);
  for (int y = 0; y < raster->height; y++)
    memcpy (plane + (gsize) y * stride, raster->data + y * limn_raster_stride (raster), limn_raster_stride (raster));
  if (encoding->icc != NULL)
    heif_image_set_raw_color_profile (image, "prof", g_bytes_get_data (encoding->icc, NULL), g_bytes_get_size (encoding->icc));
  return g_steal_pointer (&image);
}

static gboolean
add_metadata (Context            *context,
              Handle             *handle,
              const LimnEncoding *encoding,
              GError            **error)
{
  gsize         size = 0;
  gconstpointer exif = encoding->exif ? g_bytes_get_data (encoding->exif, &size) : NULL;

  return (exif == NULL || check (heif_context_add_exif_metadata (context, handle, exif, size), error))
         && (encoding->xmp == NULL || check (heif_context_add_XMP_metadata (context, handle, encoding->xmp, strlen (encoding->xmp)), error));
}

static struct heif_error
put_bytes (Context    *context,
           const void *data,
           size_t      size,
           void       *out)
{
  static const struct heif_error fine = { heif_error_Ok, heif_suberror_Unspecified, "" };

  g_byte_array_append (out, data, size);
  return fine;
}

static gboolean
start (Context            *context,
       const LimnEncoding *encoding,
       Encoder           **encoder,
       GError            **error)
{
  if (heif_context_get_encoder_for_format (context, heif_compression_AV1, encoder).code != heif_error_Ok)
    {
      g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "libheif has no AV1 encoder here: take .webp or .jpg");
      return FALSE;
    }

  heif_encoder_set_lossy_quality (*encoder, encoding->how->lossless ? 100 : encoding->how->quality);
  heif_encoder_set_lossless (*encoder, encoding->how->lossless);
  heif_encoder_set_parameter (*encoder, "chroma", "444");
  return TRUE;
}

/* Without loss, colours have to stay red, green and blue (matrix coefficients 0 of ITU-T H.273). */
static void
keep_rgb (struct heif_encoding_options    *options,
          struct heif_color_profile_nclx **nclx,
          gboolean                         lossless)
{
  *nclx = lossless ? heif_nclx_color_profile_alloc () : NULL;
  if (*nclx == NULL)
    return;
  (*nclx)->matrix_coefficients = heif_matrix_coefficients_RGB_GBR;
  (*nclx)->full_range_flag = 1;
  options->output_nclx_profile = *nclx;
}

static gboolean
encode_image (Context            *context,
              Image              *image,
              Encoder            *encoder,
              const LimnEncoding *encoding,
              GError            **error)
{
  g_autoptr (Handle) handle = NULL;
  struct heif_encoding_options   *options = heif_encoding_options_alloc ();
  struct heif_color_profile_nclx *nclx = NULL;
  gboolean                        done;

  keep_rgb (options, &nclx, encoding->how->lossless);
  if (nclx != NULL)
    heif_image_set_nclx_color_profile (image, nclx);
  done = check (heif_context_encode_image (context, image, encoder, options, &handle), error)
         && add_metadata (context, handle, encoding, error);
  heif_encoding_options_free (options);
  if (nclx != NULL)
    heif_nclx_color_profile_free (nclx);
  return done;
}

GBytes *
limn_avif_encode (const LimnEncoding *encoding,
                  GError            **error)
{
  g_autoptr (Context) context = heif_context_alloc ();
  g_autoptr (Encoder) encoder = NULL;
  g_autoptr (Image) image = make_image (encoding, error);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  struct heif_writer writer = { .writer_api_version = 1, .write = put_bytes };

  if (image == NULL || !start (context, encoding, &encoder, error) || !encode_image (context, image, encoder, encoding, error)
      || !check (heif_context_write (context, &writer, out), error))
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
