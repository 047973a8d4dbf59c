/* What the prompt's editor offers while somebody writes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/prompt-completion.h"

#include <glib/gi18n.h>

#define MOST 30
#define MIN_LETTERS 2

/* --- one word ------------------------------------------------------------------------------------------------------- */

#define LIMN_TYPE_PROMPT_PROPOSAL (limn_prompt_proposal_get_type ())
G_DECLARE_FINAL_TYPE (LimnPromptProposal, limn_prompt_proposal, LIMN, PROMPT_PROPOSAL, GObject)

struct _LimnPromptProposal
{
  GObject               parent;
  LimnPromptWords      *words; /* what @word lives in */
  const LimnPromptWord *word;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LimnPromptProposal,
                               limn_prompt_proposal,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROPOSAL, NULL))

static void
limn_prompt_proposal_finalize (GObject *object)
{
  g_clear_pointer (&LIMN_PROMPT_PROPOSAL (object)->words, limn_prompt_words_unref);
  G_OBJECT_CLASS (limn_prompt_proposal_parent_class)->finalize (object);
}

static void
limn_prompt_proposal_class_init (LimnPromptProposalClass *class)
{
  G_OBJECT_CLASS (class)->finalize = limn_prompt_proposal_finalize;
}

static void
limn_prompt_proposal_init (LimnPromptProposal *self)
{
}

static LimnPromptProposal *
proposal_new (LimnPromptWords      *words,
              const LimnPromptWord *word)
{
  LimnPromptProposal *proposal = g_object_new (LIMN_TYPE_PROMPT_PROPOSAL, NULL);

  proposal->words = limn_prompt_words_ref (words);
  proposal->word = word;
  return proposal;
}

/* --- all of them ---------------------------------------------------------------------------------------------------- */

struct _LimnPromptCompletion
{
  GObject         parent;
  LimnPromptView *view; /* not owned: it owns this */
};

static void limn_prompt_completion_provider_init (GtkSourceCompletionProviderInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LimnPromptCompletion,
                               limn_prompt_completion,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROVIDER, limn_prompt_completion_provider_init))

/* What is being written, and where it begins: at @start. */
static char *
begun_at (GtkSourceCompletionContext *context,
          GtkTextIter                *start,
          GtkTextIter                *end)
{
  GtkTextBuffer   *buffer = GTK_TEXT_BUFFER (gtk_source_completion_context_get_buffer (context));
  g_autofree char *line = NULL;
  gsize            offset;

  gtk_text_buffer_get_iter_at_mark (buffer, end, gtk_text_buffer_get_insert (buffer));
  *start = *end;
  gtk_text_iter_set_line_offset (start, 0);
  line = gtk_text_buffer_get_text (buffer, start, end, FALSE);
  offset = limn_prompt_words_begin (line);
  gtk_text_iter_set_line_index (start, (int) offset);
  return g_strdup (line + offset);
}

static GListModel *
find (LimnPromptCompletion       *self,
      GtkSourceCompletionContext *context)
{
  LimnPromptWords *words = limn_prompt_view_get_words (self->view);
  GListStore      *found = g_list_store_new (GTK_SOURCE_TYPE_COMPLETION_PROPOSAL);
  GtkTextIter      start, end;
  g_autofree char *begun = begun_at (context, &start, &end);
  g_autoptr (GPtrArray) matches = NULL;

  if (words == NULL || (g_utf8_strlen (begun, -1) < MIN_LETTERS && *begun != '<'))
    return G_LIST_MODEL (found);
  matches = limn_prompt_words_find (words, begun, MOST);
  for (guint i = 0; i < matches->len; i++)
    {
      g_autoptr (LimnPromptProposal) proposal = proposal_new (words, matches->pdata[i]);

      if (!g_str_equal (proposal->word->insert, begun)) /* nothing is left to complete */
        g_list_store_append (found, proposal);
    }
  return G_LIST_MODEL (found);
}

