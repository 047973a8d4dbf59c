/* The main window: prompt, gallery, styles; three panes that fold where it is narrow.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window.h"

#include <glib/gi18n.h>

#include "ui/gallery.h"
#include "ui/prompt-pane.h"

/* What other programs wrote into the library is looked for so often. */
#define POLL_SECONDS 1

struct _LimnWindow
{
  AdwApplicationWindow parent;
  LimnStudio          *studio;
  guint                poll_source;

  AdwToastOverlay *toasts;
  AdwFlap         *prompt_flap;
  LimnPromptPane  *prompt_pane;
  GtkSearchEntry  *search_entry;
  GtkStack        *stack;
  GtkWidget       *back_button;
  LimnGallery     *gallery;
};

G_DEFINE_FINAL_TYPE (LimnWindow, limn_window, ADW_TYPE_APPLICATION_WINDOW)

void
limn_window_tell (LimnWindow *self,
                  const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_timeout (toast, 4);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
limn_window_import (LimnWindow        *self,
                    const char *const *paths)
{
  limn_gallery_import (self->gallery, paths);
}

static void
on_trashed (LimnWindow *self,
            guint       n)
{
  g_autofree char *text = g_strdup_printf (ngettext ("%u Picture Moved to the Trash", "%u Pictures Moved to the Trash", n), n);
  AdwToast        *toast = adw_toast_new (text);

  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.undo");
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
on_search_changed (LimnWindow *self)
{
  limn_gallery_set_query (self->gallery, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

static void
on_stop_search (LimnWindow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->gallery));
}

static void
on_open (LimnWindow *self,
         gint64      id)
{
}

static void
undo (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  limn_undo_undo (limn_studio_undo (LIMN_WINDOW (widget)->studio));
}

static void
redo (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  limn_undo_redo (limn_studio_undo (LIMN_WINDOW (widget)->studio));
}

static void
find (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (LIMN_WINDOW (widget)->search_entry));
}

static void
on_chosen (GtkNativeDialog *dialog,
           int              response,
           LimnWindow      *self)
{
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (guint i = 0; response == GTK_RESPONSE_ACCEPT && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      if (g_file_peek_path (file) != NULL)
        g_strv_builder_add (paths, g_file_peek_path (file));
    }
  all = g_strv_builder_end (paths);
  if (all[0] != NULL)
    limn_window_import (self, (const char *const *) all);
  g_object_unref (dialog);
}

static void
import (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_ ("Import Pictures"), GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"), NULL);

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_chosen), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
poll (gpointer data)
{
  LimnWindow *self = data;

  limn_library_poll (limn_studio_library (self->studio));
  return G_SOURCE_CONTINUE;
}

static void
bind_undo (LimnWindow *self)
{
  LimnUndo *history = limn_studio_undo (self->studio);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.redo", FALSE);
  g_signal_connect_object (history, "failed", G_CALLBACK (limn_window_tell), self, G_CONNECT_SWAPPED);
}

static void
on_history (LimnWindow *self)
{
  gboolean can_undo, can_redo;

  g_object_get (limn_studio_undo (self->studio), "can-undo", &can_undo, "can-redo", &can_redo, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", can_undo);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.redo", can_redo);
}

LimnWindow *
limn_window_new (GtkApplication *application,
                 LimnStudio     *studio)
{
  LimnWindow *self = g_object_new (LIMN_TYPE_WINDOW, "application", application, NULL);

  self->studio = g_object_ref (studio);
  limn_gallery_set_studio (self->gallery, studio);
  limn_prompt_pane_set_studio (self->prompt_pane, studio);
  bind_undo (self);
  g_signal_connect_object (limn_studio_undo (studio), "notify", G_CALLBACK (on_history), self, G_CONNECT_SWAPPED);
  self->poll_source = g_timeout_add_seconds (POLL_SECONDS, poll, self);
  return self;
}

static void
limn_window_dispose (GObject *object)
{
  LimnWindow *self = LIMN_WINDOW (object);

  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_object (&self->studio);
  G_OBJECT_CLASS (limn_window_parent_class)->dispose (object);
}

static void
limn_window_class_init (LimnWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_window_dispose;
  g_type_ensure (LIMN_TYPE_GALLERY);
  g_type_ensure (LIMN_TYPE_PROMPT_PANE);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/window.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, prompt_flap);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, prompt_pane);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, gallery);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_trashed);
  gtk_widget_class_bind_template_callback (widget_class, limn_window_tell);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, redo);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find);
  gtk_widget_class_install_action (widget_class, "win.import", NULL, import);
}

static void
limn_window_init (LimnWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
