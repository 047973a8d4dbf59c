/* Dialects: how each program stores settings in pictures.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/metadata.h"

G_BEGIN_DECLS

/**
 * LimnDialectFunc:
 * @metadata: empty; what is found goes into its request, its LoRAs and @raw
 * @texts: (element-type LimnPictureText): all of the picture, under the keywords that PNG files have; may be hostile
 *
 * Returns: whether these are the program's settings; if not, @metadata is as it was
 */
typedef gboolean (*LimnDialectFunc) (LimnMetadata    *metadata,
                                     const GPtrArray *texts);

/**
 * LimnDialect:
 * @name: as `limn info --json` has it
 */
typedef struct
{
  const char     *name;
  LimnDialectFunc read;
} LimnDialect;

extern const LimnDialect limn_dialect_a1111;
extern const LimnDialect limn_dialect_comfyui;
extern const LimnDialect limn_dialect_drawthings;
extern const LimnDialect limn_dialect_flux2c;
extern const LimnDialect limn_dialect_fooocus;
extern const LimnDialect limn_dialect_invokeai;
extern const LimnDialect limn_dialect_limn;
extern const LimnDialect limn_dialect_novelai;
extern const LimnDialect limn_dialect_sdcpp;
extern const LimnDialect limn_dialect_swarmui;

/* Tries them all. Returns: whether one of them knew its own */
gboolean limn_dialects_read (LimnMetadata    *metadata,
                             const GPtrArray *texts);

/**
 * limn_dialect_read_parameters:
 * @text: AUTOMATIC1111's form, which others have taken over
 *
 * Returns: (transfer full) (element-type LimnParameter): all settings, those that were read too
 */
GPtrArray *limn_dialect_read_parameters (LimnMetadata *metadata,
                                         const char   *text);

G_END_DECLS
