/* A picture from close up: zoomed, compared, with its settings and its history, and what can be made of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/viewer.h"

#include <glib/gi18n.h>

#include "app/library/async.h"
#include "app/request-text.h"
#include "ui/facts-panel.h"
#include "ui/picture-content.h"
#include "ui/picture-drop.h"
#include "ui/picture-view.h"

struct _LimnViewer
{
  AdwBin        parent;
  LimnStudio   *studio;
  LimnViewport *viewport;
  GCancellable *cancellable;
  gint64        ids[LIMN_VIEWER_MOST];
  guint         n;
  GtkWidget    *views[LIMN_VIEWER_MOST], *captions[LIMN_VIEWER_MOST];
  gboolean      wiping; /* two pictures, one behind a line */

  GtkGrid         *grid;
  GtkLabel        *zoom_label;
  LimnFactsPanel  *facts;
  GtkToggleButton *wipe_button;
  GtkWidget       *compare_box;
};

G_DEFINE_FINAL_TYPE (LimnViewer, limn_viewer, ADW_TYPE_BIN)

/* --- loading -------------------------------------------------------------------------------------------------------- */

/* A picture on its way to its place. */
typedef struct
{
  LimnViewer   *self;
  GCancellable *cancellable;
  guint         at;
} Wanted;

static void
show_zoom (LimnViewer *self)
{
  double           zoom = self->views[0] != NULL ? limn_picture_view_zoom (LIMN_PICTURE_VIEW (self->views[0])) : 0;
  g_autofree char *text = g_strdup_printf ("%.0f %%", 100 * zoom);

  gtk_label_set_text (self->zoom_label, zoom > 0 ? text : "");
}

static void
take_texture (LimnViewer *self,
              guint       at,
              GdkTexture *texture)
{
  if (self->wiping && at == 1)
    limn_picture_view_set_before (LIMN_PICTURE_VIEW (self->views[0]), texture);
  else if (self->views[at] != NULL)
    limn_picture_view_set_texture (LIMN_PICTURE_VIEW (self->views[at]), texture);
  show_zoom (self);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autofree Wanted *wanted = data;
  g_autoptr (LimnViewer) self = wanted->self;
  g_autoptr (GCancellable) cancellable = wanted->cancellable;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = limn_thumbnails_load_finish (LIMN_THUMBNAILS (source), result, &error);

  if (g_cancellable_is_cancelled (cancellable))
    return;
  if (texture != NULL)
    take_texture (self, wanted->at, texture);
  else
    g_signal_emit_by_name (self, "message", error->message);
}

/* What is known already is seen until the whole picture is there. */
static void
load (LimnViewer *self,
      guint       at)
{
  LimnThumbnails *thumbnails = limn_studio_thumbnails (self->studio);
  GdkTexture     *small = limn_thumbnails_peek (thumbnails, self->ids[at], 512);
  Wanted         *wanted = g_new0 (Wanted, 1);

  if (small == NULL)
    small = limn_thumbnails_peek (thumbnails, self->ids[at], 256);
  if (small != NULL && self->n == 1 && limn_viewport_zoom (self->viewport) == 0)
    take_texture (self, at, small);
  *wanted = (Wanted){ g_object_ref (self), g_object_ref (self->cancellable), at };
  limn_thumbnails_load_async (thumbnails, self->ids[at], 0, self->cancellable, on_loaded, wanted);
}

/* --- several -------------------------------------------------------------------------------------------------------- */

static void
set_captions (LimnViewer *self,
              GPtrArray  *facts)
{
  LimnRequest        requests[LIMN_VIEWER_MOST];
  const LimnRequest *all[LIMN_VIEWER_MOST];
  g_auto (GStrv) texts = NULL;

  for (guint i = 0; i < self->n; i++)
    {
      const LimnFacts *known = facts->pdata[i];

      limn_request_init (&requests[i]);
      if (known->request != NULL)
        limn_request_parse (&requests[i], known->request, -1, "picture", NULL);
      all[i] = &requests[i];
    }
  texts = limn_request_differences (all, self->n);
  for (guint i = 0; i < self->n; i++)
    {
      if (self->captions[i] != NULL)
        gtk_label_set_text (GTK_LABEL (self->captions[i]), texts[i]);
      limn_request_clear (&requests[i]);
    }
}

