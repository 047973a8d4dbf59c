/* A request as it comes over the wire, made into what the engine takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * limn_worker_request_read:
 * @request: (type a{sv}); texts of @generation point into it
 *
 * Absent keys take the model's defaults. Keys that only the client needs are passed over; others that are not known are errors, since they may
 * decide what the picture looks like.
 */
gboolean limn_worker_request_read (GVariant       *request,
                                   LimnGeneration *generation,
                                   GError        **error);

/* Returns: (transfer floating): (type a{sv}): the settings of @result, defaults filled in, under the request's keys */
GVariant *limn_worker_request_settings (const LimnResult *result);

G_END_DECLS
