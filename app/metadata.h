/* Settings in pictures: what is written, and what is read back in the dialects of other programs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture-file.h"
#include "app/request.h"

G_BEGIN_DECLS

/**
 * limn_metadata_texts:
 * @request: all that decided the picture, defaults filled in
 *
 * AUTOMATIC1111's `parameters`, XMP, and `limn`: the request as JSON, since the first cannot tell every prompt from its settings.
 *
 * Returns: (transfer full) (element-type LimnPictureText): the texts of a picture's file
 */
GPtrArray *limn_metadata_texts (const LimnRequest *request);

/**
 * limn_metadata_carry:
 *
 * What of a picture's texts goes into a file of another kind: PNG takes all of them; others have no place for those of programs
 * that are known by the name of a text, so that what they say goes over as a request of Limn's.
 *
 * Returns: (transfer full) (element-type LimnPictureText): the texts
 */
GPtrArray *limn_metadata_carry (const LimnPicture *picture,
                                const char        *format);

/**
 * LimnMetadata:
 * @dialect: (nullable): which program's settings these are; %NULL: none were found
 * @request: what could be read
 * @distilled_guidance: the guidance that FLUX takes as an input; negative while unknown
 * @loras: (element-type LimnLora): named in the prompt, where the request has none of its own
 * @raw: (nullable): the text that was read
 */
typedef struct
{
  const char *dialect;
  LimnRequest request;
  double      distilled_guidance;
  GPtrArray  *loras;
  char       *raw;
} LimnMetadata;

/**
 * limn_metadata_read:
 *
 * Finds out whose settings these are and reads them; see app/dialects.
 *
 * Returns: (transfer full): what is stored in the picture; never %NULL
 */
LimnMetadata *limn_metadata_read (const LimnPicture *picture);
void          limn_metadata_free (LimnMetadata *metadata);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnMetadata, limn_metadata_free)

/* Writes it as the object of cli.md: keys are absent when unknown. */
void limn_metadata_write (const LimnMetadata *metadata,
                          LimnJsonWriter     *writer);

G_END_DECLS
