/* The first start: three things to know, and where models are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/welcome.h"

#include <glib/gi18n.h>

#include "app/models/folders.h"

struct _LimnWelcome
{
  AdwWindow     parent;
  AdwActionRow *models;
};

G_DEFINE_FINAL_TYPE (LimnWelcome, limn_welcome, ADW_TYPE_WINDOW)

/* Counting may take a while where there is much. */
static void
count_thread (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  g_autoptr (GPtrArray) files = limn_folders_files (LIMN_PLACE_MODEL);

  g_task_return_int (task, files->len);
}

static void
on_counted (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  LimnWelcome     *self = LIMN_WELCOME (source);
  guint            n = (guint) g_task_propagate_int (G_TASK (result), NULL);
  g_autofree char *text = g_strdup_printf (ngettext ("%u model was found, and is read where it is.", "%u models were found, and are read where they are.", n), n);

  if (n > 0 && self->models != NULL)
    adw_action_row_set_subtitle (self->models, text);
}

static void
on_start (LimnWelcome *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_folders (LimnWelcome *self)
{
  g_signal_emit_by_name (self, "folders");
  gtk_window_close (GTK_WINDOW (self));
}

static void
limn_welcome_dispose (GObject *object)
{
  LIMN_WELCOME (object)->models = NULL;
  G_OBJECT_CLASS (limn_welcome_parent_class)->dispose (object);
}

static void
limn_welcome_class_init (LimnWelcomeClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_welcome_dispose;
  g_signal_new ("folders", LIMN_TYPE_WELCOME, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/welcome.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnWelcome, models);
  gtk_widget_class_bind_template_callback (widget_class, on_start);
  gtk_widget_class_bind_template_callback (widget_class, on_folders);
}

static void
limn_welcome_init (LimnWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
limn_welcome_new (GtkWindow *parent)
{
  LimnWelcome *self = g_object_new (LIMN_TYPE_WELCOME, "transient-for", parent, "modal", TRUE, NULL);
  g_autoptr (GTask) task = g_task_new (self, NULL, on_counted, NULL);

  g_task_run_in_thread (task, count_thread);
  return GTK_WIDGET (self);
}
