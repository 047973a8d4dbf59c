/* The library: its writer, its readers, its signal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/library/library.h"

#include "app/library/connection.h"

#define MAX_READERS 4

/* Something to write, and whoever waits for it. */
typedef struct
{
  LimnDatabaseFunc func;
  gpointer         data;
  GError         **error;
  gboolean         alone; /* without a transaction */
  gboolean         done, ok;
} Task;

struct _LimnLibrary
{
  GObject       parent;
  char         *path;
  GMainContext *context;
  LimnDatabase *writer; /* used by @thread; NULL where nothing can be written */
  GThread      *thread;
  GMutex        mutex; /* of all below */
  GCond         cond;
  GQueue        tasks;
  gboolean      closing;
  GPtrArray    *readers; /* those that are free */
  gint64        data_version;
};

G_DEFINE_FINAL_TYPE (LimnLibrary, limn_library, G_TYPE_OBJECT)

static Task *
next_task (LimnLibrary *library)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&library->mutex);

  while (g_queue_is_empty (&library->tasks) && !library->closing)
    g_cond_wait (&library->cond, &library->mutex);
  return g_queue_pop_head (&library->tasks);
}

static gpointer
write_tasks (gpointer data)
{
  LimnLibrary *library = data;
  Task        *task;

  while ((task = next_task (library)) != NULL)
    {
      gboolean ok = task->alone ? task->func (library->writer, task->data, task->error)
                                : limn_database_transaction (library->writer, task->func, task->data, task->error);

      g_mutex_lock (&library->mutex);
      task->ok = ok;
      task->done = TRUE;
      g_cond_broadcast (&library->cond);
      g_mutex_unlock (&library->mutex);
    }

  return NULL;
}

static gboolean
wait_for (LimnLibrary *library,
          Task        *task)
{
  g_autoptr (GMutexLocker) locker = NULL;

  if (library->writer == NULL)
    {
      g_set_error (task->error, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_READ_ONLY,
                   "%s: it cannot be written: look at the rights of the file and its folder", library->path);
      return FALSE;
    }

  locker = g_mutex_locker_new (&library->mutex);
  g_queue_push_tail (&library->tasks, task);
  g_cond_broadcast (&library->cond);
  while (!task->done)
    g_cond_wait (&library->cond, &library->mutex);
  return task->ok;
}

gboolean
limn_library_write (LimnLibrary     *library,
                    LimnDatabaseFunc func,
                    gpointer         data,
                    GError         **error)
{
  Task task = { .func = func, .data = data, .error = error };

  return wait_for (library, &task);
}

static LimnDatabase *
take_reader (LimnLibrary *library)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&library->mutex);

  return library->readers->len > 0 ? g_ptr_array_steal_index_fast (library->readers, library->readers->len - 1) : NULL;
}

static void
give_reader (LimnLibrary  *library,
             LimnDatabase *reader)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&library->mutex);

  if (library->readers->len < MAX_READERS)
    g_ptr_array_add (library->readers, reader);
  else
    limn_database_close (reader);
}

gboolean
limn_library_read (LimnLibrary     *library,
                   LimnDatabaseFunc func,
                   gpointer         data,
                   GError         **error)
{
  LimnDatabase *reader = take_reader (library);
  gboolean      ok;

  if (reader == NULL)
    reader = limn_database_open (library->path, LIMN_DATABASE_READ, error);
  if (reader == NULL)
    return FALSE;

  ok = limn_database_script (reader, "BEGIN", error) && func (reader, data, error);
  sqlite3_exec (limn_database_handle (reader), "COMMIT", NULL, NULL, NULL); /* nothing was written */
  give_reader (library, reader);
  return ok;
}

/* What is on its way to the listeners; the library may be gone before it arrives. */
typedef struct
{
  GWeakRef          library;
  LimnLibraryChange change;
  GArray           *ids;
} News;

static void
news_free (News *news)
{
  g_weak_ref_clear (&news->library);
  g_clear_pointer (&news->ids, g_array_unref);
  g_free (news);
}

static gboolean
deliver (gpointer data)
{
  News *news = data;
  g_autoptr (LimnLibrary) library = g_weak_ref_get (&news->library);

  if (library != NULL)
    g_signal_emit_by_name (library, "changed", news->ids, (guint) news->change);
  return G_SOURCE_REMOVE;
}

