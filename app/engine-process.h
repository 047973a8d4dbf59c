/* The worker's process: found, started, ended, and what became of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _LimnEngineProcess LimnEngineProcess;

/**
 * limn_engine_process_new:
 * @command: (array zero-terminated=1) (nullable): one that speaks over its standard input and output; %NULL: this installation's limn-engine
 *   over a socket, or the same code in a thread of this process if $LIMN_ENGINE is "inside" or there is no limn-engine
 * @read: (array zero-terminated=1): what it may read beside the system's files
 *
 * To be called from a thread that lives as long: the process ends with the thread that started it.
 *
 * Returns: (transfer full): %NULL with an error of GLib's spawning or of files
 */
LimnEngineProcess *limn_engine_process_new (const char *const *command,
                                            const char *const *read,
                                            GError           **error);

/* Ends it if it still runs; the connection has to be closed before. */
void limn_engine_process_free (LimnEngineProcess *process);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnEngineProcess, limn_engine_process_free)

/* Returns: (transfer none): to the worker */
GIOStream *limn_engine_process_stream (LimnEngineProcess *process);

/* Returns: 0 if it is a thread */
GPid limn_engine_process_pid (LimnEngineProcess *process);

/* At once, also if it is stopped. */
void limn_engine_process_kill (LimnEngineProcess *process);

/**
 * limn_engine_process_reason:
 *
 * Waits a moment for the end of a process whose connection has broken off, kills it otherwise.
 *
 * Returns: (transfer full): how it ended, as the end of a sentence that begins with "limn-engine"
 */
char *limn_engine_process_reason (LimnEngineProcess *process);

G_END_DECLS
