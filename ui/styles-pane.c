/* Named styles as tiles: chosen, brought in, made from what is written, removed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/styles-pane.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/styles.h"
#include "ui/name-popover.h"

struct _LimnStylesPane
{
  AdwBin     parent;
  char     **chosen;
  gboolean   showing;
  GtkWidget *menu;
  char      *menu_style;

  GtkSearchEntry *search;
  GtkFlowBox     *tiles;
  GtkButton      *save_button;
  GMenuModel     *style_menu;
};

G_DEFINE_FINAL_TYPE (LimnStylesPane, limn_styles_pane, ADW_TYPE_BIN)

static void
tell (LimnStylesPane *self,
      const char     *text)
{
  g_signal_emit_by_name (self, "message", text);
}

/* --- work on the disk ----------------------------------------------------------------------------------------------- */

typedef enum
{
  READ,
  IMPORT,
  SAVE,
  REMOVE
} Work;

typedef struct
{
  Work      work;
  char     *path; /* or name */
  LimnStyle style;
  guint     count;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_free (asked->path);
  g_free (asked->style.name);
  g_free (asked->style.prompt);
  g_free (asked->style.negative);
  g_free (asked);
}

static gboolean
do_work (Asked   *asked,
         GError **error)
{
  switch (asked->work)
    {
    case IMPORT:
      return limn_styles_import (asked->path, &asked->count, error);
    case SAVE:
      return limn_styles_save (&asked->style, error);
    case REMOVE:
      return limn_styles_remove (asked->path, error);
    default:
      return TRUE;
    }
}

static void
work_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  GError *error = NULL;

  if (do_work (data, &error))
    g_task_return_pointer (task, limn_styles_list (), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void show_styles (LimnStylesPane *self,
                         GPtrArray      *styles);

static void
on_worked (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  LimnStylesPane *self = LIMN_STYLES_PANE (source);
  Asked          *asked = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) styles = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *text = NULL;

  if (styles == NULL)
    {
      tell (self, error->message);
      return;
    }
  show_styles (self, styles);
  if (asked->work == IMPORT)
    {
      text = g_strdup_printf (ngettext ("%u Style Imported", "%u Styles Imported", asked->count), asked->count);
      tell (self, text);
    }
}

/* Takes @asked. */
static void
start (LimnStylesPane *self,
       Asked          *asked)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_worked, NULL);

  g_task_set_task_data (task, asked, asked_free);
  g_task_run_in_thread (task, work_thread);
}

static void
import_path (LimnStylesPane *self,
             const char     *path)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->work = IMPORT;
  asked->path = g_strdup (path);
  start (self, asked);
}

void
limn_styles_pane_save (LimnStylesPane *self,
                       const char     *name,
                       const char     *prompt,
                       const char     *negative)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->work = SAVE;
  asked->style = (LimnStyle){ g_strdup (name), g_strdup (prompt), g_strdup (negative), TRUE };
  start (self, asked);
}

/* --- tiles ---------------------------------------------------------------------------------------------------------- */

static void
on_toggled (GtkToggleButton *button,
            LimnStylesPane  *self)
{
  if (!self->showing)
    g_signal_emit_by_name (self, "toggled", gtk_widget_get_name (GTK_WIDGET (button)), gtk_toggle_button_get_active (button));
}

static gboolean
unparent_menu (gpointer data)
{
  LimnStylesPane *self = data;

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  return G_SOURCE_REMOVE;
}

static void
show_menu (LimnStylesPane *self,
           GtkWidget      *button)
{
  unparent_menu (self);
  g_free (self->menu_style);
  self->menu_style = g_strdup (gtk_widget_get_name (button));
  self->menu = gtk_popover_menu_new_from_model (self->style_menu);
  gtk_widget_set_parent (self->menu, button);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_right_click (GtkGestureClick *gesture,
                int              n,
                double           x,
                double           y,
                LimnStylesPane  *self)
{
  show_menu (self, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture)));
}

static GtkWidget *
make_tile (LimnStylesPane  *self,
           const LimnStyle *style)
{
  GtkWidget  *child = gtk_flow_box_child_new (), *button = gtk_toggle_button_new (), *label = gtk_label_new (style->name);
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_lines (GTK_LABEL (label), 2);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_set_name (button, style->name);
  gtk_widget_set_tooltip_text (button, style->prompt);
  gtk_widget_add_css_class (button, "style-tile");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, style->name, -1);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), self->chosen != NULL && g_strv_contains ((const char *const *) self->chosen, style->name));
  g_signal_connect_object (button, "toggled", G_CALLBACK (on_toggled), self, 0);
  if (style->own)
    {
      gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
      g_signal_connect_object (click, "pressed", G_CALLBACK (on_right_click), self, 0);
      gtk_widget_add_controller (button, GTK_EVENT_CONTROLLER (click));
    }
  else
    g_object_unref (click);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), button);
  gtk_widget_set_focusable (child, FALSE);
  return child;
}

