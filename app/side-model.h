/* Models that work beside a generator, told about: upscalers and tiny autoencoders.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * limn_side_model_describe:
 * @path: of a file or a folder
 * @json: one object instead of lines for people
 *
 * Returns: (transfer full) (nullable): facts of the model; %NULL if it is none of these
 */
char *limn_side_model_describe (LimnEngine *engine,
                                const char *path,
                                gboolean    json);

G_END_DECLS
