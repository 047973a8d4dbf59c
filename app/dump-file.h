/* Intermediate tensors of a generation as a safetensors file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * limn_dump_file_write:
 * @tensors: name → #LimnArray
 *
 * All as F32 of shape [n, h, w, c], channels-last, as the file's metadata says ("layout": "nhwc"), sorted by name.
 *
 * Format: https://github.com/huggingface/safetensors#format
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_FILE
 */
gboolean limn_dump_file_write (const char *path,
                               GHashTable *tensors,
                               GError    **error);

G_END_DECLS
