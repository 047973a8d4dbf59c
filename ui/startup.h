/* How a start goes: the time to the first frame, and what to show if there is no library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* With LIMN_DEBUG=startup: prints how long after the program's start the first frame of @window was painted. */
void limn_startup_watch (GtkWidget *window);

/* A window that says why there is nothing else to see. */
void limn_startup_tell (GtkApplication *application,
                        const char     *why);

G_END_DECLS
