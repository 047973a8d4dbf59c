/* The table of dialects: those that cannot be mistaken for another come first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/dialects/dialect.h"

static const LimnDialect *const dialects[] = {
  &limn_dialect_limn,
  &limn_dialect_swarmui,
  &limn_dialect_fooocus,
  &limn_dialect_invokeai,
  &limn_dialect_novelai,
  &limn_dialect_drawthings,
  &limn_dialect_comfyui,
  &limn_dialect_flux2c,
  &limn_dialect_sdcpp,
  &limn_dialect_a1111,
};

gboolean
limn_dialects_read (LimnMetadata    *metadata,
                    const GPtrArray *texts)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dialects); i++)
    if (dialects[i]->read (metadata, texts))
      {
        metadata->dialect = dialects[i]->name;
        return TRUE;
      }

  return FALSE;
}
