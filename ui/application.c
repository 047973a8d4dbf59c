/* The application: one instance, its windows, its actions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/application.h"

#include <glib/gi18n.h>

#include "ui/startup.h"
#include "ui/window.h"

struct _LimnApplication
{
  AdwApplication parent;
  LimnStudio    *studio;
  gint64         busy_since; /* 0: nothing runs */
  gboolean       holding;    /* it stays without a window until all is done */
};

/* Shorter work needs no telling. */
#define LONG_US (20 * G_USEC_PER_SEC)

G_DEFINE_FINAL_TYPE (LimnApplication, limn_application, ADW_TYPE_APPLICATION)

/* Keys of actions that are not a widget's own. */
static const struct
{
  const char *action;
  const char *keys[3];
} accelerators[] = {
  { "app.quit", { "<Control>q" } },
  { "win.undo", { "<Control>z" } },
  { "win.redo", { "<Control><Shift>z" } },
  { "win.find", { "<Control>f" } },
  { "win.toggle-pane::library", { "F8" } },
  { "win.toggle-pane::prompt", { "F9" } },
  { "win.toggle-pane::styles", { "F7" } },
  { "win.queue", { "<Control>j" } },
  { "win.preferences", { "<Control>comma" } },
  { "win.show-help-overlay", { "<Control>question" } },
  { "win.back", { "Escape", "<Alt>Left" } },
  { "win.import", { "<Control>i" } },
  { "window.close", { "<Control>w" } },
};

static void
quit (GSimpleAction *action,
      GVariant      *parameter,
      gpointer       data)
{
  g_application_quit (G_APPLICATION (data));
}

static void
about (GSimpleAction *action,
       GVariant      *parameter,
       gpointer       data)
{
  static const char *const developers[] = { "The Limn developers", NULL };

  adw_show_about_window (gtk_application_get_active_window (data),
                         "application-name", "Limn",
                         "application-icon", LIMN_APPLICATION_ID,
                         "version", LIMN_VERSION,
                         "comments", _ ("Pictures from words, on your own machine."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "developers", developers,
                         "translator-credits", _ ("translator-credits"),
                         NULL);
}

static void
activate (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  g_application_activate (G_APPLICATION (data));
}

static const GActionEntry actions[] = {
  { .name = "quit", .activate = quit },
  { .name = "about", .activate = about },
  { .name = "activate", .activate = activate },
};

static void
follow_colours (LimnApplication *self)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT, ADW_COLOR_SCHEME_FORCE_DARK };
  int                         colours = g_settings_get_enum (limn_studio_settings (self->studio), "colours");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[CLAMP (colours, 0, 2)]);
}

/* --- work without a window ------------------------------------------------------------------------------------------ */

static void
release (LimnApplication *self)
{
  if (self->holding)
    g_application_release (G_APPLICATION (self));
  self->holding = FALSE;
}

/* What took long and nobody saw the end of is told about. */
static void
on_drained (LimnApplication *self)
{
  GtkWindow     *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  GNotification *notification;
  gint64         worked = self->busy_since > 0 ? g_get_monotonic_time () - self->busy_since : 0;

  self->busy_since = 0;
  if ((window == NULL || !gtk_window_is_active (window)) && worked >= LONG_US)
    {
      notification = g_notification_new (_ ("Your Pictures Are Ready"));
      g_notification_set_default_action (notification, "app.activate");
      g_application_send_notification (G_APPLICATION (self), "ready", notification);
      g_object_unref (notification);
    }
  release (self);
}

static void
on_job_changed (LimnApplication *self)
{
  if (self->busy_since == 0 && limn_queue_running_job (limn_studio_queue (self->studio)) != NULL)
    self->busy_since = g_get_monotonic_time ();
}

static void
on_window_removed (LimnApplication *self)
{
  GSettings *settings = self->studio != NULL ? limn_studio_settings (self->studio) : NULL;

  if (settings == NULL || self->holding || !g_settings_get_boolean (settings, "background") || limn_queue_running_job (limn_studio_queue (self->studio)) == NULL)
    return;
  g_application_hold (G_APPLICATION (self));
  self->holding = TRUE;
}

static void
watch_studio (LimnApplication *self)
{
  LimnQueue *queue = limn_studio_queue (self->studio);

  g_signal_connect_object (queue, "job-changed", G_CALLBACK (on_job_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "drained", G_CALLBACK (on_drained), self, G_CONNECT_SWAPPED);
  if (limn_studio_settings (self->studio) == NULL)
    return;
  g_signal_connect_object (limn_studio_settings (self->studio), "changed::colours", G_CALLBACK (follow_colours), self, G_CONNECT_SWAPPED);
  follow_colours (self);
}

/* A library that cannot be opened is not replaced: it is told what is wrong with it. */
static LimnWindow *
open_window (LimnApplication *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnLibrary) library = NULL;

  if (self->studio == NULL)
    {
      library = limn_library_open (NULL, &error);
      if (library == NULL)
        {
          g_printerr ("limn: %s\n", error->message);
          limn_startup_tell (GTK_APPLICATION (self), error->message);
          return NULL;
        }
      self->studio = limn_studio_new (library);
      watch_studio (self);
    }
  return limn_window_new (GTK_APPLICATION (self), self->studio);
}

static LimnWindow *
present (LimnApplication *self)
{
  GtkWindow  *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  LimnWindow *shown = LIMN_IS_WINDOW (window) ? LIMN_WINDOW (window) : open_window (self);

  if (shown == NULL)
    return NULL;
  limn_startup_watch (GTK_WIDGET (shown));
  gtk_window_present (GTK_WINDOW (shown));
  return shown;
}

static void
limn_application_activate (GApplication *application)
{
  present (LIMN_APPLICATION (application));
}

static void
limn_application_open (GApplication *application,
                       GFile       **files,
                       int           n,
                       const char   *hint)
{
  LimnWindow *window = present (LIMN_APPLICATION (application));
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (int i = 0; i < n; i++)
    if (g_file_peek_path (files[i]) != NULL)
      g_strv_builder_add (paths, g_file_peek_path (files[i]));
  all = g_strv_builder_end (paths);
  if (window != NULL && all[0] != NULL)
    limn_window_import (window, (const char *const *) all);
}

static void
limn_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (limn_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accelerators[i].action, (const char *const *) accelerators[i].keys);
}

static void
limn_application_shutdown (GApplication *application)
{
  LimnApplication *self = LIMN_APPLICATION (application);

  if (self->studio != NULL)
    limn_studio_close (self->studio);
  G_APPLICATION_CLASS (limn_application_parent_class)->shutdown (application);
}

static void
limn_application_finalize (GObject *object)
{
  g_clear_object (&LIMN_APPLICATION (object)->studio);
  G_OBJECT_CLASS (limn_application_parent_class)->finalize (object);
}

static void
limn_application_class_init (LimnApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = limn_application_finalize;
  application_class->startup = limn_application_startup;
  application_class->activate = limn_application_activate;
  application_class->open = limn_application_open;
  application_class->shutdown = limn_application_shutdown;
}

static void
limn_application_init (LimnApplication *self)
{
  g_signal_connect (self, "window-removed", G_CALLBACK (on_window_removed), NULL);
}

LimnApplication *
limn_application_new (void)
{
  return g_object_new (LIMN_TYPE_APPLICATION,
                       "application-id", LIMN_APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/app/limn/Limn",
                       NULL);
}
