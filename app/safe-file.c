/* Files read with limits and written whole or not at all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/safe-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* What an artist can do about it. */
static const struct
{
  int         number;
  const char *advice;
} advices[] = {
  { ENOENT, "check the name" },
  { EACCES, "choose another folder or change its permissions" },
  { EPERM, "choose another folder or change its permissions" },
  { EROFS, "the disk is read-only: choose another folder" },
  { ENOSPC, "the disk is full: free some space or choose another folder" },
  { EDQUOT, "your quota is used up: free some space or choose another folder" },
  { EFBIG, "the file would be larger than allowed: raise the limit (ulimit -f) or choose "
           "another folder" },
  { ENAMETOOLONG, "choose a shorter name" },
  { EIO, "the disk has a fault: choose another one" },
};

static gboolean
fail (GError    **error,
      const char *doing,
      const char *path,
      int         number)
{
  const char      *advice = NULL;
  g_autofree char *shown = g_filename_display_name (path);

  for (gsize i = 0; i < G_N_ELEMENTS (advices); i++)
    if (advices[i].number == number)
      advice = advices[i].advice;

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "%s: cannot be %s: %s%s%s", shown,
               doing, g_strerror (number), advice ? ": " : "", advice ? advice : "");
  return FALSE;
}

/* The same for the folder of a file, by a name that says more than ".". */
static gboolean
fail_folder (GError    **error,
             const char *folder,
             int         number)
{
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);

  return fail (error, "written to", absolute, number);
}

static void
close_descriptor (int *descriptor)
{
  if (*descriptor >= 0)
    close (*descriptor);
}

typedef int Descriptor;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Descriptor, close_descriptor)

static gboolean
check_regular (const char        *path,
               const struct stat *status,
               gsize              limit,
               GError           **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (S_ISDIR (status->st_mode))
    return fail (error, "read", path, EISDIR);

  if (!S_ISREG (status->st_mode))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE,
                   "%s: is a device or a pipe: name a file", shown);
      return FALSE;
    }

  if ((guint64) status->st_size > limit)
    {
      g_autofree char *size = g_format_size (status->st_size);
      g_autofree char *most = g_format_size (limit);

      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE,
                   "%s: has %s, more than the %s that are read: name another file", shown, size,
                   most);
      return FALSE;
    }

  return TRUE;
}

GBytes *
limn_safe_file_read (const char *path,
                     gsize       limit,
                     GError    **error)
{
  /* Without O_NONBLOCK, opening a pipe would wait for its writer. */
  g_auto (Descriptor) file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  g_autofree guint8 *data = NULL;
  struct stat        status;
  gsize              size, done = 0;

  if (file < 0 || fstat (file, &status) != 0)
    {
      fail (error, "read", path, errno);
      return NULL;
    }
  if (!check_regular (path, &status, limit, error))
    return NULL;

  size = status.st_size;
  data = g_malloc (size + 1);
  while (done < size)
    {
      ssize_t n = read (file, data + done, size - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          fail (error, "read", path, errno);
          return NULL;
        }
      if (n == 0)
        break;
      done += n;
    }

  return g_bytes_new_take (g_steal_pointer (&data), done);
}

gboolean
limn_safe_file_can_write (const char *path,
                          GError    **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat      status;

  if (stat (path, &status) == 0 && S_ISDIR (status.st_mode))
    return fail (error, "written", path, EISDIR);
  if (stat (path, &status) == 0 && !S_ISREG (status.st_mode))
    return TRUE;

  if (stat (folder, &status) != 0)
    {
      g_autofree char *shown = g_filename_display_name (folder);

      if (errno != ENOENT)
        return fail_folder (error, folder, errno);
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE,
                   "%s: there is no such folder: create it or choose another", shown);
      return FALSE;
    }
  if (!S_ISDIR (status.st_mode))
    return fail_folder (error, folder, ENOTDIR);
  if (access (folder, W_OK | X_OK) != 0)
    return fail_folder (error, folder, errno);

  return TRUE;
}

static gboolean
write_all (int           file,
           const guint8 *data,
           gsize         size)
{
  for (gsize done = 0; done < size;)
    {
      ssize_t n = write (file, data + done, size - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      done += n;
    }

  return TRUE;
}

static gboolean
write_into (const char *path,
            GBytes     *bytes,
            GError    **error)
{
  g_auto (Descriptor) file = open (path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

  if (file < 0 || !write_all (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)))
    return fail (error, "written", path, errno);

  return TRUE;
}

/* Writes, waits for the disk and closes; network file systems report a full disk only then. */
static gboolean
fill (int     file,
      GBytes *bytes)
{
  gboolean filled = write_all (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) && fsync (file) == 0;
  int      number = errno;

  if (close (file) != 0 && filled)
    return FALSE;

  errno = number;
  return filled;
}

/* The name is taken only if nothing has it; on file systems without hard links the look and the rename are two calls. */
static gboolean
rename_new (const char *from,
            const char *to)
{
  if (link (from, to) == 0)
    {
      unlink (from);
      return TRUE;
    }
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
    return FALSE;
  if (access (to, F_OK) == 0)
    {
      errno = EEXIST;
      return FALSE;
    }

  return rename (from, to) == 0;
}

static void
sync_folder (const char *folder)
{
  g_auto (Descriptor) directory = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (directory >= 0)
    fsync (directory);
}

static gboolean
write_beside (const char *path,
              GBytes     *bytes,
              gboolean    replace,
              GError    **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temporary = g_build_filename (folder, ".limn-XXXXXX", NULL);
  int              file = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0666);
  int              number;

  if (file < 0)
    return fail_folder (error, folder, errno);

  if (fill (file, bytes) && (replace ? rename (temporary, path) == 0 : rename_new (temporary, path)))
    {
      sync_folder (folder);
      return TRUE;
    }

  number = errno;
  unlink (temporary);
  if (number == EEXIST && !replace)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                   "%s: is there already: choose another name", path);
      return FALSE;
    }

  return fail (error, "written", path, number);
}

gboolean
limn_safe_file_write (const char *path,
                      GBytes     *bytes,
                      gboolean    replace,
                      GError    **error)
{
  struct stat      status;
  g_autofree char *target = NULL;

  if (!limn_safe_file_can_write (path, error))
    return FALSE;
  if (stat (path, &status) == 0 && !S_ISREG (status.st_mode))
    return write_into (path, bytes, error);

  if (lstat (path, &status) == 0 && S_ISLNK (status.st_mode))
    {
      char *real = realpath (path, NULL);

      target = g_strdup (real);
      free (real);
    }

  return write_beside (target ? target : path, bytes, replace, error);
}
