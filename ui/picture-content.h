/* Pictures of the library for other programs: as files at full quality, as a texture, their prompts as text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/library/library.h"

G_BEGIN_DECLS

#define LIMN_TYPE_PICTURE_CONTENT (limn_picture_content_get_type ())
G_DECLARE_FINAL_TYPE (LimnPictureContent, limn_picture_content, LIMN, PICTURE_CONTENT, GdkContentProvider)

/**
 * limn_picture_content_new:
 * @ids: (array length=n)
 *
 * Files are written to the cache when somebody asks for them: byte for byte what the library has.
 *
 * Returns: (transfer full)
 */
GdkContentProvider *limn_picture_content_new (LimnLibrary  *library,
                                              const gint64 *ids,
                                              gsize         n);

/* Returns: (transfer none) (nullable): the library of the content that is dragged or copied here, if it is one of ours */
LimnLibrary *limn_picture_content_library (LimnPictureContent *content);

/* Returns: (transfer none) (element-type gint64) */
GArray *limn_picture_content_ids (LimnPictureContent *content);

G_END_DECLS
