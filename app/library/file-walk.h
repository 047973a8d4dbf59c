/* The files in folders, one after the other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LimnFileWalk:
 *
 * Folders are read when their turn comes, so that the first file is there at once.
 */
typedef struct _LimnFileWalk LimnFileWalk;

LimnFileWalk *limn_file_walk_new (const char *const *paths);
void          limn_file_walk_free (LimnFileWalk *walk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnFileWalk, limn_file_walk_free)

/**
 * limn_file_walk_next:
 * @named: (out): it was named itself, not found in a folder
 *
 * Returns: (transfer full) (nullable): the next path that is no folder; %NULL at the end
 */
char *limn_file_walk_next (LimnFileWalk *walk,
                           gboolean     *named);

G_END_DECLS
