/* Numbers of pictures and jobs as they are typed: 3, 3,5, 3-9 or all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"

G_BEGIN_DECLS

/**
 * limn_command_ids:
 * @words: (array zero-terminated=1): "3", "3,5", "3-9" or "all"
 * @command: for messages
 * @all: (out): one of them was "all"; then the others do not count
 *
 * Returns: (transfer full) (element-type gint64): the numbers, each once, in their order; %NULL with %LIMN_APP_ERROR_USAGE
 */
GArray *limn_command_ids (char *const *words,
                          const char  *command,
                          gboolean    *all,
                          GError     **error);

G_END_DECLS
