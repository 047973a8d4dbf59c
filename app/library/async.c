/* The library for threads that must not wait.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/async.h"

/* What a call was given. */
typedef struct
{
  char          *text;
  GArray        *ids;
  GBytes        *bytes;
  LimnOrder      order;
  LimnEdit       edit;
  LimnNameKind   names;
  LimnNameChange change;
  char          *name;
  int            size;
} Call;

static void
call_free (Call *call)
{
  g_clear_pointer (&call->ids, g_array_unref);
  g_clear_pointer (&call->bytes, g_bytes_unref);
  g_free (call->text);
  g_free (call->name);
  g_free (call);
}

static GArray *
copy_ids (const gint64 *ids,
          gsize         n)
{
  GArray *copy = g_array_sized_new (FALSE, FALSE, sizeof *ids, n);

  return g_array_append_vals (copy, ids, n);
}

static void
start (LimnLibrary        *library,
       Call               *call,
       GTaskThreadFunc     func,
       GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            data)
{
  g_autoptr (GTask) task = g_task_new (library, cancellable, callback, data);

  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  g_task_run_in_thread (task, func);
}

static void
end (GTask         *task,
     gpointer       result,
     GDestroyNotify destroy,
     GError        *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, destroy);
}

static void
search_thread (GTask        *task,
               gpointer      library,
               gpointer      data,
               GCancellable *cancellable)
{
  Call   *call = data;
  GError *error = NULL;
  GArray *ids = limn_library_search (library, call->text, call->order, &error);

  end (task, ids, (GDestroyNotify) g_array_unref, error);
}

void
limn_library_search_async (LimnLibrary        *library,
                           const char         *text,
                           LimnOrder           order,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            data)
{
  Call *call = g_new0 (Call, 1);

  call->text = g_strdup (text);
  call->order = order;
  start (library, call, search_thread, cancellable, callback, data);
}

