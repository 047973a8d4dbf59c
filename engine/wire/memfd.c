/* Sealed memory that passes from one process to another: neither can change or cut it while the other reads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/wire/memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static int
fail (GError    **error,
      const char *what,
      int         number)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", what, g_strerror (number));
  return -1;
}

static gboolean
fill (int           descriptor,
      const guint8 *data,
      gsize         size)
{
  for (gsize done = 0; done < size;)
    {
      ssize_t n = write (descriptor, data + done, size - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      done += n;
    }

  return fcntl (descriptor, F_ADD_SEALS, SEALS | F_SEAL_SEAL) == 0;
}

int
limn_memfd_new (gconstpointer data,
                gsize         size,
                GError      **error)
{
  int descriptor = memfd_create ("limn", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  int number;

  if (descriptor >= 0 && fill (descriptor, data, size))
    return descriptor;

  number = errno;
  if (descriptor >= 0)
    close (descriptor);
  return fail (error, "memory to pass on", number);
}

gboolean
limn_memfd_read (int      descriptor,
                 gpointer data,
                 gsize    size,
                 GError **error)
{
  int         seals = fcntl (descriptor, F_GET_SEALS);
  struct stat status;

  if (seals < 0 || (seals & SEALS) != SEALS || fstat (descriptor, &status) != 0 || (guint64) status.st_size != size)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "a descriptor that is no sealed memory of %" G_GSIZE_FORMAT " bytes", size);
      return FALSE;
    }

  for (gsize done = 0; done < size;)
    {
      ssize_t n = pread (descriptor, (guint8 *) data + done, size - done, done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return fail (error, "memory passed on", n < 0 ? errno : EIO), FALSE;
      done += n;
    }

  return TRUE;
}
