/* The main window: prompt, gallery, styles; three panes that fold where it is narrow.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/library/async.h"
#include "app/library/query-term.h"
#include "ui/facets-button.h"
#include "ui/gallery.h"
#include "ui/library-pane.h"
#include "ui/mask-editor.h"
#include "ui/preferences.h"
#include "ui/prompt-pane.h"
#include "ui/queue-button.h"
#include "ui/styles-pane.h"
#include "ui/viewer.h"
#include "ui/watchdog.h"
#include "ui/welcome.h"
#include "ui/window-state.h"

/* What other programs wrote into the library is looked for so often. */
#define POLL_SECONDS 1
/* The window is there first. */
#define WELCOME_MS 400

struct _LimnWindow
{
  AdwApplicationWindow parent;
  LimnStudio          *studio;
  guint                poll_source, welcome_source;

  AdwToastOverlay  *toasts;
  AdwFlap          *prompt_flap;
  LimnPromptPane   *prompt_pane;
  GtkSearchEntry   *search_entry;
  GtkStack         *stack, *title_stack;
  AdwWindowTitle   *title;
  GtkWidget        *back_button, *library_button;
  LimnGallery      *gallery;
  LimnQueueButton  *queue_button;
  LimnFacetsButton *facets_button;
  LimnLibraryPane  *library_pane;
  LimnStylesPane   *styles_pane;
  AdwFlap          *library_flap, *styles_flap;
  LimnViewer       *viewer;
  LimnMaskEditor   *mask_editor;
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

/* --- searching ------------------------------------------------------------------------------------------------------ */

static void
on_search_changed (LimnWindow *self)
{
  const char *query = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  limn_gallery_set_query (self->gallery, query);
  limn_facets_button_set_query (self->facets_button, query);
}

static void
on_stop_search (LimnWindow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->gallery));
}

static void
on_facet (LimnWindow *self,
          const char *key,
          const char *term)
{
  g_autofree char *query = limn_query_set_term (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), key, term);

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), query);
}

static void
on_save_search (LimnWindow *self,
                const char *name)
{
  limn_library_pane_save_search (self->library_pane, name, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  adw_flap_set_reveal_flap (self->library_flap, TRUE);
}

static void
on_place (LimnWindow *self,
          const char *query,
          gboolean    album)
{
  limn_gallery_set_place (self->gallery, query, album);
}

/* --- pages ---------------------------------------------------------------------------------------------------------- */

static void
show_page (LimnWindow *self,
           const char *name)
{
  gboolean viewing = !g_str_equal (name, "gallery");

  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_stack_set_visible_child_name (self->title_stack, viewing ? "viewer" : "gallery");
  adw_window_title_set_title (self->title, g_str_equal (name, "mask") ? _ ("What to Repaint") : _ ("Picture"));
  gtk_widget_set_visible (self->back_button, viewing);
  gtk_widget_set_visible (self->library_button, !viewing);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.back", viewing);
}

static void
on_open (LimnWindow *self,
         gint64      id)
{
  show_page (self, "viewer");
  limn_viewer_open (self->viewer, &id, 1);
}

static void
on_compare (LimnWindow *self,
            gpointer    ids)
{
  GArray *all = ids;

  show_page (self, "viewer");
  limn_viewer_open (self->viewer, (const gint64 *) (gpointer) all->data, all->len);
}

static void
back (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  LimnWindow *self = LIMN_WINDOW (widget);
  gint64      id = limn_viewer_get_id (self->viewer);

  limn_mask_editor_close (self->mask_editor);
  if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "mask") && id != 0)
    {
      show_page (self, "viewer");
      return;
    }
  show_page (self, "gallery");
  limn_viewer_close (self->viewer);
  limn_gallery_show (self->gallery, id);
}

static void
on_step (LimnWindow *self,
         int         by)
{
  gint64 next = limn_gallery_get_neighbour (self->gallery, limn_viewer_get_id (self->viewer), by);

  if (next != 0)
    limn_viewer_open (self->viewer, &next, 1);
}

/* --- from one pane to another --------------------------------------------------------------------------------------- */

static void
on_use (LimnWindow *self,
        gpointer    request,
        gboolean    seed)
{
  limn_prompt_pane_use (self->prompt_pane, request, seed);
  adw_flap_set_reveal_flap (self->prompt_flap, TRUE);
}

