/* What the prompt pane has other threads do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/prompt-tasks.h"

#include "app/draft-requests.h"
#include "app/metadata.h"

/* --- requests ------------------------------------------------------------------------------------------------------- */

typedef struct
{
  LimnDraft              draft;
  LimnLibrary           *library;
  LimnPromptRequestsFunc func;
  gpointer               data;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  limn_draft_clear (&asked->draft);
  g_object_unref (asked->library);
  g_free (asked);
}

static void
requests_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  Asked     *asked = data;
  GError    *error = NULL;
  GPtrArray *requests = limn_draft_requests (&asked->draft, asked->library, &error);

  if (requests != NULL)
    g_task_return_pointer (task, requests, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_requests (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  Asked *asked = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) requests = g_task_propagate_pointer (G_TASK (result), &error);

  asked->func (requests, error, asked->data);
}

void
limn_prompt_tasks_requests (const LimnDraft       *draft,
                            LimnLibrary           *library,
                            LimnPromptRequestsFunc func,
                            gpointer               data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_requests, NULL);
  Asked *asked = g_new0 (Asked, 1);

  limn_request_copy (&asked->draft.request, &draft->request);
  asked->draft.count = draft->count;
  asked->draft.source = draft->source;
  asked->draft.styles = g_strdupv (draft->styles);
  asked->library = g_object_ref (library);
  asked->func = func;
  asked->data = data;
  g_task_set_task_data (task, asked, asked_free);
  g_task_run_in_thread (task, requests_thread);
}

/* --- words ---------------------------------------------------------------------------------------------------------- */

typedef struct
{
  LimnPromptWordsFunc func;
  gpointer            data;
} Wanted;

static void
words_thread (GTask        *task,
              gpointer      library,
              gpointer      data,
              GCancellable *cancellable)
{
  g_task_return_pointer (task, limn_prompt_words_new (library), (GDestroyNotify) limn_prompt_words_unref);
}

static void
on_words (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autofree Wanted *wanted = data;
  g_autoptr (LimnPromptWords) words = g_task_propagate_pointer (G_TASK (result), NULL);

  wanted->func (words, wanted->data);
}

void
limn_prompt_tasks_words (LimnLibrary        *library,
                         LimnPromptWordsFunc func,
                         gpointer            data)
{
  Wanted *wanted = g_new0 (Wanted, 1);
  g_autoptr (GTask) task = NULL;

  *wanted = (Wanted){ func, data };
  task = g_task_new (library, NULL, on_words, wanted);
  g_task_run_in_thread (task, words_thread);
}

/* --- settings ------------------------------------------------------------------------------------------------------- */

typedef struct
{
  char                  *path;
  LimnPromptSettingsFunc func;
  gpointer               data;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->path);
  g_free (reading);
}

static void
settings_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  g_autoptr (LimnPicture) picture = limn_picture_file_read (((Reading *) data)->path, LIMN_PICTURE_TEXTS, NULL);

  g_task_return_pointer (task, picture != NULL ? limn_metadata_read (picture) : NULL, (GDestroyNotify) limn_metadata_free);
}

static void
on_settings (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  Reading *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr (LimnMetadata) metadata = g_task_propagate_pointer (G_TASK (result), NULL);

  reading->func (metadata != NULL && metadata->dialect != NULL ? &metadata->request : NULL, reading->data);
}

void
limn_prompt_tasks_settings (const char            *path,
                            LimnPromptSettingsFunc func,
                            gpointer               data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_settings, NULL);
  Reading *reading = g_new0 (Reading, 1);

  *reading = (Reading){ g_strdup (path), func, data };
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, settings_thread);
}
