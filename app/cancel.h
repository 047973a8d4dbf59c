/* Ctrl+C: ends work between two steps, and the program if that takes too long.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _LimnCancel LimnCancel;

/**
 * limn_cancel_new:
 *
 * From now on SIGINT, SIGTERM and SIGHUP are taken by a thread of its own and only set a flag. If the program is still there some
 * seconds after the first signal, or gets a second one, it ends at once: files are renamed into place when whole, so nothing
 * half-written stays behind. Call it before other threads are made: they inherit that the signals are not theirs.
 *
 * Returns: (transfer full): the flag
 */
LimnCancel *limn_cancel_new (void);
void        limn_cancel_free (LimnCancel *cancel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnCancel, limn_cancel_free)

/* Returns: the signal that came, 0 if none. Any thread. */
int limn_cancel_signal (LimnCancel *cancel);

/* Returns: (transfer none): is cancelled by the first signal, on another thread */
GCancellable *limn_cancel_cancellable (LimnCancel *cancel);

/* Between these two calls the program is not ended: around writing a file, so that no temporary one stays behind. */
void limn_cancel_hold (LimnCancel *cancel);
void limn_cancel_release (LimnCancel *cancel);

G_END_DECLS
