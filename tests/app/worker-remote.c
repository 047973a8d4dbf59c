/* A worker at the other end of pipes, and of ssh: the same pictures, as bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "tests/app/worker-test.h"

/* Coarse stripes to start from, and what to repaint. */
static LimnArray *
make_picture (int channels)
{
  LimnArray *picture = limn_array_new ((LimnShape){ 1, 128, 128, channels });

  for (gsize i = 0; i < limn_shape_elements (picture->shape); i++)
    picture->data[i] = (i / 1000) % 2;
  return picture;
}

static void
check_command (const char *const *command,
               gboolean           starter_there)
{
  const LimnEngineClientOptions options = { .command = command };
  WorkerTest                    test;
  g_autoptr (LimnArray) picture = make_picture (3);
  g_autoptr (LimnArray) mask = make_picture (1);
  g_autoptr (LimnEngineResult) expected = NULL;
  g_autoptr (LimnEngineResult) result = NULL;
  g_autofree char *model = NULL;

  worker_test_set_up (&test, &options);
  test.job.picture = picture;
  test.job.mask = mask;
  test.job.dump = TRUE;
  test.job.keep_ms = 1;
  test.request.strength = 0.8;
  expected = worker_test_expected (&test);
  model = g_steal_pointer (&test.request.model);
  test.request.model = starter_there ? g_strdup (model) : NULL;
  result = worker_test_generate (&test);
  g_assert_no_error (test.error);
  worker_test_assert_same (expected, result);
  g_assert_cmpstr (result->made.model, ==, "starter");
  g_assert_cmpuint (g_hash_table_size (result->dump), ==, g_hash_table_size (expected->dump));
  worker_test_tear_down (&test);
}

static void
test_pipes (void)
{
  g_autofree char  *program = worker_test_program ();
  const char *const command[] = { program, "--stdio", NULL };

  check_command (command, TRUE);
  check_command (command, FALSE);
}

/* With everything between them that a shell on another machine is. */
/* This request has no ControlNet. */
static void
test_hints (void)
{
  g_autoptr (LimnArray) hint = make_picture (3);
  const LimnArray *const hints[] = { hint, NULL };
  WorkerTest             test;
  g_autoptr (LimnEngineResult) none = NULL;

  worker_test_set_up (&test, NULL);
  test.job.hints = hints;
  test.job.n_hints = 1;
  none = worker_test_generate (&test);
  g_assert_error (test.error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_ARGUMENT);
  worker_test_tear_down (&test);
}

static void
test_relay (void)
{
  g_autofree char  *program = worker_test_program ();
  g_autofree char  *line = g_strdup_printf ("cat | '%s' --stdio | cat", program);
  const char *const command[] = { "sh", "-c", line, NULL };

  check_command (command, TRUE);
}

typedef struct
{
  char *folder;
  GPid  server; /* 0: none */
  int   port;
} Ssh;

static gboolean
run_line (const char *format,
          ...) G_GNUC_PRINTF (1, 2);

static gboolean
run_line (const char *format,
          ...)
{
  va_list          arguments;
  g_autofree char *line = NULL;
  int              status = -1;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return g_spawn_command_line_sync (line, NULL, NULL, &status, NULL) && status == 0;
}

/* A port that nobody has; somebody may take it before the server does, then the test is skipped. */
static int
free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static char *
find_server (void)
{
  return g_file_test ("/usr/sbin/sshd", G_FILE_TEST_IS_EXECUTABLE) ? g_strdup ("/usr/sbin/sshd") : g_find_program_in_path ("sshd");
}

static gboolean
write_config (const Ssh *ssh)
{
  g_autofree char *path = g_build_filename (ssh->folder, "sshd_config", NULL);
  g_autofree char *text = g_strdup_printf ("ListenAddress 127.0.0.1\nPort %d\nHostKey %s/host\nAuthorizedKeysFile %s/user.pub\nPidFile none\n"
                                           "StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n",
                                           ssh->port, ssh->folder, ssh->folder);

  return g_file_set_contents (path, text, -1, NULL);
}

static gboolean
ssh_start (Ssh *ssh)
{
  g_autofree char *server = find_server ();
  g_autofree char *client = g_find_program_in_path ("ssh");
  g_autofree char *config = NULL;
  char            *arguments[] = { server, "-D", "-e", "-f", NULL, NULL };

  *ssh = (Ssh){ .folder = g_dir_make_tmp ("limn-XXXXXX", NULL), .port = free_port () };
  config = g_build_filename (ssh->folder, "sshd_config", NULL);
  arguments[4] = config;
  if (server == NULL || client == NULL || ssh->port == 0 || !write_config (ssh))
    return FALSE;
  if (!run_line ("ssh-keygen -q -t ed25519 -N '' -f '%s/host'", ssh->folder) || !run_line ("ssh-keygen -q -t ed25519 -N '' -f '%s/user'", ssh->folder))
    return FALSE;
  if (!g_spawn_async (NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &ssh->server, NULL))
    return FALSE;

  for (int i = 0; i < 50; i++)
    {
      if (run_line ("ssh -q -F none -p %d -i '%s/user' -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes 127.0.0.1 true",
                    ssh->port, ssh->folder))
        return TRUE;
      g_usleep (100000);
    }
  return FALSE;
}

static void
ssh_stop (Ssh *ssh)
{
  if (ssh->server > 0)
    {
      kill (ssh->server, SIGTERM);
      waitpid (ssh->server, NULL, 0);
    }
  run_line ("rm -r '%s'", ssh->folder);
  g_free (ssh->folder);
}

static void
test_ssh (void)
{
  Ssh ssh;

  if (!ssh_start (&ssh))
    g_test_skip ("there is no sshd that lets us in");
  else
    {
      g_autofree char  *program = worker_test_program ();
      g_autofree char  *port = g_strdup_printf ("%d", ssh.port), *key = g_build_filename (ssh.folder, "user", NULL);
      const char *const command[] = { "ssh", "-q", "-F", "none", "-p", port, "-i", key, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                                      "-o", "BatchMode=yes", "127.0.0.1", program, "--stdio", NULL };

      check_command (command, FALSE);
    }
  ssh_stop (&ssh);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/worker/pipes", test_pipes);
  g_test_add_func ("/worker/hints", test_hints);
  g_test_add_func ("/worker/relay", test_relay);
  g_test_add_func ("/worker/ssh", test_ssh);
  return g_test_run ();
}
