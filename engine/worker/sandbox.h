/* What a worker may do from its start on: read models, compute, and nothing else, as far as the system can see to it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * limn_sandbox_enter:
 * @read: (nullable): folders and files with models; beside these only the system's own are read. %NULL: everything that the user may read
 *
 * For the calling thread and all that it starts: nothing is written but caches of graphics drivers and devices, nothing is run, no socket is
 * opened. Kernels without Landlock or seccomp leave that out. Call it before there are threads.
 *
 * Returns: (transfer full): what is in force: "no-new-privileges", "files" (Landlock; only @read), "writing" (Landlock; no writing),
 * "network" (seccomp: no sockets, no programs)
 */
char **limn_sandbox_enter (const char *const *read);

/* Denies sockets, other programs and looking into them (syscalls.c). Returns: whether the kernel does */
gboolean limn_sandbox_deny_calls (void);

G_END_DECLS
