/* What holds for every picture, and how the program behaves.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/preferences.h"

#include <glib/gi18n.h>

#include "app/models/folders.h"

struct _LimnPreferences
{
  AdwPreferencesWindow parent;
  LimnStudio          *studio;
  GPtrArray           *devices; /* ids, in the order of the list; the first is empty: automatic */
  GPtrArray           *folder_rows;
  gboolean             filling;

  AdwComboRow         *colours, *device, *type, *share;
  AdwEntryRow         *memory;
  GtkSpinButton       *idle;
  GtkSwitch           *background, *crash_prompts;
  AdwPreferencesGroup *folders;
};

G_DEFINE_FINAL_TYPE (LimnPreferences, limn_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* As the list has them. */
static const char *const types[] = { "", "f32", "bf16", "int8", "f16" };

/* --- devices -------------------------------------------------------------------------------------------------------- */

static void
add_device (LimnPreferences *self,
            GtkStringList   *names,
            const char      *id,
            const char      *name)
{
  g_ptr_array_add (self->devices, g_strdup (id));
  gtk_string_list_append (names, name);
}

static void
select_device (LimnPreferences *self,
               GtkStringList   *names)
{
  g_autofree char *id = g_settings_get_string (limn_studio_settings (self->studio), "device");
  guint            at = 0;

  for (guint i = 0; i < self->devices->len; i++)
    if (g_str_equal (self->devices->pdata[i], id))
      at = i;
  if (at == 0 && *id != '\0' && !g_str_equal (id, "auto"))
    {
      add_device (self, names, id, id);
      at = self->devices->len - 1;
    }
  self->filling = TRUE;
  adw_combo_row_set_model (self->device, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->device, at);
  self->filling = FALSE;
}

static GtkStringList *
begin_devices (LimnPreferences *self)
{
  GtkStringList *names = gtk_string_list_new (NULL);

  g_ptr_array_set_size (self->devices, 0);
  add_device (self, names, "", _ ("Automatic"));
  return names;
}

static void
on_devices (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (LimnPreferences) self = data;
  g_autoptr (GPtrArray) devices = limn_engine_client_devices_finish (LIMN_ENGINE_CLIENT (source), result, NULL);
  g_autoptr (GtkStringList) names = NULL;

  if (devices == NULL || self->studio == NULL)
    return;
  names = begin_devices (self);
  for (guint i = 0; i < devices->len; i++)
    {
      const LimnDeviceInfo *info = devices->pdata[i];
      g_autofree char      *memory = info->memory > 0 ? g_format_size_full (info->memory, G_FORMAT_SIZE_IEC_UNITS) : NULL;
      g_autofree char      *name = memory != NULL ? g_strdup_printf ("%s · %s", info->name, memory) : g_strdup (info->name);

      if (info->type != NULL)
        add_device (self, names, info->id, name);
    }
  select_device (self, names);
}

static void
on_device (LimnPreferences *self)
{
  guint at = adw_combo_row_get_selected (self->device);

  if (!self->filling && self->studio != NULL && at < self->devices->len)
    g_settings_set_string (limn_studio_settings (self->studio), "device", self->devices->pdata[at]);
}

/* --- the rest of the engine ----------------------------------------------------------------------------------------- */

static void
on_type (LimnPreferences *self)
{
  guint at = adw_combo_row_get_selected (self->type);

  if (!self->filling && self->studio != NULL && at < G_N_ELEMENTS (types))
    g_settings_set_string (limn_studio_settings (self->studio), "type", types[at]);
}

static void
on_memory (LimnPreferences *self)
{
  g_settings_set_string (limn_studio_settings (self->studio), "memory", gtk_editable_get_text (GTK_EDITABLE (self->memory)));
}

static void
on_enum (AdwComboRow     *row,
         GParamSpec      *spec,
         LimnPreferences *self)
{
  if (!self->filling && self->studio != NULL)
    g_settings_set_enum (limn_studio_settings (self->studio), row == self->share ? "share" : "colours", (int) adw_combo_row_get_selected (row));
}

static void
show_settings (LimnPreferences *self)
{
  GSettings       *settings = limn_studio_settings (self->studio);
  g_autofree char *type = g_settings_get_string (settings, "type");
  g_autofree char *memory = g_settings_get_string (settings, "memory");

  self->filling = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i], type))
      adw_combo_row_set_selected (self->type, i);
  adw_combo_row_set_selected (self->share, (guint) g_settings_get_enum (settings, "share"));
  adw_combo_row_set_selected (self->colours, (guint) g_settings_get_enum (settings, "colours"));
  gtk_editable_set_text (GTK_EDITABLE (self->memory), memory);
  self->filling = FALSE;
  g_settings_bind (settings, "idle-minutes", self->idle, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "background", self->background, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "crash-report-prompts", self->crash_prompts, "active", G_SETTINGS_BIND_DEFAULT);
}

