/* How the window was when it was closed: its size, which panes were open.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window-state.h"

static const char *const names[LIMN_WINDOW_PANES] = { "prompt", "library", "styles" };

void
limn_window_state_restore (GtkWindow *window,
                           AdwFlap   *panes[LIMN_WINDOW_PANES],
                           GSettings *settings)
{
  g_auto (GStrv) open = g_settings_get_strv (settings, "panes");
  int width, height;

  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (window, MAX (width, 360), MAX (height, 300));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (window);
  for (guint i = 0; i < LIMN_WINDOW_PANES; i++)
    adw_flap_set_reveal_flap (panes[i], g_strv_contains ((const char *const *) open, names[i]));
}

void
limn_window_state_remember (GtkWindow *window,
                            AdwFlap   *panes[LIMN_WINDOW_PANES],
                            GSettings *settings)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  g_auto (GStrv) open = NULL;
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  for (guint i = 0; i < LIMN_WINDOW_PANES; i++)
    if (adw_flap_get_reveal_flap (panes[i]))
      g_strv_builder_add (list, names[i]);
  open = g_strv_builder_end (list);
  g_settings_set (settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
  g_settings_set_strv (settings, "panes", (const char *const *) open);
  g_settings_sync ();
}
