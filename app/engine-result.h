/* What the worker answers of a picture, made into the client's result.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gunixfdlist.h>

#include "app/engine-client.h"
#include "engine/wire/carrier.h"

G_BEGIN_DECLS

/* @facts: (type a{sv}): Generate()'s result; nothing of it is believed. Returns: (transfer full): %NULL with an error */
LimnEngineResult *limn_engine_result_read (GVariant          *facts,
                                           LimnCarrier       *carrier,
                                           GUnixFDList       *descriptors,
                                           const LimnRequest *asked,
                                           const char        *model,
                                           GError           **error);

/* Adds a sentence to its notes. */
void limn_engine_result_note (LimnEngineResult *result,
                              const char       *note);

G_END_DECLS
