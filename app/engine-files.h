/* What of the user's files a worker has to read for a request: its sandbox lets it see nothing else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * limn_engine_files_of:
 * @model: its path
 * @request: (type a{sv}): as limn_request_to_variant() has it
 *
 * Returns: (transfer full): absolute paths of files and folders that exist: the model's with what its links lead to, other files that the request
 *   names, tokenizers
 */
char **limn_engine_files_of (const char *model,
                             GVariant   *request);

/* Returns: whether each of @needed is one of @given or in one of these */
gboolean limn_engine_files_within (const char *const *needed,
                                   const char *const *given);

/* Returns: (transfer full): both, without what is there twice */
char **limn_engine_files_join (const char *const *one,
                               const char *const *other);

G_END_DECLS
