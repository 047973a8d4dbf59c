/* What is known of a picture: its settings, what can be made of it, where it came from and what came from it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/facts-panel.h"

#include <glib/gi18n.h>

#include "app/library/history.h"
#include "app/request-text.h"
#include "ui/history-row.h"

#define MOST_NODES 60

/* How far a variation goes from the picture. */
#define VARIATION 0.25

/* The second pass: so many times as large, changing so much. */
#define ENLARGE 2.0
#define ENLARGE_STRENGTH 0.35

struct _LimnFactsPanel
{
  AdwBin        parent;
  LimnStudio   *studio;
  GCancellable *cancellable;
  gint64        id, source; /* what it came from, as a picture to start from; 0: nothing */
  LimnRequest   request;    /* unknown while @made is not set */
  gboolean      made;

  GtkStack   *stack;
  GtkLabel   *prompt, *negative, *text, *facts;
  GtkWidget  *settings;
  GtkListBox *history;
  GtkWidget  *history_box;
};

G_DEFINE_FINAL_TYPE (LimnFactsPanel, limn_facts_panel, ADW_TYPE_BIN)

static void
set_text (GtkLabel   *label,
          const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static char *
describe_file (const LimnFacts *facts)
{
  g_autofree char *size = g_format_size ((guint64) facts->size);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (facts->created / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *date = g_date_time_format (local, "%x, %H:%M");
  g_autofree char *what = g_strdup_printf ("%d × %d · %s · %s · %s", facts->width, facts->height, facts->format, size, date);

  return facts->name != NULL ? g_strdup_printf ("%s\n%s", facts->name, what) : g_steal_pointer (&what);
}

static void
take_request (LimnFactsPanel  *self,
              const LimnFacts *facts)
{
  limn_request_clear (&self->request);
  limn_request_init (&self->request);
  self->made = facts->request != NULL && limn_request_parse (&self->request, facts->request, -1, "picture", NULL) && self->request.prompt != NULL;
  self->source = self->made && self->request.picture != NULL && facts->parents->len > 0 ? g_array_index (facts->parents, gint64, 0) : 0;
}

/* What a picture that came in from outside has no settings for is not offered. */
static void
show_actions (LimnFactsPanel *self)
{
  static const char *const of_settings[] = { "facts.use", "facts.use-seed", "facts.vary", "facts.again", "facts.enlarge", "facts.copy" };

  for (guint i = 0; i < G_N_ELEMENTS (of_settings); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_settings[i], self->made);
  if (self->request.seed < 0)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "facts.use-seed", FALSE);
}

static void
show_facts (LimnFactsPanel  *self,
            const LimnFacts *facts)
{
  g_autofree char *text = NULL;
  g_autofree char *file = describe_file (facts);

  take_request (self, facts);
  text = self->made ? limn_request_text (&self->request) : NULL;
  set_text (self->prompt, facts->prompt);
  set_text (self->negative, facts->negative);
  set_text (self->facts, file);
  if (text != NULL && strrchr (text, '\n') != NULL)
    set_text (self->text, strrchr (text, '\n') + 1);
  else
    set_text (self->text, NULL);
  gtk_widget_set_visible (self->settings, self->made);
  show_actions (self);
}

static void
show_history (LimnFactsPanel *self,
              GPtrArray      *nodes)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->history))) != NULL)
    gtk_list_box_remove (self->history, child);
  gtk_widget_set_visible (self->history_box, nodes->len > 1);
  for (guint i = 0; nodes->len > 1 && i < nodes->len; i++)
    gtk_list_box_append (self->history, limn_history_row_new (nodes->pdata[i], limn_studio_thumbnails (self->studio)));
}

static void
on_history (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr (LimnFactsPanel) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) nodes = limn_library_history_finish (LIMN_LIBRARY (source), result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable || nodes == NULL)
    return;
  for (guint i = 0; i < nodes->len; i++)
    {
      const LimnHistoryNode *node = nodes->pdata[i];

      if (node->depth == 0)
        show_facts (self, node->facts);
    }
  show_history (self, nodes);
  gtk_stack_set_visible_child_name (self->stack, "facts");
}

static void
read_facts (LimnFactsPanel *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->id == 0 || self->studio == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  limn_library_history_async (limn_studio_library (self->studio), self->id, MOST_NODES, self->cancellable, on_history, g_object_ref (self));
}

void
limn_facts_panel_show (LimnFactsPanel *self,
                       LimnStudio     *studio,
                       gint64          id)
{
  if (self->studio == NULL && studio != NULL)
    {
      self->studio = g_object_ref (studio);
      g_signal_connect_object (limn_studio_library (studio), "changed", G_CALLBACK (read_facts), self, G_CONNECT_SWAPPED);
    }
  if (self->id != id)
    gtk_stack_set_visible_child_name (self->stack, "none");
  self->id = id;
  read_facts (self);
}

