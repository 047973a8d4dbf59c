/* Pictures dropped on the prompt give it their settings; pictures pasted there are to start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/prompt-drops.h"

#include <glib/gi18n.h>

#include "ui/picture-content.h"
#include "ui/picture-drop.h"
#include "ui/prompt-tasks.h"

static void
on_settings (const LimnRequest *request,
             gpointer           data)
{
  g_autoptr (LimnPromptPane) self = data;

  if (self->studio == NULL)
    return;
  if (request != NULL)
    limn_prompt_pane_use (self, request, FALSE);
  else
    g_signal_emit_by_name (self, "message", _ ("No settings are stored in this picture"));
}

static gboolean
on_drop (GtkDropTarget  *target,
         const GValue   *value,
         double          x,
         double          y,
         LimnPromptPane *self)
{
  GSList *files;
  GArray *ids;

  if (G_VALUE_HOLDS (value, LIMN_TYPE_PICTURE_CONTENT))
    {
      ids = limn_picture_content_ids (g_value_get_object (value));
      g_signal_emit_by_name (self, "settings", ids->len > 0 ? g_array_index (ids, gint64, 0) : 0);
      return TRUE;
    }
  files = g_value_get_boxed (value);
  if (files == NULL || g_file_peek_path (files->data) == NULL)
    return FALSE;
  limn_prompt_tasks_settings (g_file_peek_path (files->data), on_settings, g_object_ref (self));
  return TRUE;
}

/* Before the editor, which would take the file's name for text. */
static void
add_target (LimnPromptPane *self,
            GtkWidget      *view)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GType          types[] = { LIMN_TYPE_PICTURE_CONTENT, GDK_TYPE_FILE_LIST };

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, 0);
  gtk_widget_add_controller (view, GTK_EVENT_CONTROLLER (target));
}

/* --- pasting -------------------------------------------------------------------------------------------------------- */

static void
on_picture (gint64   id,
            gpointer data)
{
  limn_prompt_pane_set_source (LIMN_PROMPT_PANE (data), id);
}

static void
on_value (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr (LimnPromptPane) self = data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value != NULL && self->studio != NULL)
    limn_picture_drop_take (GTK_WIDGET (self), limn_studio_library (self->studio), value, on_picture);
}

/* Text is the editor's. */
static gboolean
on_paste (GtkWidget *widget,
          GVariant  *arguments,
          gpointer   data)
{
  LimnPromptPane    *self = data;
  GdkClipboard      *clipboard = gtk_widget_get_clipboard (widget);
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);
  GType              type = G_TYPE_INVALID;

  if (gdk_content_formats_contain_gtype (formats, LIMN_TYPE_PICTURE_CONTENT))
    type = LIMN_TYPE_PICTURE_CONTENT;
  else if (gdk_content_formats_contain_mime_type (formats, "text/plain;charset=utf-8") || gdk_content_formats_contain_mime_type (formats, "text/plain"))
    return FALSE;
  else if (gdk_content_formats_contain_mime_type (formats, "text/uri-list"))
    type = GDK_TYPE_FILE_LIST;
  else if (gdk_content_formats_contain_mime_type (formats, "image/png"))
    type = GDK_TYPE_TEXTURE;
  if (type == G_TYPE_INVALID)
    return FALSE;
  gdk_clipboard_read_value_async (clipboard, type, G_PRIORITY_DEFAULT, NULL, on_value, g_object_ref (self));
  return TRUE;
}

void
limn_prompt_pane_add_drops (LimnPromptPane *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcut        *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>v"), gtk_callback_action_new (on_paste, self, NULL));

  add_target (self, GTK_WIDGET (self->prompt));
  add_target (self, GTK_WIDGET (self->negative));
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
  gtk_widget_add_controller (GTK_WIDGET (self->prompt), controller);
}
