/* How smooth the window is: frames that came late, work that held them up; for those who work on Limn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * limn_watchdog_watch:
 * @scrolled: what is scrolled with LIMN_DEBUG=scroll
 *
 * With LIMN_DEBUG=frames: counts frames of @window that came late (later than one and a half times the screen's interval after the one before, while
 * something moved all the time), and turns of the main loop that took over 5 ms beside drawing; prints them when the window closes. With LIMN_DEBUG=scroll,
 * scrolls for 30 s, then closes the window.
 */
void limn_watchdog_watch (GtkWidget         *window,
                          GtkScrolledWindow *scrolled);

G_END_DECLS
