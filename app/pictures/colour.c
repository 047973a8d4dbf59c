/* Colours: from a picture's own profile to sRGB.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/colour.h"

#include <string.h>

#include <lcms2.h>

/* Little CMS's own context, so that its messages go nowhere and threads share nothing. */
typedef struct
{
  cmsContext    context;
  cmsHPROFILE   from, to;
  cmsHTRANSFORM transform;
} Conversion;

static void
conversion_clear (Conversion *conversion)
{
  if (conversion->transform != NULL)
    cmsDeleteTransform (conversion->transform);
  if (conversion->from != NULL)
    cmsCloseProfile (conversion->from);
  if (conversion->to != NULL)
    cmsCloseProfile (conversion->to);
  if (conversion->context != NULL)
    cmsDeleteContext (conversion->context);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Conversion, conversion_clear)

static gboolean
prepare (Conversion            *conversion,
         GBytes                *icc,
         cmsColorSpaceSignature space,
         cmsUInt32Number        from,
         cmsUInt32Number        to)
{
  gsize         size;
  gconstpointer bytes = g_bytes_get_data (icc, &size);

  conversion->context = cmsCreateContext (NULL, NULL);
  conversion->from = conversion->context ? cmsOpenProfileFromMemTHR (conversion->context, bytes, size) : NULL;
  if (conversion->from == NULL || cmsGetColorSpace (conversion->from) != space)
    return FALSE;

  conversion->to = cmsCreate_sRGBProfileTHR (conversion->context);
  if (conversion->to == NULL)
    return FALSE;
  conversion->transform = cmsCreateTransformTHR (conversion->context, conversion->from, from, conversion->to, to,
                                                 INTENT_PERCEPTUAL, cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_COPY_ALPHA);
  return conversion->transform != NULL;
}

static void
convert_rows (const Conversion *conversion,
              const LimnRaster *raster)
{
  gsize stride = limn_raster_stride (raster);

  for (int y = 0; y < raster->height; y++)
    cmsDoTransform (conversion->transform, raster->data + y * stride, raster->data + y * stride, raster->width);
}

void
limn_colour_to_srgb (LimnRaster *raster,
                     GBytes     *icc)
{
  g_auto (Conversion) conversion = { 0 };
  cmsUInt32Number format = COLORSPACE_SH (PT_RGB) | CHANNELS_SH (3) | BYTES_SH (raster->depth) | EXTRA_SH (raster->channels - 3);

  if (icc != NULL && prepare (&conversion, icc, cmsSigRgbData, format, format))
    convert_rows (&conversion, raster);
}

/* Without a profile: what is not ink reflects. */
static void
mix_inks (LimnRaster *raster)
{
  gsize n = (gsize) raster->width * raster->height;

  for (gsize i = 0; i < n; i++)
    {
      guint8 *inks = raster->data + 4 * i;

      for (int c = 0; c < 3; c++)
        inks[c] = (inks[c] * inks[3] + 127) / 255;
    }
}

static void
drop_fourth (LimnRaster *raster)
{
  gsize n = (gsize) raster->width * raster->height;

  for (gsize i = 0; i < n; i++)
    memmove (raster->data + 3 * i, raster->data + 4 * i, 3);
  raster->channels = 3;
}

void
limn_colour_from_inks (LimnRaster *raster,
                       GBytes    **icc,
                       gboolean    inverted)
{
  g_auto (Conversion) conversion = { 0 };
  g_autoptr (GBytes) profile = g_steal_pointer (icc);
  gsize n = (gsize) raster->width * raster->height * 4;

  for (gsize i = 0; !inverted && i < n; i++)
    raster->data[i] = 255 - raster->data[i];

  if (profile != NULL && prepare (&conversion, profile, cmsSigCmykData, TYPE_CMYK_8_REV, TYPE_RGBA_8))
    convert_rows (&conversion, raster);
  else
    mix_inks (raster);
  drop_fourth (raster);
}
