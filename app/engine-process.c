/* The worker's process: found, started, ended, and what became of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib-unix.h>

#include "engine/wire/connection.h"
#include "engine/worker/service.h"
#include "engine/worker/worker.h"

#define PROGRAM "limn-engine"

/* The worker's end of the socket is this descriptor there. */
#define SOCKET_THERE 3
#define SOCKET_OPTION "--socket=3"

/* A process whose connection broke off has as much time to end by itself, so that it can be told how it did. */
#define END_WAIT_MS 1000

struct _LimnEngineProcess
{
  GIOStream *stream;
  GPid       pid;    /* 0: a thread, or reaped */
  GThread   *inside; /* nullable */
  int        status; /* of waitpid() */
  gboolean   ended;
};

static gboolean
is_program (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) && g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* Beside this program, where it is installed, in the folder it was built in, or in the path. */
static char *
find_program (void)
{
  static const char *const places[] = { PROGRAM, "../libexec/" PROGRAM, "../engine/worker/" PROGRAM };
  g_autofree char         *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char         *folder = self != NULL ? g_path_get_dirname (self) : NULL;

  for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);

      if (is_program (path))
        return g_steal_pointer (&path);
    }
  return g_find_program_in_path (PROGRAM);
}

static char *
choose_program (void)
{
  const char *said = g_getenv ("LIMN_ENGINE");

  if (said == NULL || *said == '\0')
    return find_program ();
  return g_str_equal (said, "inside") ? NULL : g_strdup (said);
}

/* The thread owns the stream. */
static gpointer
serve_inside (gpointer data)
{
  g_autoptr (GIOStream) stream = data;
  const char *const        sandbox[] = { NULL };
  const LimnServiceOptions options = { .sandbox = sandbox };
  g_autoptr (GError) error = NULL;

  if (!limn_service_run (stream, &options, &error))
    g_debug ("the engine inside: %s", error->message);
  g_io_stream_close (stream, NULL, NULL);
  return NULL;
}

static gboolean
make_sockets (int      sockets[2],
              GError **error)
{
  int number;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0)
    return TRUE;

  number = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (number), "a socket for limn-engine: %s", g_strerror (number));
  return FALSE;
}

static LimnEngineProcess *
start_inside (GError **error)
{
  g_autoptr (LimnEngineProcess) process = g_new0 (LimnEngineProcess, 1);
  int        sockets[2];
  GIOStream *there;

  if (!make_sockets (sockets, error))
    return NULL;
  process->stream = limn_wire_stream_of_socket (sockets[0], error);
  there = limn_wire_stream_of_socket (sockets[1], error);
  process->inside = g_thread_new ("engine-service", serve_inside, there);
  return g_steal_pointer (&process);
}

/* Threads of libgomp spin only for tens of microseconds, see app/main.c. */
static char **
make_environment (void)
{
  g_auto (GStrv) environment = g_get_environ ();

  if (g_environ_getenv (environment, "OMP_WAIT_POLICY") == NULL)
    environment = g_environ_setenv (g_steal_pointer (&environment), "GOMP_SPINCOUNT", "1000", FALSE);
  return g_steal_pointer (&environment);
}

static char **
make_arguments (const char        *program,
                const char *const *read)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, program);
  g_strv_builder_add (builder, SOCKET_OPTION);
  for (; read != NULL && *read != NULL; read++)
    {
      g_autofree char *option = g_strdup_printf ("--read=%s", *read);

      g_strv_builder_add (builder, option);
    }
  return g_strv_builder_end (builder);
}

static LimnEngineProcess *
start_socket (const char        *program,
              const char *const *read,
              GError           **error)
{
  g_autoptr (LimnEngineProcess) process = g_new0 (LimnEngineProcess, 1);
  g_auto (GStrv) arguments = make_arguments (program, read);
  g_auto (GStrv) environment = make_environment ();
  const int target = SOCKET_THERE;
  int       sockets[2];
  gboolean  started;

  if (!make_sockets (sockets, error))
    return NULL;
  started = g_spawn_async_with_pipes_and_fds (NULL, (const char *const *) arguments, (const char *const *) environment,
                                              G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, -1, -1, -1, &sockets[1],
                                              &target, 1, &process->pid, NULL, NULL, NULL, error);
  close (sockets[1]);
  process->stream = limn_wire_stream_of_socket (sockets[0], started ? error : NULL);
  return started && process->stream != NULL ? g_steal_pointer (&process) : NULL;
}

