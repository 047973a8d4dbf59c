/* Marks what of a picture is to be made anew, or how far it is to grow.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/mask-editor.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/mask.h"
#include "app/queue/inputs.h"
#include "app/safe-file.h"
#include "ui/picture-view.h"

#define MAX_MASK_BYTES ((gsize) 64 * 1024 * 1024)
/* A picture grows by whole steps of models. */
#define GROW_STEP 8

typedef enum
{
  BRUSH,
  ERASER,
  LASSO,
  FILL,
  GROW,
  N_TOOLS
} Tool;

struct _LimnMaskEditor
{
  AdwBin        parent;
  LimnStudio   *studio;
  LimnViewport *viewport;
  GCancellable *cancellable;
  gint64        id;
  char         *known; /* nullable: the mask that was there */
  LimnMask     *mask;  /* nullable: until the picture is there */
  GArray       *lasso; /* of LimnMaskPoint */
  LimnMaskPoint last;
  int           side; /* that is dragged, in the order of the spin buttons */

  AdwBin          *place;
  LimnPictureView *view;
  GtkToggleButton *tools[N_TOOLS];
  GtkAdjustment   *size, *hardness, *feather;
  GtkSpinButton   *sides[4]; /* left, top, right, bottom */
  GtkWidget       *grow_box, *brush_box;
  GtkSwitch       *area;
};

G_DEFINE_FINAL_TYPE (LimnMaskEditor, limn_mask_editor, ADW_TYPE_BIN)

static Tool
tool_of (LimnMaskEditor *self)
{
  int tool = 0;

  while (tool < N_TOOLS - 1 && !gtk_toggle_button_get_active (self->tools[tool]))
    tool++;
  return (Tool) tool;
}

static void
show_mask (LimnMaskEditor *self)
{
  static const guint8 red[3] = { 235, 60, 60 };
  g_autoptr (GBytes) bytes = self->mask != NULL ? limn_mask_overlay (self->mask, red) : NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (bytes != NULL)
    texture = gdk_memory_texture_new (limn_mask_width (self->mask), limn_mask_height (self->mask), GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, bytes,
                                      (gsize) 4 * limn_mask_width (self->mask));
  limn_picture_view_set_overlay (self->view, GDK_PAINTABLE (texture));
}

static void
show_growth (LimnMaskEditor *self)
{
  int growth[4];

  for (int i = 0; i < 4; i++)
    growth[i] = gtk_spin_button_get_value_as_int (self->sides[i]);
  limn_picture_view_set_frame (self->view, growth, tool_of (self) == GROW);
}

static void
show_tool (LimnMaskEditor *self)
{
  Tool tool = tool_of (self);

  gtk_widget_set_visible (self->grow_box, tool == GROW);
  gtk_widget_set_visible (self->brush_box, tool == BRUSH || tool == ERASER);
  limn_picture_view_set_brush (self->view, tool == BRUSH || tool == ERASER ? gtk_adjustment_get_value (self->size) / 2 : 0);
  show_growth (self);
}

/* --- painting ------------------------------------------------------------------------------------------------------- */

static gboolean
point_at (LimnMaskEditor *self,
          double          x,
          double          y,
          LimnMaskPoint  *point)
{
  graphene_rect_t bounds;

  if (self->mask == NULL || !limn_picture_view_bounds (self->view, &bounds))
    return FALSE;
  point->x = (x - bounds.origin.x) / bounds.size.width * limn_mask_width (self->mask);
  point->y = (y - bounds.origin.y) / bounds.size.height * limn_mask_height (self->mask);
  return TRUE;
}

/* A pen that tells how hard it is pressed makes the brush so large. */
static LimnMaskBrush
brush_of (LimnMaskEditor *self,
          GtkGesture     *gesture)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));
  double    pressure = 1;

  if (event == NULL || gdk_event_get_device_tool (event) == NULL || !gdk_event_get_axis (event, GDK_AXIS_PRESSURE, &pressure))
    pressure = 1;
  return (LimnMaskBrush){ gtk_adjustment_get_value (self->size) / 2 * CLAMP (pressure, 0.05, 1), gtk_adjustment_get_value (self->hardness), tool_of (self) == ERASER };
}

