/* Pictures and masks that jobs start from, kept beside the library until the jobs are over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/inputs.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "app/library/hash.h"
#include "app/queue/jobs.h"
#include "app/safe-file.h"

#define MAX_FILE_BYTES ((gsize) 1024 * 1024 * 1024)
#define DAY 86400

static char *
place_of (LimnLibrary *library)
{
  g_autofree char *folder = g_path_get_dirname (limn_library_path (library));

  return g_build_filename (folder, "inputs", NULL);
}

char *
limn_inputs_keep (LimnLibrary *library,
                  GBytes      *bytes,
                  const char  *name,
                  GError     **error)
{
  g_autofree char *place = place_of (library);
  g_autoptr (GBytes) hash = limn_hash (bytes);
  g_autofree char *digits = limn_hash_format (g_bytes_get_data (hash, NULL), LIMN_HASH_BYTES);
  g_autofree char *folder = g_build_filename (place, digits, NULL);
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *path = g_build_filename (folder, base, NULL);
  GStatBuf         facts;

  g_mkdir_with_parents (folder, 0700);
  if (g_stat (path, &facts) == 0 && (gsize) facts.st_size == g_bytes_get_size (bytes))
    g_utime (folder, NULL); /* it is wanted again */
  else if (!limn_safe_file_write (path, bytes, TRUE, error))
    return NULL;
  return g_steal_pointer (&path);
}

/* What is no file here is told about when the job is done. */
static gboolean
take (LimnLibrary *library,
      char       **path,
      GError     **error)
{
  g_autofree char *place = place_of (library);
  g_autoptr (GBytes) bytes = NULL;
  char *kept;

  if (*path == NULL || !g_file_test (*path, G_FILE_TEST_IS_REGULAR) || g_str_has_prefix (*path, place))
    return TRUE;
  bytes = limn_safe_file_read (*path, MAX_FILE_BYTES, error);
  kept = bytes != NULL ? limn_inputs_keep (library, bytes, *path, error) : NULL;
  if (kept == NULL)
    return FALSE;
  g_free (*path);
  *path = kept;
  return TRUE;
}

gboolean
limn_inputs_take (LimnLibrary *library,
                  LimnRequest *request,
                  GError     **error)
{
  if (!take (library, &request->picture, error) || !take (library, &request->mask, error))
    return FALSE;
  for (guint i = 0; request->controls != NULL && i < request->controls->len; i++)
    if (!take (library, &((LimnRequestControl *) request->controls->pdata[i])->picture, error))
      return FALSE;
  return TRUE;
}

static void
add_folder (GHashTable *used,
            const char *path)
{
  g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;

  if (folder != NULL)
    g_hash_table_add (used, g_path_get_basename (folder));
}

static GHashTable *
list_used (LimnLibrary *library)
{
  g_autoptr (GHashTable) used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 now, count;
  g_autoptr (GPtrArray) rows = limn_jobs_list (library, -1, &now, &count, NULL);

  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    {
      const LimnJobRow  *row = rows->pdata[i];
      const LimnRequest *request = &row->request;

      if (row->state == LIMN_JOB_DONE) /* those that failed or were cancelled may be tried again */
        continue;
      add_folder (used, request->picture);
      add_folder (used, request->mask);
      for (guint c = 0; request->controls != NULL && c < request->controls->len; c++)
        add_folder (used, ((LimnRequestControl *) request->controls->pdata[c])->picture);
    }
  return g_steal_pointer (&used);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

void
limn_inputs_clean (LimnLibrary *library)
{
  g_autofree char *place = place_of (library);
  g_autoptr (GDir) dir = g_dir_open (place, 0, NULL);
  g_autoptr (GHashTable) used = dir != NULL ? list_used (library) : NULL;
  gint64      now = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;

  while (used != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (place, name, NULL);
      GStatBuf         facts;

      if (strlen (name) == 2 * LIMN_HASH_BYTES && !g_hash_table_contains (used, name) && g_stat (folder, &facts) == 0 && now - facts.st_mtime > DAY)
        remove_folder (folder);
    }
}
