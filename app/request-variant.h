/* Requests as D-Bus has them, and back: the keys and values of their JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"

G_BEGIN_DECLS

/* Returns: (transfer full): (type a{sv}): all known fields; whole numbers are `x`, others `d`, lists `av`, objects `a{sv}` */
GVariant *limn_request_to_variant (const LimnRequest *request);

/* Sets the fields that @values (type a{sv}) names. */
gboolean limn_request_take_variant (LimnRequest *request,
                                    GVariant    *values,
                                    GError     **error);

G_END_DECLS
