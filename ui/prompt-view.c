/* The editor of a prompt: its language in colours, brackets checked, words completed, weights and earlier prompts by keys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/prompt-view.h"

#include <adwaita.h>

#include "app/prompt-weight.h"
#include "ui/prompt-completion.h"

#define LANGUAGES "resource:///app/limn/Limn/languages"

struct _LimnPromptView
{
  GtkSourceView    parent;
  LimnPromptWords *words;
  GtkTextTag      *lone;
  gboolean         marked;  /* some bracket has that tag */
  char            *written; /* what was there before an earlier prompt was fetched */
  char           **prompts; /* the earlier ones */
  int              earlier; /* which of them is shown; -1: none */
  gboolean         fetching;
};

G_DEFINE_FINAL_TYPE (LimnPromptView, limn_prompt_view, GTK_SOURCE_TYPE_VIEW)

enum
{
  CHANGED,
  STYLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkTextBuffer *
buffer_of (LimnPromptView *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self));
}

static char *
raw_text (LimnPromptView *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer_of (self), &start, &end);
  return gtk_text_buffer_get_text (buffer_of (self), &start, &end, FALSE);
}

char *
limn_prompt_view_get_text (LimnPromptView *self)
{
  return g_strstrip (raw_text (self));
}

static void
replace (LimnPromptView *self,
         int             begin,
         int             end,
         const char     *text)
{
  GtkTextBuffer *buffer = buffer_of (self);
  GtkTextIter    from, to;

  gtk_text_buffer_get_iter_at_offset (buffer, &from, begin);
  gtk_text_buffer_get_iter_at_offset (buffer, &to, end);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &from, &to);
  gtk_text_buffer_insert (buffer, &from, text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

void
limn_prompt_view_set_text (LimnPromptView *self,
                           const char     *text)
{
  g_autofree char *known = raw_text (self);

  if (!g_str_equal (known, text != NULL ? text : ""))
    replace (self, 0, -1, text != NULL ? text : "");
}

void
limn_prompt_view_emit_style (LimnPromptView *self,
                             const char     *name)
{
  g_signal_emit (self, signals[STYLE], 0, name);
}

/* --- brackets ------------------------------------------------------------------------------------------------------- */

static void
mark_brackets (LimnPromptView *self)
{
  GtkTextBuffer   *buffer = buffer_of (self);
  g_autofree char *text = raw_text (self);
  g_autoptr (GArray) lone = limn_prompt_unbalanced (text);
  GtkTextIter from, to;

  if (lone->len == 0 && !self->marked) /* taking a tag off makes all of the text be laid out again */
    return;
  self->marked = lone->len > 0;
  gtk_text_buffer_get_bounds (buffer, &from, &to);
  gtk_text_buffer_remove_tag (buffer, self->lone, &from, &to);
  for (guint i = 0; i < lone->len; i++)
    {
      gtk_text_buffer_get_iter_at_offset (buffer, &from, g_array_index (lone, int, i));
      to = from;
      gtk_text_iter_forward_char (&to);
      gtk_text_buffer_apply_tag (buffer, self->lone, &from, &to);
    }
}

static void
on_changed (LimnPromptView *self)
{
  mark_brackets (self);
  if (!self->fetching)
    self->earlier = -1;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- keys ----------------------------------------------------------------------------------------------------------- */

static gboolean
change_weight (GtkWidget *widget,
               GVariant  *by,
               gpointer   data)
{
  LimnPromptView  *self = LIMN_PROMPT_VIEW (widget);
  GtkTextBuffer   *buffer = buffer_of (self);
  g_autofree char *text = raw_text (self);
  g_auto (LimnPromptChange) change = { 0 };
  GtkTextIter from, to;

  gtk_text_buffer_get_selection_bounds (buffer, &from, &to);
  if (!limn_prompt_weight_change (text, gtk_text_iter_get_offset (&from), gtk_text_iter_get_offset (&to), g_variant_get_double (by), &change))
    return TRUE;
  replace (self, change.begin, change.end, change.text);
  gtk_text_buffer_get_iter_at_offset (buffer, &from, change.select_begin);
  gtk_text_buffer_get_iter_at_offset (buffer, &to, change.select_end);
  gtk_text_buffer_select_range (buffer, &from, &to);
  return TRUE;
}

/* What was being written comes back behind the newest of the earlier ones. */
static gboolean
fetch_earlier (GtkWidget *widget,
               GVariant  *direction,
               gpointer   data)
{
  LimnPromptView *self = LIMN_PROMPT_VIEW (widget);
  int             wanted = self->earlier + g_variant_get_int32 (direction);
  int             count = self->prompts != NULL ? (int) g_strv_length (self->prompts) : 0;

  if (wanted < -1 || wanted >= count)
    return TRUE;
  if (self->earlier < 0)
    {
      g_free (self->written);
      self->written = raw_text (self);
      if (wanted == 0 && g_str_equal (self->written, self->prompts[0]) && count > 1)
        wanted = 1;
    }
  self->fetching = TRUE;
  limn_prompt_view_set_text (self, wanted < 0 ? self->written : self->prompts[wanted]);
  self->fetching = FALSE;
  self->earlier = wanted;
  return TRUE;
}

static void
add_shortcut (GtkEventController *controller,
              const char         *trigger,
              GtkShortcutFunc     func,
              GVariant           *argument)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger), gtk_callback_action_new (func, NULL, NULL));

  gtk_shortcut_set_arguments (shortcut, argument);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
}

