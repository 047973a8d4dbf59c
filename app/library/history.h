/* Where a picture came from, and what came from it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/library.h"

G_BEGIN_DECLS

/**
 * LimnHistoryNode:
 * @depth: 0 for the picture asked about, negative for what it came from, positive for what came from it
 * @parent: the node above it among those that came from the picture; of ancestors 0
 */
typedef struct
{
  gint64     id, parent;
  int        depth;
  LimnFacts *facts;
} LimnHistoryNode;

/**
 * limn_library_history:
 * @most: nodes in each direction
 *
 * Any thread; waits for the disk.
 *
 * Returns: (transfer full) (element-type LimnHistoryNode): ancestors, the oldest first; the picture; what came from it, each followed by what came from that
 */
GPtrArray *limn_library_history (LimnLibrary *library,
                                 gint64       id,
                                 guint        most,
                                 GError     **error);

void       limn_library_history_async (LimnLibrary        *library,
                                       gint64              id,
                                       guint               most,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            data);
GPtrArray *limn_library_history_finish (LimnLibrary  *library,
                                        GAsyncResult *result,
                                        GError      **error);

G_END_DECLS