static void
on_facts (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autofree Wanted *wanted = data;
  g_autoptr (LimnViewer) self = wanted->self;
  g_autoptr (GCancellable) cancellable = wanted->cancellable;
  g_autoptr (GPtrArray) facts = limn_library_facts_finish (LIMN_LIBRARY (source), result, NULL);

  if (facts != NULL && !g_cancellable_is_cancelled (cancellable) && facts->len == self->n)
    set_captions (self, facts);
}

static void
add_view (LimnViewer *self,
          guint       at)
{
  guint      columns = self->n == 4 ? 2 : self->n;
  GtkWidget *view = limn_picture_view_new (self->viewport), *caption;

  self->views[at] = view;
  g_signal_connect_object (view, "resized", G_CALLBACK (show_zoom), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_grid_attach (self->grid, view, (int) (at % columns), (int) (at / columns * 2), 1, 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Picture"), -1);
  if (self->n == 1)
    return;
  caption = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (caption), PANGO_ELLIPSIZE_END);
  gtk_label_set_selectable (GTK_LABEL (caption), TRUE);
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_set_margin_top (caption, 3);
  gtk_widget_set_margin_bottom (caption, 3);
  self->captions[at] = caption;
  gtk_grid_attach (self->grid, caption, (int) (at % columns), (int) (at / columns * 2 + 1), 1, 1);
}

static void
clear_views (LimnViewer *self)
{
  GtkWidget *child;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  for (guint i = 0; i < LIMN_VIEWER_MOST; i++)
    self->views[i] = self->captions[i] = NULL;
}

static void
rebuild (LimnViewer *self)
{
  LimnLibrary *library = limn_studio_library (self->studio);
  Wanted      *wanted;

  clear_views (self);
  self->cancellable = g_cancellable_new ();
  self->wiping = self->n == 2 && gtk_toggle_button_get_active (self->wipe_button);
  gtk_widget_set_visible (self->compare_box, self->n > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->wipe_button), self->n == 2);
  for (guint i = 0; i < self->n; i++)
    {
      if (i == 0 || !self->wiping)
        add_view (self, i);
      load (self, i);
    }
  limn_facts_panel_show (self->facts, self->studio, self->n == 1 ? self->ids[0] : 0);
  show_zoom (self);
  if (self->n < 2)
    return;
  wanted = g_new0 (Wanted, 1);
  *wanted = (Wanted){ g_object_ref (self), g_object_ref (self->cancellable), 0 };
  limn_library_facts_async (library, self->ids, self->n, self->cancellable, on_facts, wanted);
}

void
limn_viewer_open (LimnViewer   *self,
                  const gint64 *ids,
                  guint         n)
{
  self->n = MIN (n, LIMN_VIEWER_MOST);
  for (guint i = 0; i < self->n; i++)
    self->ids[i] = ids[i];
  limn_viewport_fit (self->viewport);
  rebuild (self);
  if (self->views[0] != NULL)
    gtk_widget_grab_focus (self->views[0]);
}

void
limn_viewer_add (LimnViewer *self,
                 gint64      id)
{
  for (guint i = 0; i < self->n; i++)
    if (self->ids[i] == id)
      return;
  if (self->n == LIMN_VIEWER_MOST)
    self->n--;
  self->ids[self->n++] = id;
  rebuild (self);
}

gint64
limn_viewer_get_id (LimnViewer *self)
{
  return self->n > 0 ? self->ids[0] : 0;
}

void
limn_viewer_close (LimnViewer *self)
{
  self->n = 0;
  clear_views (self);
  limn_facts_panel_show (self->facts, self->studio, 0);
}

/* --- actions -------------------------------------------------------------------------------------------------------- */

static void
zoom (GtkWidget  *widget,
      const char *action,
      GVariant   *times)
{
  LimnViewer *self = LIMN_VIEWER (widget);

  if (self->views[0] != NULL)
    limn_picture_view_zoom_by (LIMN_PICTURE_VIEW (self->views[0]), g_variant_get_double (times));
}