/* Before the editor's own, which moves lines by some of these. */
static void
add_keys (LimnPromptView *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  add_shortcut (controller, "<Control>Up", change_weight, g_variant_new_double (LIMN_PROMPT_WEIGHT_STEP));
  add_shortcut (controller, "<Control>Down", change_weight, g_variant_new_double (-LIMN_PROMPT_WEIGHT_STEP));
  add_shortcut (controller, "<Alt>Up", fetch_earlier, g_variant_new_int32 (1));
  add_shortcut (controller, "<Alt>Down", fetch_earlier, g_variant_new_int32 (-1));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* --- the rest ------------------------------------------------------------------------------------------------------- */

void
limn_prompt_view_set_words (LimnPromptView  *self,
                            LimnPromptWords *words)
{
  g_clear_pointer (&self->words, limn_prompt_words_unref);
  self->words = limn_prompt_words_ref (words);
  if (self->earlier >= 0) /* the one that is shown keeps its place */
    return;
  g_strfreev (self->prompts);
  self->prompts = limn_prompt_words_prompts (words);
}

LimnPromptWords *
limn_prompt_view_get_words (LimnPromptView *self)
{
  return self->words;
}

static void
follow_scheme (LimnPromptView *self)
{
  AdwStyleManager             *manager = adw_style_manager_get_default ();
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();
  GtkSourceStyleScheme        *scheme = gtk_source_style_scheme_manager_get_scheme (schemes, adw_style_manager_get_dark (manager) ? "Adwaita-dark" : "Adwaita");

  gtk_source_buffer_set_style_scheme (GTK_SOURCE_BUFFER (buffer_of (self)), scheme);
}

static void
add_completion (LimnPromptView *self)
{
  GtkSourceCompletion *completion = gtk_source_view_get_completion (GTK_SOURCE_VIEW (self));
  g_autoptr (GtkSourceCompletionProvider) provider = limn_prompt_completion_new (self);

  g_object_set (completion, "show-icons", TRUE, "remember-info-visibility", FALSE, "select-on-show", TRUE, NULL);
  gtk_source_completion_add_provider (completion, provider);
}

static void
limn_prompt_view_finalize (GObject *object)
{
  LimnPromptView *self = LIMN_PROMPT_VIEW (object);

  g_clear_pointer (&self->words, limn_prompt_words_unref);
  g_strfreev (self->prompts);
  g_free (self->written);
  G_OBJECT_CLASS (limn_prompt_view_parent_class)->finalize (object);
}

/* The editor sets up its buffer only here. */
static void
limn_prompt_view_constructed (GObject *object)
{
  LimnPromptView           *self = LIMN_PROMPT_VIEW (object);
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();
  GtkSourceBuffer          *buffer;

  G_OBJECT_CLASS (limn_prompt_view_parent_class)->constructed (object);
  buffer = GTK_SOURCE_BUFFER (buffer_of (self));
  gtk_source_buffer_set_language (buffer, gtk_source_language_manager_get_language (languages, "limn-prompt"));
  gtk_source_buffer_set_highlight_matching_brackets (buffer, TRUE);
  self->lone = gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (buffer), NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (follow_scheme), self, G_CONNECT_SWAPPED);
  follow_scheme (self);
  add_completion (self);
}

static void
limn_prompt_view_class_init (LimnPromptViewClass *class)
{
  G_OBJECT_CLASS (class)->constructed = limn_prompt_view_constructed;
  G_OBJECT_CLASS (class)->finalize = limn_prompt_view_finalize;
  /* before any language is asked for: the manager looks once */
  gtk_source_language_manager_append_search_path (gtk_source_language_manager_get_default (), LANGUAGES);
  signals[CHANGED] = g_signal_new ("changed", LIMN_TYPE_PROMPT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[STYLE] = g_signal_new ("style", LIMN_TYPE_PROMPT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
limn_prompt_view_init (LimnPromptView *self)
{
  self->earlier = -1;
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "prompt");
  add_keys (self);
}
