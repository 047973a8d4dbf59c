/* One process at a time runs the queue of a library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"

G_BEGIN_DECLS

typedef struct _LimnQueueLock LimnQueueLock;

/**
 * limn_queue_lock_take:
 * @library: the library's path; the lock is `PATH.queue` beside it
 * @busy: (out) (nullable): another process has it
 *
 * The system takes it away from a process that ends, however that comes about.
 *
 * Returns: (transfer full): the lock, or %NULL with %LIMN_APP_ERROR_FILE; where another process has it, the message names that
 */
LimnQueueLock *limn_queue_lock_take (const char *library,
                                     gboolean   *busy,
                                     GError    **error);
void           limn_queue_lock_free (LimnQueueLock *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnQueueLock, limn_queue_lock_free)

G_END_DECLS
