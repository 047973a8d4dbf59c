/* limn-engine: the worker, which computes for limn and nobody else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/wire/connection.h"
#include "engine/worker/sandbox.h"
#include "engine/worker/service.h"
#include "engine/worker/worker.h"

/* Tens of microseconds: longer than from one parallel loop to the next, shorter than a turn of the scheduler (app/main.c says more). */
#define SPINS "1000"

typedef struct
{
  gboolean stdio, version, open;
  int      socket;
  char   **read;
} Options;

static gboolean
parse (Options *options,
       int      argc,
       char   **argv)
{
  const GOptionEntry entries[] = {
    { "stdio", 0, 0, G_OPTION_ARG_NONE, &options->stdio, "Serve over standard input and output, as for `ssh HOST limn-engine --stdio`", NULL },
    { "socket", 0, 0, G_OPTION_ARG_INT, &options->socket, "Serve over this descriptor", "N" },
    { "read", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->read, "Read models there and nowhere else; may be given several times", "PATH" },
    { "no-sandbox", 0, 0, G_OPTION_ARG_NONE, &options->open, "For developers: leave out what holds it back", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- makes pictures for limn");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    fprintf (stderr, "limn-engine: %s: see limn-engine --help\n", error->message);
  else if (argc > 1 || (!options->version && options->stdio == (options->socket >= 0)))
    fputs ("limn-engine: is started by limn; by hand: limn-engine --stdio\n", stderr);
  else
    return TRUE;
  return FALSE;
}

/* libgomp reads its environment before main(). */
static void
spare_other_programs (char **argv)
{
  if (g_getenv ("GOMP_SPINCOUNT") != NULL || g_getenv ("OMP_WAIT_POLICY") != NULL)
    return;

  g_setenv ("GOMP_SPINCOUNT", SPINS, TRUE);
  execv ("/proc/self/exe", argv);
}

/* Nothing is written to the client's terminal; a log with the word LIMN_DEBUG. Memory that is not there ends the worker with a code that tells it. */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         data)
{
  const char *message = "";

  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      message = fields[i].value;
  if (getenv ("LIMN_DEBUG") != NULL)
    g_log_writer_standard_streams (level, fields, n_fields, data);
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL)) != 0)
    _exit (strstr (message, "failed to allocate") != NULL ? LIMN_WORKER_EXIT_MEMORY : LIMN_WORKER_EXIT_BUG);
  return G_LOG_WRITER_HANDLED;
}

/* Ctrl+C is limn's, which then closes the connection; what is computed is not for a file. */
static void
settle (gboolean stdio)
{
  const struct rlimit none = { 0, 0 };
  sigset_t            nothing;

  sigemptyset (&nothing);
  sigprocmask (SIG_SETMASK, &nothing, NULL); /* whoever starts it may hold signals back for itself */
  signal (SIGINT, SIG_IGN);
  signal (SIGQUIT, SIG_IGN);
  signal (SIGHUP, stdio ? SIG_DFL : SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
  setrlimit (RLIMIT_CORE, &none); /* prompts and pictures would be in it */
  g_log_set_writer_func (write_log, NULL, NULL);
}

/* What a library prints must not get between the messages. */
static GIOStream *
open_standard (void)
{
  int in = fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, 3), out = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  int nothing = open ("/dev/null", O_RDWR | O_CLOEXEC);

  dup2 (nothing, STDIN_FILENO);
  dup2 (STDERR_FILENO, STDOUT_FILENO);
  close (nothing);
  return limn_wire_stream_of_pipes (in, out);
}

static int
run (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) sandbox = options->open ? g_new0 (char *, 1) : limn_sandbox_enter ((const char *const *) options->read);
  g_autoptr (GIOStream) stream = options->stdio ? open_standard () : limn_wire_stream_of_socket (options->socket, &error);
  LimnServiceOptions service = { .sandbox = (const char *const *) sandbox, .leave = TRUE };

  if (stream != NULL && limn_service_run (stream, &service, &error))
    return EXIT_SUCCESS;

  fprintf (stderr, "limn-engine: no client that can be understood: %s\n", error->message);
  return EXIT_FAILURE;
}

int
main (int    argc,
      char **argv)
{
  Options options = { .socket = -1 };
  pid_t   parent = getppid ();
  int     code;
  g_auto (GStrv) again = g_strdupv (argv);

  if (!parse (&options, argc, argv))
    return 2;
  if (options.version)
    {
      puts ("limn-engine " LIMN_VERSION);
      return EXIT_SUCCESS;
    }

  if (!options.stdio)
    prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    return EXIT_FAILURE;
  settle (options.stdio);
  spare_other_programs (again);
  code = run (&options);
  g_strfreev (options.read);
  return code;
}