/* --- folders -------------------------------------------------------------------------------------------------------- */

static void show_folders (LimnPreferences *self);

static void
on_remove (GtkButton       *button,
           LimnPreferences *self)
{
  g_autoptr (GError) error = NULL;

  if (!limn_folders_remove (gtk_widget_get_name (GTK_WIDGET (button)), &error))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (error->message));
  show_folders (self);
  g_signal_emit_by_name (self, "folders");
}

/* Folders of other programs are found wherever these usually are; they cannot be taken away. */
static GtkWidget *
make_folder_row (LimnPreferences *self,
                 const char      *folder)
{
  GtkWidget       *row = adw_action_row_new (), *button = gtk_button_new_from_icon_name ("list-remove-symbolic");
  g_autofree char *name = g_filename_display_basename (folder);
  g_autofree char *shown = g_filename_display_name (folder);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), shown);
  gtk_widget_set_name (button, folder);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("Do Not Look Here"));
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Do Not Look Here"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove), self, 0);
  gtk_widget_set_visible (button, limn_folders_is_added (folder));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
show_folders (LimnPreferences *self)
{
  g_auto (GStrv) roots = limn_folders_roots ();

  for (guint i = 0; i < self->folder_rows->len; i++)
    adw_preferences_group_remove (self->folders, self->folder_rows->pdata[i]);
  g_ptr_array_set_size (self->folder_rows, 0);
  for (gsize i = 0; roots[i] != NULL; i++)
    {
      GtkWidget *row = make_folder_row (self, roots[i]);

      adw_preferences_group_add (self->folders, row);
      g_ptr_array_add (self->folder_rows, row);
    }
}

static void
on_folder (GtkNativeDialog *dialog,
           int              response,
           LimnPreferences *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autoptr (GError) error = NULL;

  if (file != NULL && g_file_peek_path (file) != NULL && !limn_folders_add (g_file_peek_path (file), &error))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (error->message));
  show_folders (self);
  g_signal_emit_by_name (self, "folders");
  g_object_unref (dialog);
}

static void
add_folder (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_ ("Where Are Your Models?"), GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Add"), NULL);

  g_signal_connect_object (dialog, "response", G_CALLBACK (on_folder), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- the rest ------------------------------------------------------------------------------------------------------- */

static void
limn_preferences_dispose (GObject *object)
{
  LimnPreferences *self = LIMN_PREFERENCES (object);

  g_clear_object (&self->studio);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_pointer (&self->folder_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (limn_preferences_parent_class)->dispose (object);
}

static void
limn_preferences_class_init (LimnPreferencesClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_preferences_dispose;
  g_signal_new ("folders", LIMN_TYPE_PREFERENCES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, colours);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, device);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, type);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, share);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, memory);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, idle);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, background);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, crash_prompts);
  gtk_widget_class_bind_template_child (widget_class, LimnPreferences, folders);
  gtk_widget_class_bind_template_callback (widget_class, on_device);
  gtk_widget_class_bind_template_callback (widget_class, on_type);
  gtk_widget_class_bind_template_callback (widget_class, on_memory);
  gtk_widget_class_bind_template_callback (widget_class, on_enum);
  gtk_widget_class_install_action (widget_class, "preferences.add-folder", NULL, add_folder);
}

static void
limn_preferences_init (LimnPreferences *self)
{
  self->devices = g_ptr_array_new_with_free_func (g_free);
  self->folder_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
limn_preferences_new (GtkWindow  *parent,
                      LimnStudio *studio)
{
  LimnPreferences *self = g_object_new (LIMN_TYPE_PREFERENCES, "transient-for", parent, "modal", TRUE, NULL);
  g_autoptr (GtkStringList) names = begin_devices (self);

  self->studio = g_object_ref (studio);
  show_settings (self);
  show_folders (self);
  select_device (self, names);
  limn_engine_client_devices_async (limn_studio_client (studio), NULL, on_devices, g_object_ref (self));
  return GTK_WIDGET (self);
}