static void
show_styles (LimnStylesPane *self,
             GPtrArray      *styles)
{
  GtkWidget *child;

  unparent_menu (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tiles))) != NULL)
    gtk_flow_box_remove (self->tiles, child);
  for (guint i = 0; i < styles->len; i++)
    gtk_flow_box_insert (self->tiles, make_tile (self, styles->pdata[i]), -1);
}

static GtkWidget *
button_of (GtkWidget *child)
{
  return gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child));
}

void
limn_styles_pane_set_chosen (LimnStylesPane    *self,
                             const char *const *names)
{
  g_strfreev (self->chosen);
  self->chosen = g_strdupv ((char **) names);
  self->showing = TRUE;
  for (GtkWidget *at = gtk_widget_get_first_child (GTK_WIDGET (self->tiles)); at != NULL; at = gtk_widget_get_next_sibling (at))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button_of (at)), g_strv_contains (names, gtk_widget_get_name (button_of (at))));
  self->showing = FALSE;
}

static gboolean
matches (GtkFlowBoxChild *child,
         gpointer         data)
{
  LimnStylesPane  *self = data;
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *name = g_utf8_casefold (gtk_widget_get_name (button_of (GTK_WIDGET (child))), -1);

  return strstr (name, wanted) != NULL;
}

static void
on_search (LimnStylesPane *self)
{
  gtk_flow_box_invalidate_filter (self->tiles);
}

/* --- bringing in, saving, removing ---------------------------------------------------------------------------------- */

static void
on_file (GtkNativeDialog *dialog,
         int              response,
         LimnStylesPane  *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  if (file != NULL && g_file_peek_path (file) != NULL)
    import_path (self, g_file_peek_path (file));
  g_object_unref (dialog);
}

static void
import (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_ ("Import Styles"), GTK_WINDOW (gtk_widget_get_root (widget)), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"), NULL);

  g_signal_connect_object (dialog, "response", G_CALLBACK (on_file), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_named (const char *name,
          gpointer    data)
{
  g_signal_emit_by_name (data, "save", name);
}

static void
save (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  LimnStylesPane *self = LIMN_STYLES_PANE (widget);

  limn_name_popover_ask (GTK_WIDGET (self->save_button), _ ("Name of the Style"), NULL, NULL, on_named, self);
}

static void
remove_style (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  LimnStylesPane *self = LIMN_STYLES_PANE (widget);
  Asked          *asked;

  if (self->menu_style == NULL)
    return;
  asked = g_new0 (Asked, 1);
  asked->work = REMOVE;
  asked->path = g_strdup (self->menu_style);
  g_signal_emit_by_name (self, "toggled", self->menu_style, FALSE);
  start (self, asked);
}

static gboolean
on_drop (GtkDropTarget  *target,
         const GValue   *value,
         double          x,
         double          y,
         LimnStylesPane *self)
{
  GSList *files = g_value_get_boxed (value);

  for (GSList *at = files; at != NULL; at = at->next)
    if (g_file_peek_path (at->data) != NULL)
      import_path (self, g_file_peek_path (at->data));
  return files != NULL;
}

static void
limn_styles_pane_dispose (GObject *object)
{
  LimnStylesPane *self = LIMN_STYLES_PANE (object);

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->chosen, g_strfreev);
  g_clear_pointer (&self->menu_style, g_free);
  G_OBJECT_CLASS (limn_styles_pane_parent_class)->dispose (object);
}

static void
limn_styles_pane_class_init (LimnStylesPaneClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_styles_pane_dispose;
  g_signal_new ("toggled", LIMN_TYPE_STYLES_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
  g_signal_new ("save", LIMN_TYPE_STYLES_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_signal_new ("message", LIMN_TYPE_STYLES_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/styles-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnStylesPane, search);
  gtk_widget_class_bind_template_child (widget_class, LimnStylesPane, tiles);
  gtk_widget_class_bind_template_child (widget_class, LimnStylesPane, save_button);
  gtk_widget_class_bind_template_child (widget_class, LimnStylesPane, style_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_install_action (widget_class, "styles.import", NULL, import);
  gtk_widget_class_install_action (widget_class, "styles.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "styles.remove", NULL, remove_style);
}

static void
limn_styles_pane_init (LimnStylesPane *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_flow_box_set_filter_func (self->tiles, matches, self, NULL);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  start (self, g_new0 (Asked, 1));
}