static void
zoom_exact (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  LimnViewer *self = LIMN_VIEWER (widget);

  limn_viewport_set (self->viewport, 1, limn_viewport_x (self->viewport), limn_viewport_y (self->viewport));
}

static void
zoom_fit (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  limn_viewport_fit (LIMN_VIEWER (widget)->viewport);
}

static void
step (GtkWidget  *widget,
      const char *action,
      GVariant   *by)
{
  g_signal_emit_by_name (widget, "step", g_variant_get_int32 (by));
}

static void
copy (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  LimnViewer *self = LIMN_VIEWER (widget);
  g_autoptr (GdkContentProvider) content = NULL;

  if (self->n == 0)
    return;
  content = limn_picture_content_new (limn_studio_library (self->studio), self->ids, self->n);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), content);
}

static void
edit (LimnViewer     *self,
      const LimnEdit *what)
{
  if (self->n > 0)
    limn_undo_edit (limn_studio_undo (self->studio), what, self->ids, self->n);
}

static void
rate (GtkWidget  *widget,
      const char *action,
      GVariant   *stars)
{
  edit (LIMN_VIEWER (widget), &(LimnEdit){ .kind = LIMN_EDIT_RATE, .number = g_variant_get_int32 (stars) });
}

static void
trash (GtkWidget  *widget,
       const char *action,
       GVariant   *parameter)
{
  edit (LIMN_VIEWER (widget), &(LimnEdit){ .kind = LIMN_EDIT_TRASH });
  g_signal_emit_by_name (widget, "message", _ ("Moved to the Trash"));
  g_signal_emit_by_name (widget, "step", 1);
}

static void
close_comparison (GtkWidget  *widget,
                  const char *action,
                  GVariant   *parameter)
{
  LimnViewer *self = LIMN_VIEWER (widget);

  self->n = MIN (self->n, 1);
  rebuild (self);
}

static void
on_wipe (LimnViewer *self)
{
  if (self->n == 2)
    rebuild (self);
}

static void
on_dropped (gint64   id,
            gpointer data)
{
  limn_viewer_add (LIMN_VIEWER (data), id);
}

static GdkContentProvider *
on_prepare (GtkDragSource *source,
            double         x,
            double         y,
            LimnViewer    *self)
{
  return self->n > 0 ? limn_picture_content_new (limn_studio_library (self->studio), self->ids, self->n) : NULL;
}

/* --- what the panel says -------------------------------------------------------------------------------------------- */

static void
on_open (LimnViewer *self,
         gint64      id)
{
  limn_viewer_open (self, &id, 1);
}

static void
on_compare (LimnViewer *self,
            gint64      id)
{
  limn_viewer_add (self, id);
}

static void
on_use (LimnViewer *self,
        gpointer    request,
        gboolean    seed)
{
  g_signal_emit_by_name (self, "use", request, seed);
}

static void
on_make (LimnViewer *self,
         gpointer    request,
         gint64      source)
{
  g_signal_emit_by_name (self, "make", request, source);
}

static void
on_source (LimnViewer *self,
           gint64      id)
{
  g_signal_emit_by_name (self, "source", id);
}

static void
on_mask (LimnViewer *self,
         gint64      id)
{
  g_signal_emit_by_name (self, "mask", id);
}

/* --- the rest ------------------------------------------------------------------------------------------------------- */

void
limn_viewer_set_studio (LimnViewer *self,
                        LimnStudio *studio)
{
  self->studio = g_object_ref (studio);
  limn_picture_drop_add (GTK_WIDGET (self), limn_studio_library (studio), on_dropped);
}

static void
limn_viewer_dispose (GObject *object)
{
  LimnViewer *self = LIMN_VIEWER (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->viewport);
  g_clear_object (&self->studio);
  G_OBJECT_CLASS (limn_viewer_parent_class)->dispose (object);
}

