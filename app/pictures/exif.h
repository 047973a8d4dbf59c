/* EXIF: the texts in it that programs store settings in, and how a picture is turned.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * limn_exif_orientation:
 * @exif: a TIFF structure (EXIF 2.3, 4.5.2), may be hostile
 *
 * Returns: 1 … 8; 1 where it does not say
 */
int limn_exif_orientation (GBytes *exif);

/**
 * limn_exif_read_texts:
 * @texts: (element-type LimnPictureText): what is found is added, under the keyword that PNG files have for the same
 *
 * The user comment is `parameters`, whether it is UTF-16 of either order, with a mark or without, or UTF-8 as Pillow writes it;
 * "prompt:…" and "workflow:…" in the fields for a camera's name are ComfyUI's; the maker's note of Fooocus is `fooocus_scheme`.
 */
void limn_exif_read_texts (GBytes    *exif,
                           GPtrArray *texts);

/**
 * limn_exif_write:
 * @texts: (element-type LimnPictureText)
 *
 * Writes those that limn_exif_read_texts() knows, the user comment as "UNICODE" and UTF-16 with the high byte first, as
 * AUTOMATIC1111 does.
 *
 * Returns: (transfer full) (nullable): a TIFF structure; %NULL if there are none
 */
GBytes *limn_exif_write (const GPtrArray *texts);

G_END_DECLS
