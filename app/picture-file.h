/* Pictures in files: PNG with its texts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"
#include "engine/engine.h"

G_BEGIN_DECLS

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
 * @width, @height: pixels
 * @pixels: (nullable): [1, height, width, 3], 0…1, transparent pixels laid on white; %NULL if only texts were asked for
 * @texts: (element-type LimnPictureText): in the file's order
 */
typedef struct
{
  int        width, height;
  LimnArray *pixels;
  GPtrArray *texts;
} LimnPicture;

void limn_picture_free (LimnPicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnPicture, limn_picture_free)

typedef enum
{
  LIMN_PICTURE_PIXELS,
  LIMN_PICTURE_TEXTS
} LimnPicturePart;

/**
 * limn_picture_file_read:
 * @part: %LIMN_PICTURE_TEXTS keeps no pixels, so that also very large pictures can be asked
 *
 * Reads a PNG of any kind. Text chunks are read before and after the pixels, up to 16 MB each; a tEXt chunk is taken for UTF-8
 * if it is valid UTF-8 (stable-diffusion.cpp writes such), else for Latin-1 as the PNG specification has it.
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
 * limn_picture_encode_png:
 * @pixels: [1, h, w, 3], 0…1; clamped and rounded, half up, to 8 bits; NaN becomes 0
 * @texts: (element-type LimnPictureText) (nullable): written before the pixels
 *
 * Returns: (transfer full): a PNG file
 */
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
 * limn_picture_fit:
 * @picture: [1, h, w, c]
 *
 * Scales the picture so that it covers @width × @height and cuts off what hangs over, the same on both sides. A triangle filter,
 * widened when scaling down so that nothing aliases. A picture of that size already is copied as it is.
 *
 * Returns: (transfer full): [1, @height, @width, c]
 */
LimnArray *limn_picture_fit (const LimnArray *picture,
                             int              width,
                             int              height);

G_END_DECLS