/* --- actions -------------------------------------------------------------------------------------------------------- */

static void
use (GtkWidget  *widget,
     const char *action,
     GVariant   *parameter)
{
  g_signal_emit_by_name (widget, "use", &LIMN_FACTS_PANEL (widget)->request, FALSE);
}

static void
use_seed (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  g_signal_emit_by_name (widget, "use", &LIMN_FACTS_PANEL (widget)->request, TRUE);
}

static void
vary (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  LimnFactsPanel *self = LIMN_FACTS_PANEL (widget);
  g_auto (LimnRequest) request = { 0 };

  limn_request_copy (&request, &self->request);
  request.variation = VARIATION;
  request.variation_seed = g_random_int ();
  g_signal_emit_by_name (self, "make", &request, self->source);
}

static void
again (GtkWidget  *widget,
       const char *action,
       GVariant   *parameter)
{
  LimnFactsPanel *self = LIMN_FACTS_PANEL (widget);
  g_auto (LimnRequest) request = { 0 };

  limn_request_copy (&request, &self->request);
  request.seed = -1;
  g_signal_emit_by_name (self, "make", &request, self->source);
}

static void
enlarge (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  LimnFactsPanel *self = LIMN_FACTS_PANEL (widget);
  g_auto (LimnRequest) request = { 0 };

  limn_request_copy (&request, &self->request);
  request.hires = ENLARGE;
  request.hires_strength = ENLARGE_STRENGTH;
  g_signal_emit_by_name (self, "make", &request, self->source);
}

static void
start_from (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  g_signal_emit_by_name (widget, "source", LIMN_FACTS_PANEL (widget)->id);
}

static void
repaint (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  g_signal_emit_by_name (widget, "mask", LIMN_FACTS_PANEL (widget)->id);
}

static void
copy (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  g_autofree char *text = limn_request_text (&LIMN_FACTS_PANEL (widget)->request);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
on_row (LimnFactsPanel *self,
        GtkListBoxRow  *row)
{
  gint64 id = limn_history_row_id (LIMN_HISTORY_ROW (row));

  if (id != self->id)
    g_signal_emit_by_name (self, "open", id);
}

static void
compare (GtkWidget  *widget,
         const char *action,
         GVariant   *id)
{
  g_signal_emit_by_name (widget, "compare", g_variant_get_int64 (id));
}

/* --- the rest ------------------------------------------------------------------------------------------------------- */

static void
limn_facts_panel_dispose (GObject *object)
{
  LimnFactsPanel *self = LIMN_FACTS_PANEL (object);

  self->id = 0;
  read_facts (self);
  g_clear_object (&self->studio);
  G_OBJECT_CLASS (limn_facts_panel_parent_class)->dispose (object);
}

static void
limn_facts_panel_finalize (GObject *object)
{
  limn_request_clear (&LIMN_FACTS_PANEL (object)->request);
  G_OBJECT_CLASS (limn_facts_panel_parent_class)->finalize (object);
}

static const struct
{
  const char *name;
  void (*run) (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter);
} actions[] = {
  { "facts.use", use }, { "facts.use-seed", use_seed }, { "facts.vary", vary }, { "facts.again", again }, { "facts.enlarge", enlarge }, { "facts.start-from", start_from }, { "facts.repaint", repaint }, { "facts.copy", copy }
};

static void
limn_facts_panel_class_init (LimnFactsPanelClass *class)
{
  static const char *const numbers[] = { "open", "compare", "source", "mask" };
  GtkWidgetClass          *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = limn_facts_panel_dispose;
  G_OBJECT_CLASS (class)->finalize = limn_facts_panel_finalize;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_signal_new (numbers[i], LIMN_TYPE_FACTS_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  g_signal_new ("use", LIMN_TYPE_FACTS_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_BOOLEAN);
  g_signal_new ("make", LIMN_TYPE_FACTS_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_INT64);
  gtk_widget_class_set_template_from_resource (widget_class, "/app/limn/Limn/facts-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, LimnFactsPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, LimnFactsPanel, prompt);
  gtk_widget_class_bind_template_child (widget_class, LimnFactsPanel, negative);
  gtk_widget_class_bind_template_child (widget_class, LimnFactsPanel, text);
  gtk_widget_class_bind_template_child (widget_class, LimnFactsPanel, facts);
  gtk_widget_class_bind_template_child (widget_class, LimnFactsPanel, settings);
  gtk_widget_class_bind_template_child (widget_class, LimnFactsPanel, history);
  gtk_widget_class_bind_template_child (widget_class, LimnFactsPanel, history_box);
  gtk_widget_class_bind_template_callback (widget_class, on_row);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].run);
  gtk_widget_class_install_action (widget_class, "facts.compare", "x", compare);
}

static void
limn_facts_panel_init (LimnFactsPanel *self)
{
  limn_request_init (&self->request);
  gtk_widget_init_template (GTK_WIDGET (self));
}
