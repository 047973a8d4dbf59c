/* How a start goes: the time to the first frame, and what to show if there is no library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/startup.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <time.h>
#include <unistd.h>

/* Seconds since this process was made (proc(5): field 22 of stat, in ticks since the system's start). */
static double
seconds_since_exec (void)
{
  g_autofree char *stat = NULL;
  g_auto (GStrv) fields = NULL;
  struct timespec now;
  const char     *behind_name;

  if (!g_file_get_contents ("/proc/self/stat", &stat, NULL, NULL) || clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return -1;
  behind_name = strrchr (stat, ')');
  fields = behind_name != NULL ? g_strsplit (behind_name + 2, " ", 24) : NULL;
  if (fields == NULL || g_strv_length (fields) < 20)
    return -1;
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9 - (double) g_ascii_strtoll (fields[19], NULL, 10) / (double) sysconf (_SC_CLK_TCK);
}

static void
on_painted (GdkFrameClock *clock,
            gpointer       data)
{
  g_signal_handlers_disconnect_by_data (clock, data);
  g_printerr ("limn: first frame after %.3f s\n", seconds_since_exec ());
}

static void
on_realized (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  g_signal_connect (clock, "after-paint", G_CALLBACK (on_painted), window);
}

void
limn_startup_watch (GtkWidget *window)
{
  const char *debug = g_getenv ("LIMN_DEBUG");
  g_auto (GStrv) topics = g_strsplit (debug != NULL ? debug : "", ",", -1);

  if (!g_strv_contains ((const char *const *) topics, "startup"))
    return;
  if (gtk_widget_get_realized (window))
    on_realized (window);
  else
    g_signal_connect (window, "realize", G_CALLBACK (on_realized), NULL);
}

void
limn_startup_tell (GtkApplication *application,
                   const char     *why)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *page = adw_status_page_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "dialog-warning-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _ ("The Library Cannot Be Opened"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page), why);
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), gtk_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  gtk_window_set_title (GTK_WINDOW (window), "Limn");
  gtk_window_set_default_size (GTK_WINDOW (window), 560, 420);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
}