static void
begin_growing (LimnMaskEditor *self,
               LimnMaskPoint   at)
{
  double x = at.x / limn_mask_width (self->mask) - 0.5, y = at.y / limn_mask_height (self->mask) - 0.5;

  self->side = fabs (x) > fabs (y) ? (x < 0 ? 0 : 2) : (y < 0 ? 1 : 3);
}

static void
grow (LimnMaskEditor *self,
      LimnMaskPoint   at)
{
  const double out[] = { -at.x, -at.y, at.x - limn_mask_width (self->mask), at.y - limn_mask_height (self->mask) };

  gtk_spin_button_set_value (self->sides[self->side], MAX (round (out[self->side] / GROW_STEP) * GROW_STEP, 0));
}

static void
on_drag_begin (GtkGestureDrag *gesture,
               double          x,
               double          y,
               LimnMaskEditor *self)
{
  LimnMaskBrush brush = brush_of (self, GTK_GESTURE (gesture));
  Tool          tool = tool_of (self);

  if (!point_at (self, x, y, &self->last))
    return;
  if (tool == GROW)
    {
      begin_growing (self, self->last);
      return;
    }
  limn_mask_begin (self->mask);
  g_array_set_size (self->lasso, 0);
  if (tool == FILL)
    limn_mask_fill (self->mask, (int) self->last.x, (int) self->last.y);
  else if (tool == LASSO)
    g_array_append_val (self->lasso, self->last);
  else
    limn_mask_stroke (self->mask, self->last, self->last, &brush);
  show_mask (self);
}

static void
on_drag_update (GtkGestureDrag *gesture,
                double          dx,
                double          dy,
                LimnMaskEditor *self)
{
  LimnMaskBrush brush = brush_of (self, GTK_GESTURE (gesture));
  Tool          tool = tool_of (self);
  LimnMaskPoint point;
  double        x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  if (!point_at (self, x + dx, y + dy, &point))
    return;
  if (tool == GROW)
    grow (self, point);
  else if (tool == LASSO)
    g_array_append_val (self->lasso, point);
  if (tool != BRUSH && tool != ERASER)
    return;
  limn_mask_stroke (self->mask, self->last, point, &brush);
  self->last = point;
  show_mask (self);
}

static void
on_drag_end (GtkGestureDrag *gesture,
             double          dx,
             double          dy,
             LimnMaskEditor *self)
{
  if (self->mask == NULL || tool_of (self) != LASSO)
    return;
  limn_mask_lasso (self->mask, (const LimnMaskPoint *) (gpointer) self->lasso->data, self->lasso->len, FALSE);
  show_mask (self);
}

/* --- actions -------------------------------------------------------------------------------------------------------- */

static void
undo (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  LimnMaskEditor *self = LIMN_MASK_EDITOR (widget);

  if (self->mask != NULL && limn_mask_undo (self->mask))
    show_mask (self);
}

static void
redo (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  LimnMaskEditor *self = LIMN_MASK_EDITOR (widget);

  if (self->mask != NULL && limn_mask_redo (self->mask))
    show_mask (self);
}

static void
change_all (LimnMaskEditor *self,
            void (*change) (LimnMask *mask))
{
  if (self->mask == NULL)
    return;
  limn_mask_begin (self->mask);
  change (self->mask);
  show_mask (self);
}

static void
invert (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  change_all (LIMN_MASK_EDITOR (widget), limn_mask_invert);
}

static void
clear (GtkWidget  *widget,
       const char *action,
       GVariant   *parameter)
{
  change_all (LIMN_MASK_EDITOR (widget), limn_mask_clear);
}

/* --- done ----------------------------------------------------------------------------------------------------------- */

/* A mask on its way to the disk. */
typedef struct
{
  LimnLibrary *library;
  GBytes      *png;
  gint64       id;
  LimnRequest  request;
} Result;