void
limn_library_tell (LimnLibrary      *library,
                   LimnLibraryChange change,
                   const gint64     *ids,
                   gsize             n)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  News *news = g_new0 (News, 1);

  g_weak_ref_init (&news->library, library);
  news->change = change;
  if (ids != NULL)
    {
      news->ids = g_array_sized_new (FALSE, FALSE, sizeof *ids, n);
      g_array_append_vals (news->ids, ids, n);
    }

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, news, (GDestroyNotify) news_free);
  g_source_attach (source, library->context);
}

static gboolean
ask_version (LimnDatabase *database,
             gpointer      data,
             GError      **error)
{
  return limn_database_integer (database, data, error, "PRAGMA data_version", "");
}

/* The number a connection sees changes when another one writes; inside a transaction it could not. */
static gboolean
was_changed (LimnLibrary *library)
{
  gint64   version = 0;
  Task     task = { .func = ask_version, .data = &version, .alone = TRUE };
  gboolean changed;

  if (library->writer == NULL || !wait_for (library, &task))
    return FALSE;

  g_mutex_lock (&library->mutex);
  changed = version != library->data_version;
  library->data_version = version;
  g_mutex_unlock (&library->mutex);
  return changed;
}

void
limn_library_poll (LimnLibrary *library)
{
  if (was_changed (library))
    limn_library_tell (library, LIMN_LIBRARY_EDITED, NULL, 0);
}

LimnLibrary *
limn_library_open (const char *path,
                   GError    **error)
{
  g_autofree char *place = path ? g_strdup (path) : limn_database_place ();
  g_autoptr (LimnLibrary) library = NULL;
  g_autoptr (GError) why = NULL;
  g_autoptr (LimnDatabase) writer = limn_database_open (place, LIMN_DATABASE_WRITE, &why);
  g_autoptr (LimnDatabase) reader = NULL;

  if (writer == NULL && !g_error_matches (why, LIMN_LIBRARY_ERROR, LIMN_LIBRARY_ERROR_READ_ONLY))
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return NULL;
    }
  reader = limn_database_open (place, LIMN_DATABASE_READ, error);
  if (reader == NULL)
    return NULL;

  library = g_object_new (LIMN_TYPE_LIBRARY, NULL);
  library->path = g_steal_pointer (&place);
  library->context = g_main_context_ref_thread_default ();
  library->writer = g_steal_pointer (&writer);
  g_ptr_array_add (library->readers, g_steal_pointer (&reader));
  if (library->writer != NULL)
    library->thread = g_thread_new ("library", write_tasks, library);
  was_changed (library);
  return g_steal_pointer (&library);
}

const char *
limn_library_path (LimnLibrary *library)
{
  return library->path;
}

gboolean
limn_library_can_write (LimnLibrary *library)
{
  return library->writer != NULL;
}

static void
limn_library_finalize (GObject *object)
{
  LimnLibrary *library = LIMN_LIBRARY (object);

  g_mutex_lock (&library->mutex);
  library->closing = TRUE;
  g_cond_broadcast (&library->cond);
  g_mutex_unlock (&library->mutex);
  if (library->thread != NULL)
    g_thread_join (library->thread);

  g_clear_pointer (&library->readers, g_ptr_array_unref);
  g_clear_pointer (&library->writer, limn_database_close);
  g_clear_pointer (&library->context, g_main_context_unref);
  g_mutex_clear (&library->mutex);
  g_cond_clear (&library->cond);
  g_free (library->path);
  G_OBJECT_CLASS (limn_library_parent_class)->finalize (object);
}

static void
limn_library_class_init (LimnLibraryClass *class)
{
  G_OBJECT_CLASS (class)->finalize = limn_library_finalize;

  g_signal_new ("changed", LIMN_TYPE_LIBRARY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_ARRAY, G_TYPE_UINT);
}

static void
limn_library_init (LimnLibrary *library)
{
  g_mutex_init (&library->mutex);
  g_cond_init (&library->cond);
  g_queue_init (&library->tasks);
  library->readers = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_database_close);
}