static void
on_facts (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr (LimnWindow) self = data;
  g_autoptr (GPtrArray) facts = limn_library_facts_finish (LIMN_LIBRARY (source), result, NULL);
  const LimnFacts *first = facts != NULL && facts->len > 0 ? facts->pdata[0] : NULL;
  g_auto (LimnRequest) request = { 0 };

  limn_request_init (&request);
  if (first == NULL || first->request == NULL || !limn_request_parse (&request, first->request, -1, "picture", NULL))
    limn_window_tell (self, _ ("No settings are stored in this picture"));
  else
    on_use (self, &request, FALSE);
}

static void
on_use_picture (LimnWindow *self,
                gint64      id)
{
  limn_library_facts_async (limn_studio_library (self->studio), &id, 1, NULL, on_facts, g_object_ref (self));
}

static void
on_make (LimnWindow *self,
         gpointer    request,
         gint64      source)
{
  g_auto (LimnDraft) draft = { 0 };

  limn_draft_init (&draft);
  limn_request_clear (&draft.request);
  limn_request_copy (&draft.request, request);
  draft.source = source;
  limn_prompt_pane_make (self->prompt_pane, &draft);
  limn_window_tell (self, _ ("Added to the Queue"));
}

static void
on_source (LimnWindow *self,
           gint64      id)
{
  limn_prompt_pane_set_source (self->prompt_pane, id);
  adw_flap_set_reveal_flap (self->prompt_flap, TRUE);
}

/* What was marked before on the same picture is there again. */
static void
on_mask (LimnWindow *self,
         gint64      id)
{
  g_auto (LimnDraft) draft = { 0 };
  g_auto (LimnRequest) none = { 0 };

  limn_request_init (&none);
  limn_prompt_pane_get_draft (self->prompt_pane, &draft);
  show_page (self, "mask");
  limn_mask_editor_open (self->mask_editor, self->studio, id, draft.source == id ? &draft.request : &none);
}