static LimnEngineProcess *
start_command (const char *const *command,
               GError           **error)
{
  g_autoptr (LimnEngineProcess) process = g_new0 (LimnEngineProcess, 1);
  g_auto (GStrv) environment = make_environment ();
  int in, out;

  if (!g_spawn_async_with_pipes_and_fds (NULL, command, (const char *const *) environment, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, NULL,
                                         NULL, -1, -1, -1, NULL, NULL, 0, &process->pid, &in, &out, NULL, error))
    return NULL;
  g_unix_set_fd_nonblocking (in, TRUE, NULL);
  g_unix_set_fd_nonblocking (out, TRUE, NULL);
  process->stream = limn_wire_stream_of_pipes (out, in);
  return g_steal_pointer (&process);
}

LimnEngineProcess *
limn_engine_process_new (const char *const *command,
                         const char *const *read,
                         GError           **error)
{
  g_autofree char *program = command == NULL ? choose_program () : NULL;

  if (command != NULL)
    return start_command (command, error);
  return program != NULL ? start_socket (program, read, error) : start_inside (error);
}

static void
reap (LimnEngineProcess *process,
      int                flags)
{
  pid_t pid;

  if (process->pid == 0 || process->ended)
    return;
  do
    pid = waitpid (process->pid, &process->status, flags);
  while (pid < 0 && errno == EINTR);
  process->ended = pid != 0;
}

void
limn_engine_process_kill (LimnEngineProcess *process)
{
  if (process->pid != 0 && !process->ended)
    kill (process->pid, SIGKILL);
}

/* A moment to end by itself. Returns: whether it did */
static gboolean
wait_end (LimnEngineProcess *process)
{
  gulong pause = 100;

  for (gulong waited = 0; waited < END_WAIT_MS * 1000; waited += pause)
    {
      reap (process, WNOHANG);
      if (process->ended || process->pid == 0)
        return TRUE;
      pause = MIN (2 * pause, 20000);
      g_usleep (pause);
    }
  return FALSE;
}

void
limn_engine_process_free (LimnEngineProcess *process)
{
  if (process == NULL)
    return;

  if (process->stream != NULL)
    g_io_stream_close (process->stream, NULL, NULL);
  g_clear_object (&process->stream);
  if (process->inside != NULL)
    g_thread_join (process->inside);
  if (process->pid != 0 && !wait_end (process))
    limn_engine_process_kill (process);
  reap (process, 0);
  g_free (process);
}

GIOStream *
limn_engine_process_stream (LimnEngineProcess *process)
{
  return process->stream;
}

GPid
limn_engine_process_pid (LimnEngineProcess *process)
{
  return process->pid;
}

char *
limn_engine_process_reason (LimnEngineProcess *process)
{
  if (process->inside != NULL)
    return g_strdup ("ended");
  if (!wait_end (process))
    {
      limn_engine_process_kill (process);
      reap (process, 0);
      return g_strdup ("closed the connection");
    }

  if (WIFSIGNALED (process->status) && WTERMSIG (process->status) == SIGKILL)
    return g_strdup ("was killed: by the system if memory ran out");
  if (WIFSIGNALED (process->status))
    return g_strdup_printf ("crashed (%s)", g_strsignal (WTERMSIG (process->status)));
  if (WIFEXITED (process->status) && WEXITSTATUS (process->status) == LIMN_WORKER_EXIT_MEMORY)
    return g_strdup ("got no more memory");
  if (WIFEXITED (process->status) && WEXITSTATUS (process->status) == 127)
    return g_strdup ("was not found there (exit code 127)");
  return g_strdup_printf ("ended by itself (exit code %d)", WEXITSTATUS (process->status));
}