static void
result_free (gpointer data)
{
  Result *result = data;

  g_object_unref (result->library);
  g_clear_pointer (&result->png, g_bytes_unref);
  limn_request_clear (&result->request);
  g_free (result);
}

static void
keep_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Result *result = data;
  GError *error = NULL;

  result->request.mask = limn_inputs_keep (result->library, result->png, "mask.png", &error);
  if (result->request.mask != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_kept (GObject      *source,
         GAsyncResult *task,
         gpointer      data)
{
  Result *result = g_task_get_task_data (G_TASK (task));
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (task), &error))
    g_signal_emit_by_name (source, "done", result->id, &result->request);
  else
    g_signal_emit_by_name (source, "message", error->message);
}

static gboolean
take_growth (LimnMaskEditor *self,
             LimnRequest    *request)
{
  int growth[4], sum = 0;

  for (int i = 0; i < 4; i++)
    sum += growth[i] = gtk_spin_button_get_value_as_int (self->sides[i]);
  if (sum > 0)
    request->expand = g_strdup_printf ("%d,%d,%d,%d", growth[0], growth[1], growth[2], growth[3]);
  return sum > 0;
}

static void
done (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  LimnMaskEditor *self = LIMN_MASK_EDITOR (widget);
  Result         *result = g_new0 (Result, 1);
  g_autoptr (GTask) task = g_task_new (self, NULL, on_kept, NULL);

  limn_request_init (&result->request);
  result->library = g_object_ref (limn_studio_library (self->studio));
  result->id = self->id;
  result->request.mask_feather = gtk_adjustment_get_value (self->feather);
  result->request.mask_area = gtk_switch_get_active (self->area) ? 32 : -1;
  g_task_set_task_data (task, result, result_free);
  if (take_growth (self, &result->request) || self->mask == NULL || limn_mask_is_empty (self->mask))
    {
      g_signal_emit_by_name (self, "done", result->id, &result->request);
      g_task_return_boolean (task, FALSE);
      return;
    }
  result->png = limn_mask_to_png (self->mask, NULL);
  g_task_run_in_thread (task, keep_thread);
}

/* --- loading -------------------------------------------------------------------------------------------------------- */

static void
on_loaded (GObject      *source,
           GAsyncResult *task,
           gpointer      data)
{
  g_autoptr (LimnMaskEditor) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = limn_thumbnails_load_finish (LIMN_THUMBNAILS (source), task, &error);
  g_autoptr (GBytes) known = NULL;

  if (g_task_get_cancellable (G_TASK (task)) != self->cancellable)
    return;
  if (texture == NULL)
    {
      g_signal_emit_by_name (self, "message", error->message);
      return;
    }
  limn_picture_view_set_texture (self->view, texture);
  known = self->known != NULL ? limn_safe_file_read (self->known, MAX_MASK_BYTES, NULL) : NULL;
  if (known != NULL)
    self->mask = limn_mask_from_file (known, gdk_texture_get_width (texture), gdk_texture_get_height (texture), NULL);
  if (self->mask == NULL)
    self->mask = limn_mask_new (gdk_texture_get_width (texture), gdk_texture_get_height (texture));
  show_mask (self);
}

void
limn_mask_editor_close (LimnMaskEditor *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->mask, limn_mask_free);
  g_clear_pointer (&self->known, g_free);
  limn_picture_view_set_texture (self->view, NULL);
  show_mask (self);
}

static void
read_growth (LimnMaskEditor *self,
             const char     *text)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "0,0,0,0", ",", 4);

  for (guint i = 0; i < 4; i++)
    gtk_spin_button_set_value (self->sides[i], i < g_strv_length (parts) ? g_ascii_strtod (parts[i], NULL) : 0);
}

