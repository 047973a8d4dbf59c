/* Pictures in files: what is read of any kind of them, and how they are written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"
#include "app/pictures/raster.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/* The keyword under which XMP is found. */
#define LIMN_PICTURE_XMP "XML:com.adobe.xmp"

/**
 * LimnPictureText:
 * @keyword: of a PNG text chunk: 1 to 79 Latin-1 characters
 * @text: UTF-8
 * @unicode: stored as iTXt even if tEXt could hold it
 */
typedef struct
{
  char    *keyword;
  char    *text;
  gboolean unicode;
} LimnPictureText;

LimnPictureText *limn_picture_text_new (const char *keyword,
                                        const char *text,
                                        gboolean    unicode);
void             limn_picture_text_free (LimnPictureText *text);

/* Returns: (nullable): what @keyword says in @texts (element-type LimnPictureText) */
const char *limn_picture_texts_find (const GPtrArray *texts,
                                     const char      *keyword);

/**
 * LimnPicture:
 * @format: "PNG", "JPEG", …
 * @width, @height: pixels of the whole picture, upright
 * @turned: it is stored otherwise, and EXIF says how
 * @pixels: (nullable): [1, height, width, 3], 0…1, sRGB, transparent pixels laid on white
 * @raster: (nullable): pixels as bytes
 * @icc: (nullable): profile of the colours of @raster
 * @texts: (element-type LimnPictureText): in the file's order; those of EXIF and XMP under the names that PNG has for the same
 */
typedef struct
{
  const char *format;
  int         width, height;
  gboolean    turned;
  LimnArray  *pixels;
  LimnRaster *raster;
  GBytes     *icc;
  GPtrArray  *texts;
} LimnPicture;

void limn_picture_free (LimnPicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnPicture, limn_picture_free)

/**
 * LimnPicturePart:
 * @LIMN_PICTURE_PIXELS: texts, and pixels to compute on
 * @LIMN_PICTURE_TEXTS: keeps no pixels, so that also very large pictures can be asked
 * @LIMN_PICTURE_RASTER: texts, and pixels to be written again: their bits, opacity and colours as in the file
 */
typedef enum
{
  LIMN_PICTURE_PIXELS,
  LIMN_PICTURE_TEXTS,
  LIMN_PICTURE_RASTER
} LimnPicturePart;

/**
 * limn_picture_file_read:
 *
 * Reads PNG, JPEG, WebP and, where Limn was built with them, AVIF, HEIF and TIFF, known by what is in them. Pictures come out
 * upright, as EXIF has it. A tEXt chunk of a PNG is taken for UTF-8 if it is valid UTF-8 (stable-diffusion.cpp writes
 * such), else for Latin-1 as the PNG specification has it.
 *
 * Returns: (transfer full): the picture, or %NULL with %LIMN_APP_ERROR_FILE or %LIMN_APP_ERROR_FORMAT
 */
LimnPicture *limn_picture_file_read (const char     *path,
                                     LimnPicturePart part,
                                     GError        **error);

/**
 * limn_picture_read:
 * @name: for messages
 *
 * The same for a file that is in memory.
 */
LimnPicture *limn_picture_read (GBytes         *bytes,
                                const char     *name,
                                LimnPicturePart part,
                                GError        **error);

/**
 * limn_picture_read_small:
 * @least: pixels of the longer side, at least, where the picture has them
 *
 * The same for thumbnails: the raster has 8 bits, sRGB, no opacity, and may be smaller than the picture where that is faster.
 */
LimnPicture *limn_picture_read_small (GBytes     *bytes,
                                      const char *name,
                                      int         least,
                                      GError    **error);

/**
 * limn_picture_file_recognise:
 *
 * Looks at the first bytes of a file.
 *
 * Returns: (nullable): "PNG", "JPEG", "WebP", … or %NULL if it is no picture, or no file that can be read
 */
const char *limn_picture_file_recognise (const char *path);

/* The same for @size first bytes of a file; 16 are enough. */
const char *limn_picture_recognise (gconstpointer head,
                                    gsize         size);

/**
 * LimnPictureOutput:
 * @format: "PNG", "JPEG", "WebP" or "AVIF"
 * @quality: 1…100, where there is loss
 * @lossless: none; WebP and AVIF
 * @depth: bits of a sample: 8, or 16 (PNG)
 * @quick: JPEG with colours at half the resolution, and packed in one pass
 */
typedef struct
{
  const char *format;
  int         quality;
  gboolean    lossless;
  int         depth;
  gboolean    quick;
} LimnPictureOutput;

/**
 * limn_picture_output_init:
 * @path: its ending says what is written; %NULL or none: PNG
 * @quality: (nullable): "1" … "100" or "lossless"
 * @bits: (nullable): "8" or "16"
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_USAGE for an ending that is not written here, or for what the format has not
 */
gboolean limn_picture_output_init (LimnPictureOutput *output,
                                   const char        *path,
                                   const char        *quality,
                                   const char        *bits,
                                   GError           **error);

/**
 * limn_picture_encode:
 * @icc: (nullable): profile of its colours, which is kept; %NULL is sRGB
 * @texts: (element-type LimnPictureText) (nullable): PNG takes all of them. Others have the user comment of EXIF for `parameters`
 *   and an XMP packet, into which `limn` goes too
 *
 * Returns: (transfer full): a file
 */
GBytes *limn_picture_encode (const LimnRaster        *raster,
                             GBytes                  *icc,
                             const GPtrArray         *texts,
                             const LimnPictureOutput *output,
                             GError                 **error);

/* The same for pixels: [1, h, w, 3], 0…1, sRGB; clamped and rounded, half up; NaN becomes 0 */
GBytes *limn_picture_encode_pixels (const LimnArray         *pixels,
                                    const GPtrArray         *texts,
                                    const LimnPictureOutput *output,
                                    GError                 **error);

/* The same for a PNG of 8 bits. */
GBytes *limn_picture_encode_png (const LimnArray *pixels,
                                 const GPtrArray *texts,
                                 GError         **error);

/**
 * limn_picture_file_write:
 *
 * limn_picture_encode_png() to a file, whole or not at all; see limn_safe_file_write().
 */
gboolean limn_picture_file_write (const char      *path,
                                  const LimnArray *pixels,
                                  const GPtrArray *texts,
                                  gboolean         replace,
                                  GError         **error);

/**
 * limn_picture_resample:
 * @picture: [1, h, w, c]
 * @x, @y, @w, @h: a part of it, in its pixels; may hang over its edges, beyond which its last pixels go on
 *
 * A triangle filter, widened when scaling down so that nothing aliases. Whole pixels in the same size stay what they are.
 *
 * Returns: (transfer full): [1, @height, @width, c]
 */
LimnArray *limn_picture_resample (const LimnArray *picture,
                                  double           x,
                                  double           y,
                                  double           w,
                                  double           h,
                                  int              width,
                                  int              height);

/**
 * limn_picture_fit:
 * @picture: [1, h, w, c]
 *
 * Scales the picture so that it covers @width × @height and cuts off what hangs over, the same on both sides; see limn_picture_resample(). A picture of
 * that size already is copied as it is.
 *
 * Returns: (transfer full): [1, @height, @width, c]
 */
LimnArray *limn_picture_fit (const LimnArray *picture,
                             int              width,
                             int              height);

G_END_DECLS
