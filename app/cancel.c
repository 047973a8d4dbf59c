/* Ctrl+C: ends work between two steps, and the program if that takes too long.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cancel.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* One step of a large picture on a slow machine takes longer than anybody wants to wait after Ctrl+C. */
#define PATIENCE_MS 3000

struct _LimnCancel
{
  GThread *watcher;
  int      signals, done; /* descriptors */
  gint     signal;        /* atomic */

  GCancellable *cancellable;
  GMutex        files; /* taken while one is written */
};

static void
fill_set (sigset_t *set)
{
  sigemptyset (set);
  sigaddset (set, SIGINT);
  sigaddset (set, SIGTERM);
  sigaddset (set, SIGHUP);
}

/* Returns: the next signal; 0 if the program ends before it; -1 if none came within @timeout milliseconds (-1: any time) */
static int
wait_signal (LimnCancel *cancel,
             int         timeout)
{
  struct pollfd           waits[2] = { { .fd = cancel->done, .events = POLLIN },
                                       { .fd = cancel->signals, .events = POLLIN } };
  struct signalfd_siginfo info;
  int                     n;

  do
    n = poll (waits, G_N_ELEMENTS (waits), timeout);
  while (n < 0 && errno == EINTR);

  if (n == 0)
    return -1;
  if (n < 0 || waits[0].revents != 0 || read (cancel->signals, &info, sizeof info) != sizeof info)
    return 0;

  return info.ssi_signo;
}

static gpointer
watch (gpointer data)
{
  LimnCancel *cancel = data;
  int         number = wait_signal (cancel, -1);

  if (number == 0)
    return NULL;

  g_atomic_int_set (&cancel->signal, number);
  g_cancellable_cancel (cancel->cancellable);
  if (wait_signal (cancel, PATIENCE_MS) == 0)
    return NULL;

  g_mutex_lock (&cancel->files);
  _exit (128 + number);
}

LimnCancel *
limn_cancel_new (void)
{
  LimnCancel *cancel = g_new0 (LimnCancel, 1);
  sigset_t    set;

  g_mutex_init (&cancel->files);
  cancel->cancellable = g_cancellable_new ();
  fill_set (&set);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  cancel->signals = signalfd (-1, &set, SFD_CLOEXEC);
  cancel->done = eventfd (0, EFD_CLOEXEC);
  cancel->watcher = g_thread_new ("signals", watch, cancel);
  return cancel;
}

void
limn_cancel_free (LimnCancel *cancel)
{
  eventfd_write (cancel->done, 1);
  g_thread_join (cancel->watcher);
  close (cancel->signals);
  close (cancel->done);
  g_mutex_clear (&cancel->files);
  g_object_unref (cancel->cancellable);
  g_free (cancel);
}

int
limn_cancel_signal (LimnCancel *cancel)
{
  return g_atomic_int_get (&cancel->signal);
}

GCancellable *
limn_cancel_cancellable (LimnCancel *cancel)
{
  return cancel->cancellable;
}

void
limn_cancel_hold (LimnCancel *cancel)
{
  g_mutex_lock (&cancel->files);
}

void
limn_cancel_release (LimnCancel *cancel)
{
  g_mutex_unlock (&cancel->files);
}