static void
populate_async (GtkSourceCompletionProvider *provider,
                GtkSourceCompletionContext  *context,
                GCancellable                *cancellable,
                GAsyncReadyCallback          callback,
                gpointer                     data)
{
  g_autoptr (GTask) task = g_task_new (provider, cancellable, callback, data);
  g_autoptr (GListModel) found = find (LIMN_PROMPT_COMPLETION (provider), context);

  /* an empty list would be shown, without a width */
  if (g_list_model_get_n_items (found) > 0)
    g_task_return_pointer (task, g_steal_pointer (&found), g_object_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nothing begins so");
}

static GListModel *
populate_finish (GtkSourceCompletionProvider *provider,
                 GAsyncResult                *result,
                 GError                     **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
refilter (GtkSourceCompletionProvider *provider,
          GtkSourceCompletionContext  *context,
          GListModel                  *model)
{
  g_autoptr (GListModel) found = find (LIMN_PROMPT_COMPLETION (provider), context);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (found); i++)
    g_ptr_array_add (items, g_list_model_get_item (found, i));
  g_list_store_splice (G_LIST_STORE (model), 0, g_list_model_get_n_items (model), items->pdata, items->len);
}

static void
display (GtkSourceCompletionProvider *provider,
         GtkSourceCompletionContext  *context,
         GtkSourceCompletionProposal *proposal,
         GtkSourceCompletionCell     *cell)
{
  static const char *const kinds[] = {
    [LIMN_WORD_LORA] = N_ ("LoRA"),
    [LIMN_WORD_EMBEDDING] = N_ ("Embedding"),
    [LIMN_WORD_WILDCARD] = N_ ("Wildcard"),
    [LIMN_WORD_STYLE] = N_ ("Style"),
    [LIMN_WORD_USED] = "",
  };
  const LimnPromptWord *word = LIMN_PROMPT_PROPOSAL (proposal)->word;

  switch (gtk_source_completion_cell_get_column (cell))
    {
    case GTK_SOURCE_COMPLETION_COLUMN_TYPED_TEXT:
      gtk_source_completion_cell_set_text (cell, word->text);
      break;
    case GTK_SOURCE_COMPLETION_COLUMN_AFTER:
      gtk_source_completion_cell_set_text (cell, *kinds[word->kind] != '\0' ? _ (kinds[word->kind]) : "");
      gtk_widget_add_css_class (GTK_WIDGET (cell), "dim-label");
      gtk_widget_set_margin_start (GTK_WIDGET (cell), 12);
      break;
    default:
      gtk_source_completion_cell_set_text (cell, NULL);
    }
}

static void
activate (GtkSourceCompletionProvider *provider,
          GtkSourceCompletionContext  *context,
          GtkSourceCompletionProposal *proposal)
{
  LimnPromptCompletion *self = LIMN_PROMPT_COMPLETION (provider);
  g_autoptr (LimnPromptProposal) kept = g_object_ref (LIMN_PROMPT_PROPOSAL (proposal));
  GtkTextBuffer   *buffer = GTK_TEXT_BUFFER (gtk_source_completion_context_get_buffer (context));
  GtkTextIter      start, end;
  g_autofree char *begun = begun_at (context, &start, &end);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &end);
  if (kept->word->kind != LIMN_WORD_STYLE)
    gtk_text_buffer_insert (buffer, &start, kept->word->insert, -1);
  gtk_text_buffer_end_user_action (buffer);
  if (kept->word->kind == LIMN_WORD_STYLE)
    limn_prompt_view_emit_style (self->view, kept->word->text);
}

static gboolean
is_trigger (GtkSourceCompletionProvider *provider,
            const GtkTextIter           *iter,
            gunichar                     c)
{
  return c == '<' || c == ':' || c == '_';
}

static char *
get_title (GtkSourceCompletionProvider *provider)
{
  return NULL;
}

static void
limn_prompt_completion_provider_init (GtkSourceCompletionProviderInterface *interface)
{
  interface->get_title = get_title;
  interface->is_trigger = is_trigger;
  interface->populate_async = populate_async;
  interface->populate_finish = populate_finish;
  interface->refilter = refilter;
  interface->display = display;
  interface->activate = activate;
}

static void
limn_prompt_completion_class_init (LimnPromptCompletionClass *class)
{
}

static void
limn_prompt_completion_init (LimnPromptCompletion *self)
{
}

GtkSourceCompletionProvider *
limn_prompt_completion_new (LimnPromptView *view)
{
  LimnPromptCompletion *self = g_object_new (LIMN_TYPE_PROMPT_COMPLETION, NULL);

  self->view = view;
  return GTK_SOURCE_COMPLETION_PROVIDER (self);
}
