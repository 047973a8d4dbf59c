/* What a picture was made by: the request with everything filled in, as it is written into the picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"

G_BEGIN_DECLS

/**
 * limn_made_describe:
 * @made: (out caller-allocates): holds nothing
 * @asked: the request
 * @model: the path that its model was opened by
 * @settings: (type a{sv}): what the engine decided, under the request's keys
 *
 * Names take the place of paths: where files lie is nobody's business who gets the picture.
 */
gboolean limn_made_describe (LimnRequest       *made,
                             const LimnRequest *asked,
                             const char        *model,
                             GVariant          *settings,
                             GError           **error);

G_END_DECLS
