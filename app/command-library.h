/* What the parts of `limn library` share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/command.h"
#include "app/library/search.h"

G_BEGIN_DECLS

extern const LimnCommand limn_command_library_list;
extern const LimnCommand limn_command_library_search;
extern const LimnCommand limn_command_library_show;
extern const LimnCommand limn_command_library_tag;
extern const LimnCommand limn_command_library_rate;
extern const LimnCommand limn_command_library_import;
extern const LimnCommand limn_command_library_export;
extern const LimnCommand limn_command_library_trash;
extern const LimnCommand limn_command_library_restore;
extern const LimnCommand limn_command_library_check;
extern const LimnCommand limn_command_library_backup;
extern const LimnCommand limn_command_library_stats;

/**
 * limn_command_library_ids:
 * @words: (array zero-terminated=1): pictures: "3", "3,5", "3-9" or "all"
 *
 * Returns: (transfer full) (element-type gint64): their numbers, each once, in their order; %NULL with %LIMN_APP_ERROR_USAGE
 */
GArray *limn_command_library_ids (LimnLibrary *library,
                                  char *const *words,
                                  GError     **error);

G_END_DECLS