void
limn_mask_editor_open (LimnMaskEditor    *self,
                       LimnStudio        *studio,
                       gint64             id,
                       const LimnRequest *request)
{
  limn_mask_editor_close (self);
  g_set_object (&self->studio, studio);
  self->id = id;
  self->known = g_strdup (request->mask);
  self->cancellable = g_cancellable_new ();
  read_growth (self, request->expand);
  gtk_toggle_button_set_active (self->tools[request->expand != NULL ? GROW : BRUSH], TRUE);
  gtk_adjustment_set_value (self->feather, request->mask_feather >= 0 ? request->mask_feather : 8);
  gtk_switch_set_active (self->area, request->mask_area >= 0);
  limn_viewport_fit (self->viewport);
  limn_thumbnails_load_async (limn_studio_thumbnails (studio), id, 0, self->cancellable, on_loaded, g_object_ref (self));
  show_tool (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
limn_mask_editor_dispose (GObject *object)
{
  LimnMaskEditor *self = LIMN_MASK_EDITOR (object);

  if (self->view != NULL)
    limn_mask_editor_close (self);
  self->view = NULL;
  g_clear_pointer (&self->lasso, g_array_unref);
  g_clear_object (&self->viewport);
  g_clear_object (&self->studio);
  G_OBJECT_CLASS (limn_mask_editor_parent_class)->dispose (object);
}

static void
bind (GtkWidgetClass *class)
{
  static const char *const tools[N_TOOLS] = { "brush", "eraser", "lasso_tool", "fill", "grow" };
  static const char *const sides[4] = { "left", "top", "right", "bottom" };

  for (goffset i = 0; i < N_TOOLS; i++)
    gtk_widget_class_bind_template_child_full (class, tools[i], FALSE, G_STRUCT_OFFSET (LimnMaskEditor, tools[0]) + i * (goffset) sizeof (gpointer));
  for (goffset i = 0; i < 4; i++)
    gtk_widget_class_bind_template_child_full (class, sides[i], FALSE, G_STRUCT_OFFSET (LimnMaskEditor, sides[0]) + i * (goffset) sizeof (gpointer));
  gtk_widget_class_bind_template_child (class, LimnMaskEditor, place);
  gtk_widget_class_bind_template_child (class, LimnMaskEditor, size);
  gtk_widget_class_bind_template_child (class, LimnMaskEditor, hardness);
  gtk_widget_class_bind_template_child (class, LimnMaskEditor, feather);
  gtk_widget_class_bind_template_child (class, LimnMaskEditor, area);
  gtk_widget_class_bind_template_child (class, LimnMaskEditor, grow_box);
  gtk_widget_class_bind_template_child (class, LimnMaskEditor, brush_box);
  gtk_widget_class_bind_template_callback (class, show_tool);
  gtk_widget_class_bind_template_callback (class, show_growth);
}

static void
limn_mask_editor_class_init (LimnMaskEditorClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_mask_editor_dispose;
  g_signal_new ("done", LIMN_TYPE_MASK_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_POINTER);
  g_signal_new ("message", LIMN_TYPE_MASK_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/mask-editor.ui");
  bind (widget_class);
  gtk_widget_class_install_action (widget_class, "mask.undo", NULL, undo);
  gtk_widget_class_install_action (widget_class, "mask.redo", NULL, redo);
  gtk_widget_class_install_action (widget_class, "mask.invert", NULL, invert);
  gtk_widget_class_install_action (widget_class, "mask.clear", NULL, clear);
  gtk_widget_class_install_action (widget_class, "mask.done", NULL, done);
}

static void
limn_mask_editor_init (LimnMaskEditor *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->lasso = g_array_new (FALSE, FALSE, sizeof (LimnMaskPoint));
  self->viewport = limn_viewport_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->view = LIMN_PICTURE_VIEW (limn_picture_view_new (self->viewport));
  limn_picture_view_set_pans (self->view, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Picture to mark"), -1);
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (on_drag_begin), self, 0);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (on_drag_update), self, 0);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (on_drag_end), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->view), GTK_EVENT_CONTROLLER (drag));
  adw_bin_set_child (self->place, GTK_WIDGET (self->view));
  show_tool (self);
}