GArray *
limn_library_search_finish (LimnLibrary  *library,
                            GAsyncResult *result,
                            GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
facts_thread (GTask        *task,
              gpointer      library,
              gpointer      data,
              GCancellable *cancellable)
{
  Call      *call = data;
  GError    *error = NULL;
  GPtrArray *facts = limn_library_facts_of (library, (const gint64 *) call->ids->data, call->ids->len, &error);

  end (task, facts, (GDestroyNotify) g_ptr_array_unref, error);
}

void
limn_library_facts_async (LimnLibrary        *library,
                          const gint64       *ids,
                          gsize               n,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            data)
{
  Call *call = g_new0 (Call, 1);

  call->ids = copy_ids (ids, n);
  start (library, call, facts_thread, cancellable, callback, data);
}

GPtrArray *
limn_library_facts_finish (LimnLibrary  *library,
                           GAsyncResult *result,
                           GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
bytes_thread (GTask        *task,
              gpointer      library,
              gpointer      data,
              GCancellable *cancellable)
{
  Call   *call = data;
  GError *error = NULL;
  gint64  id = g_array_index (call->ids, gint64, 0);
  GBytes *bytes = call->size ? limn_library_thumbnail (library, id, call->size, &error) : limn_library_bytes (library, id, &error);

  end (task, bytes, (GDestroyNotify) g_bytes_unref, error);
}

void
limn_library_bytes_async (LimnLibrary        *library,
                          gint64              id,
                          int                 size,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            data)
{
  Call *call = g_new0 (Call, 1);

  call->ids = copy_ids (&id, 1);
  call->size = size;
  start (library, call, bytes_thread, cancellable, callback, data);
}

GBytes *
limn_library_bytes_finish (LimnLibrary  *library,
                           GAsyncResult *result,
                           GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
edit_thread (GTask        *task,
             gpointer      library,
             gpointer      data,
             GCancellable *cancellable)
{
  Call   *call = data;
  GError *error = NULL;

  limn_library_edit (library, &call->edit, (const gint64 *) call->ids->data, call->ids->len, &error);
  end (task, NULL, NULL, error);
}

void
limn_library_edit_async (LimnLibrary        *library,
                         const LimnEdit     *edit,
                         const gint64       *ids,
                         gsize               n,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            data)
{
  Call *call = g_new0 (Call, 1);

  call->ids = copy_ids (ids, n);
  call->text = g_strdup (edit->text);
  call->edit = *edit;
  call->edit.text = call->text;
  start (library, call, edit_thread, cancellable, callback, data);
}

static gboolean
finish_without_result (GAsyncResult *result,
                       GError      **error)
{
  g_autoptr (GError) why = NULL;

  g_task_propagate_pointer (G_TASK (result), &why);
  if (why == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

gboolean
limn_library_edit_finish (LimnLibrary  *library,
                          GAsyncResult *result,
                          GError      **error)
{
  return finish_without_result (result, error);
}

static void
add_thread (GTask        *task,
            gpointer      library,
            gpointer      data,
            GCancellable *cancellable)
{
  Call   *call = data;
  GError *error = NULL;
  g_autoptr (LimnIncoming) incoming = limn_incoming_new (call->bytes, call->text, &error);
  g_autofree LimnAdded *added = g_new0 (LimnAdded, 1);

  if (incoming != NULL)
    limn_library_add (library, &incoming, 1, added, &error);
  end (task, error ? NULL : g_steal_pointer (&added), g_free, error);
}

void
limn_library_add_async (LimnLibrary        *library,
                        GBytes             *bytes,
                        const char         *name,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            data)
{
  Call *call = g_new0 (Call, 1);

  call->bytes = g_bytes_ref (bytes);
  call->text = g_strdup (name);
  start (library, call, add_thread, cancellable, callback, data);
}

gboolean
limn_library_add_finish (LimnLibrary  *library,
                         GAsyncResult *result,
                         LimnAdded    *added,
                         GError      **error)
{
  g_autofree LimnAdded *found = g_task_propagate_pointer (G_TASK (result), error);

  if (found == NULL)
    return FALSE;
  if (added != NULL)
    *added = *found;
  return TRUE;
}

static void
names_thread (GTask        *task,
              gpointer      library,
              gpointer      data,
              GCancellable *cancellable)
{
  Call      *call = data;
  GError    *error = NULL;
  GPtrArray *names = limn_library_names (library, call->names, &error);

  end (task, names, (GDestroyNotify) g_ptr_array_unref, error);
}

void
limn_library_names_async (LimnLibrary        *library,
                          LimnNameKind        kind,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            data)
{
  Call *call = g_new0 (Call, 1);

  call->names = kind;
  start (library, call, names_thread, cancellable, callback, data);
}

GPtrArray *
limn_library_names_finish (LimnLibrary  *library,
                           GAsyncResult *result,
                           GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
searches_thread (GTask        *task,
                 gpointer      library,
                 gpointer      data,
                 GCancellable *cancellable)
{
  GError    *error = NULL;
  GPtrArray *searches = limn_library_saved_searches (library, &error);

  end (task, searches, (GDestroyNotify) g_ptr_array_unref, error);
}

void
limn_library_saved_searches_async (LimnLibrary        *library,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            data)
{
  start (library, g_new0 (Call, 1), searches_thread, cancellable, callback, data);
}

GPtrArray *
limn_library_saved_searches_finish (LimnLibrary  *library,
                                    GAsyncResult *result,
                                    GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
change_name (LimnLibrary *library,
             const Call  *call,
             GError     **error)
{
  switch (call->change)
    {
    case LIMN_NAME_RENAME_ALBUM:
      return limn_library_rename_album (library, call->name, call->text, error);
    case LIMN_NAME_REMOVE_ALBUM:
      return limn_library_remove_album (library, call->name, error);
    case LIMN_NAME_SAVE_SEARCH:
      return limn_library_save_search (library, call->name, call->text, error);
    default:
      return limn_library_empty_trash (library, NULL, error);
    }
}

static void
change_name_thread (GTask        *task,
                    gpointer      library,
                    gpointer      data,
                    GCancellable *cancellable)
{
  GError *error = NULL;

  if (change_name (library, data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
limn_library_change_name_async (LimnLibrary        *library,
                                LimnNameChange      change,
                                const char         *name,
                                const char         *to,
                                GAsyncReadyCallback callback,
                                gpointer            data)
{
  Call *call = g_new0 (Call, 1);

  call->change = change;
  call->name = g_strdup (name);
  call->text = g_strdup (to);
  start (library, call, change_name_thread, NULL, callback, data);
}

gboolean
limn_library_change_name_finish (LimnLibrary  *library,
                                 GAsyncResult *result,
                                 GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