/* A line a key. */
static const struct
{
  guint       key, modifiers;
  const char *action, *type;
  double      number;
} keys[] = {
  { GDK_KEY_plus, 0, "viewer.zoom", "d", 1.25 },
  { GDK_KEY_equal, 0, "viewer.zoom", "d", 1.25 },
  { GDK_KEY_KP_Add, 0, "viewer.zoom", "d", 1.25 },
  { GDK_KEY_minus, 0, "viewer.zoom", "d", 0.8 },
  { GDK_KEY_KP_Subtract, 0, "viewer.zoom", "d", 0.8 },
  { GDK_KEY_plus, GDK_CONTROL_MASK, "viewer.zoom", "d", 1.25 },
  { GDK_KEY_minus, GDK_CONTROL_MASK, "viewer.zoom", "d", 0.8 },
  { GDK_KEY_0, GDK_CONTROL_MASK, "viewer.zoom-fit", NULL, 0 },
  { GDK_KEY_1, GDK_CONTROL_MASK, "viewer.zoom-exact", NULL, 0 },
  { GDK_KEY_Left, 0, "viewer.step", "i", -1 },
  { GDK_KEY_Right, 0, "viewer.step", "i", 1 },
  { GDK_KEY_Page_Up, 0, "viewer.step", "i", -1 },
  { GDK_KEY_Page_Down, 0, "viewer.step", "i", 1 },
  { GDK_KEY_c, GDK_CONTROL_MASK, "viewer.copy", NULL, 0 },
  { GDK_KEY_Delete, 0, "viewer.trash", NULL, 0 },
};

static void
add_keys (GtkWidgetClass *class)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].type == NULL)
      gtk_widget_class_add_binding_action (class, keys[i].key, keys[i].modifiers, keys[i].action, NULL);
    else if (*keys[i].type == 'd')
      gtk_widget_class_add_binding_action (class, keys[i].key, keys[i].modifiers, keys[i].action, "d", keys[i].number);
    else
      gtk_widget_class_add_binding_action (class, keys[i].key, keys[i].modifiers, keys[i].action, "i", (int) keys[i].number);
  for (int i = 0; i <= 5; i++)
    gtk_widget_class_add_binding_action (class, GDK_KEY_0 + (guint) i, 0, "viewer.rate", "i", i);
}

static void
add_signals (void)
{
  GType type = LIMN_TYPE_VIEWER;

  g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_signal_new ("step", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  g_signal_new ("use", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_BOOLEAN);
  g_signal_new ("make", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_INT64);
  g_signal_new ("source", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  g_signal_new ("mask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
limn_viewer_class_init (LimnViewerClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_viewer_dispose;
  add_signals ();
  g_type_ensure (LIMN_TYPE_FACTS_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/viewer.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnViewer, grid);
  gtk_widget_class_bind_template_child (widget_class, LimnViewer, zoom_label);
  gtk_widget_class_bind_template_child (widget_class, LimnViewer, facts);
  gtk_widget_class_bind_template_child (widget_class, LimnViewer, wipe_button);
  gtk_widget_class_bind_template_child (widget_class, LimnViewer, compare_box);
  gtk_widget_class_bind_template_callback (widget_class, on_wipe);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_compare);
  gtk_widget_class_bind_template_callback (widget_class, on_use);
  gtk_widget_class_bind_template_callback (widget_class, on_make);
  gtk_widget_class_bind_template_callback (widget_class, on_source);
  gtk_widget_class_bind_template_callback (widget_class, on_mask);
  gtk_widget_class_bind_template_callback (widget_class, on_prepare);
  gtk_widget_class_install_action (widget_class, "viewer.zoom", "d", zoom);
  gtk_widget_class_install_action (widget_class, "viewer.zoom-exact", NULL, zoom_exact);
  gtk_widget_class_install_action (widget_class, "viewer.zoom-fit", NULL, zoom_fit);
  gtk_widget_class_install_action (widget_class, "viewer.step", "i", step);
  gtk_widget_class_install_action (widget_class, "viewer.copy", NULL, copy);
  gtk_widget_class_install_action (widget_class, "viewer.rate", "i", rate);
  gtk_widget_class_install_action (widget_class, "viewer.trash", NULL, trash);
  gtk_widget_class_install_action (widget_class, "viewer.one", NULL, close_comparison);
  add_keys (widget_class);
}

static void
limn_viewer_init (LimnViewer *self)
{
  self->viewport = limn_viewport_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->viewport, "changed", G_CALLBACK (show_zoom), self, G_CONNECT_SWAPPED);
}
