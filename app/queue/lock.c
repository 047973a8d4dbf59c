/* One process at a time runs the queue of a library.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define PATIENCE_MS 200

struct _LimnQueueLock
{
  int file;
};

/* Who has it, as that process wrote it. */
static long
read_owner (int file)
{
  char    text[32] = { 0 };
  ssize_t n = pread (file, text, sizeof text - 1, 0);

  return n > 0 ? strtol (text, NULL, 10) : 0;
}

static LimnQueueLock *
refuse (int         file,
        const char *path,
        gboolean   *busy,
        GError    **error)
{
  int              code = errno;
  long             owner = file >= 0 ? read_owner (file) : 0;
  g_autofree char *shown = g_filename_display_name (path);

  if (file >= 0)
    close (file);
  if (busy != NULL)
    *busy = code == EWOULDBLOCK;
  if (code != EWOULDBLOCK)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "%s: the queue's lock cannot be taken: %s", shown, g_strerror (code));
  else
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE, "queue: process %ld runs it already: close that first, or let it work", owner);
  return NULL;
}

/* Commands that change something have it for some milliseconds. */
static gboolean
take (int file)
{
  for (int i = 0; i < PATIENCE_MS / 10; i++)
    {
      if (flock (file, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      if (errno != EWOULDBLOCK)
        return FALSE;
      g_usleep (10000);
    }

  errno = EWOULDBLOCK;
  return FALSE;
}

LimnQueueLock *
limn_queue_lock_take (const char *library,
                      gboolean   *busy,
                      GError    **error)
{
  g_autofree char *path = g_strconcat (library, ".queue", NULL);
  int              file = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  LimnQueueLock   *lock;

  if (busy != NULL)
    *busy = FALSE;
  if (file < 0 || !take (file))
    return refuse (file, path, busy, error);

  if (ftruncate (file, 0) == 0)
    dprintf (file, "%ld\n", (long) getpid ());
  lock = g_new (LimnQueueLock, 1);
  lock->file = file;
  return lock;
}

/* The file stays: one that is removed can be locked by two, each its own. */
void
limn_queue_lock_free (LimnQueueLock *lock)
{
  close (lock->file);
  g_free (lock);
}
