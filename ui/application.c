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
};

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

static const GActionEntry actions[] = {
  { .name = "quit", .activate = quit },
  { .name = "about", .activate = about },
};

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