static void
on_mask_done (LimnWindow *self,
              gint64      id,
              gpointer    request)
{
  limn_prompt_pane_set_mask (self->prompt_pane, id, request);
  adw_flap_set_reveal_flap (self->prompt_flap, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.back", NULL);
}

static void
on_styles (LimnWindow *self)
{
  g_auto (GStrv) names = limn_prompt_pane_get_styles (self->prompt_pane);

  limn_styles_pane_set_chosen (self->styles_pane, (const char *const *) names);
}

static void
on_style_toggled (LimnWindow *self,
                  const char *name,
                  gboolean    chosen)
{
  limn_prompt_pane_set_style (self->prompt_pane, name, chosen);
}

static void
on_save_style (LimnWindow *self,
               const char *name)
{
  g_auto (LimnDraft) draft = { 0 };

  limn_prompt_pane_get_draft (self->prompt_pane, &draft);
  limn_styles_pane_save (self->styles_pane, name, draft.request.prompt, draft.request.negative);
}

/* --- actions -------------------------------------------------------------------------------------------------------- */

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

static void
toggle_pane (GtkWidget  *widget,
             const char *action,
             GVariant   *name)
{
  LimnWindow *self = LIMN_WINDOW (widget);
  const char *pane = g_variant_get_string (name, NULL);
  AdwFlap    *flap = g_str_equal (pane, "prompt") ? self->prompt_flap : g_str_equal (pane, "library") ? self->library_flap
                                                                                                      : self->styles_flap;

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

static void
show_queue (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  limn_queue_button_popup (LIMN_WINDOW (widget)->queue_button);
}

static void
show_preferences (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  LimnWindow *self = LIMN_WINDOW (widget);
  GtkWidget  *window = limn_preferences_new (GTK_WINDOW (widget), self->studio);

  g_signal_connect_object (window, "folders", G_CALLBACK (limn_prompt_pane_list_models), self->prompt_pane, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

static void
list_panes (LimnWindow *self,
            AdwFlap    *panes[LIMN_WINDOW_PANES])
{
  AdwFlap *const all[LIMN_WINDOW_PANES] = { self->prompt_flap, self->library_flap, self->styles_flap };

  memcpy (panes, all, sizeof all);
}

static gboolean
limn_window_close_request (GtkWindow *window)
{
  LimnWindow *self = LIMN_WINDOW (window);
  AdwFlap    *panes[LIMN_WINDOW_PANES];

  limn_prompt_pane_save (self->prompt_pane);
  list_panes (self, panes);
  if (limn_studio_settings (self->studio) != NULL)
    limn_window_state_remember (window, panes, limn_studio_settings (self->studio));
  return GTK_WINDOW_CLASS (limn_window_parent_class)->close_request (window);
}

static void
on_welcome_folders (LimnWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.preferences", NULL);
}

/* Once. */
static gboolean
welcome (gpointer data)
{
  LimnWindow *self = data;
  GSettings  *settings = self->studio != NULL ? limn_studio_settings (self->studio) : NULL;
  GtkWidget  *window;

  self->welcome_source = 0;
  if (settings == NULL || g_settings_get_boolean (settings, "welcomed"))
    return G_SOURCE_REMOVE;
  g_settings_set_boolean (settings, "welcomed", TRUE);
  window = limn_welcome_new (GTK_WINDOW (self));
  g_signal_connect_object (window, "folders", G_CALLBACK (on_welcome_folders), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
  return G_SOURCE_REMOVE;
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
  AdwFlap    *panes[LIMN_WINDOW_PANES];

  self->studio = g_object_ref (studio);
  limn_gallery_set_studio (self->gallery, studio);
  limn_prompt_pane_set_studio (self->prompt_pane, studio);
  limn_queue_button_set_studio (self->queue_button, studio);
  limn_facets_button_set_studio (self->facets_button, studio);
  limn_library_pane_set_studio (self->library_pane, studio);
  limn_viewer_set_studio (self->viewer, studio);
  on_styles (self);
  show_page (self, "gallery");
  bind_undo (self);
  g_signal_connect_object (limn_studio_undo (studio), "notify", G_CALLBACK (on_history), self, G_CONNECT_SWAPPED);
  self->poll_source = g_timeout_add_seconds (POLL_SECONDS, poll, self);
  list_panes (self, panes);
  if (limn_studio_settings (studio) != NULL)
    limn_window_state_restore (GTK_WINDOW (self), panes, limn_studio_settings (studio));
  limn_watchdog_watch (GTK_WIDGET (self), limn_gallery_get_scrolled (self->gallery));
  self->welcome_source = g_timeout_add (WELCOME_MS, welcome, self);
  return self;
}

static void
limn_window_dispose (GObject *object)
{
  LimnWindow *self = LIMN_WINDOW (object);

  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->welcome_source, g_source_remove);
  g_clear_object (&self->studio);
  G_OBJECT_CLASS (limn_window_parent_class)->dispose (object);
}

static void
limn_window_class_init (LimnWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_window_dispose;
  GTK_WINDOW_CLASS (class)->close_request = limn_window_close_request;
  g_type_ensure (LIMN_TYPE_GALLERY);
  g_type_ensure (LIMN_TYPE_PROMPT_PANE);
  g_type_ensure (LIMN_TYPE_QUEUE_BUTTON);
  g_type_ensure (LIMN_TYPE_FACETS_BUTTON);
  g_type_ensure (LIMN_TYPE_LIBRARY_PANE);
  g_type_ensure (LIMN_TYPE_STYLES_PANE);
  g_type_ensure (LIMN_TYPE_VIEWER);
  g_type_ensure (LIMN_TYPE_MASK_EDITOR);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/window.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, prompt_flap);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, prompt_pane);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, gallery);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, queue_button);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, title_stack);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, title);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, library_button);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, facets_button);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, library_pane);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, library_flap);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, styles_pane);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, styles_flap);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, viewer);
  gtk_widget_class_bind_template_child (widget_class, LimnWindow, mask_editor);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_trashed);
  gtk_widget_class_bind_template_callback (widget_class, on_facet);
  gtk_widget_class_bind_template_callback (widget_class, on_save_search);
  gtk_widget_class_bind_template_callback (widget_class, on_place);
  gtk_widget_class_bind_template_callback (widget_class, on_compare);
  gtk_widget_class_bind_template_callback (widget_class, on_step);
  gtk_widget_class_bind_template_callback (widget_class, on_use);
  gtk_widget_class_bind_template_callback (widget_class, on_use_picture);
  gtk_widget_class_bind_template_callback (widget_class, on_make);
  gtk_widget_class_bind_template_callback (widget_class, on_source);
  gtk_widget_class_bind_template_callback (widget_class, on_mask);
  gtk_widget_class_bind_template_callback (widget_class, on_mask_done);
  gtk_widget_class_bind_template_callback (widget_class, on_styles);
  gtk_widget_class_bind_template_callback (widget_class, on_style_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_save_style);
  gtk_widget_class_bind_template_callback (widget_class, limn_window_tell);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, redo);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back);
  gtk_widget_class_install_action (widget_class, "win.toggle-pane", "s", toggle_pane);
  gtk_widget_class_install_action (widget_class, "win.queue", NULL, show_queue);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, show_preferences);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find);
  gtk_widget_class_install_action (widget_class, "win.import", NULL, import);
}

static void
limn_window_init (LimnWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
