/* Models on this machine: where the starter is, what a model is called, and its hash.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"

G_BEGIN_DECLS

/**
 * limn_model_place_find:
 * @model: (nullable): a path, or a name that a request gives; %NULL: the starter
 *
 * Returns: (transfer full): a path that exists, or %NULL with %LIMN_APP_ERROR_FILE
 */
char *limn_model_place_find (const char *model,
                             GError    **error);

/**
 * limn_model_place_name:
 *
 * Returns: (transfer full): the folder's or file's name without extension; it goes into pictures, where no path belongs
 */
char *limn_model_place_name (const char *path);

/**
 * limn_model_place_hash:
 * @limit: bytes; a larger file is not read
 *
 * Returns: (nullable) (transfer full): the first 10 hexadecimal digits of the SHA-256 of the model's file (of a folder: of the
 * file of its generator), %NULL if that is larger than @limit, in pieces, or cannot be read. Any thread.
 */
char *limn_model_place_hash (const char *path,
                             gsize       limit);

G_END_DECLS
