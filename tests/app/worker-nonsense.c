/* Messages that make no sense, with types that are right and wrong: the worker refuses them and goes on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/engine-link.h"
#include "app/engine-result.h"
#include "engine/wire/memfd.h"
#include "tests/app/worker-test.h"

static LimnEngineLink *
open_link (void)
{
  g_autofree char            *starter = g_build_filename (g_getenv ("LIMN_TEST_DATA"), "starter", NULL);
  const char *const           read[] = { starter, NULL };
  const LimnEngineLinkOptions options = { .read = read, .patience_ms = 30000 };
  g_autoptr (GError) error = NULL;
  LimnEngineLink *link = limn_engine_link_new (&options, &error);
  g_autoptr (GVariant) answer = NULL;

  g_assert_no_error (error);
  answer = limn_engine_link_call (link, "Open", g_variant_new_parsed ("(%s, {'device': <'cpu'>})", starter), NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return link;
}

/* @picture: (transfer floating): what stands for one. Returns: whether it was refused, and the worker is still there */
static gboolean
is_refused (LimnEngineLink *link,
            GVariant       *inputs,
            GUnixFDList    *descriptors)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) lost = NULL;
  GVariant *request = g_variant_new_parsed ("{'prompt': <'a pear'>, 'steps': <int64 2>}");
  GVariant *arguments = g_variant_new ("(t@a{sv}@a{sv}@a{sv})", (guint64) 1, request, inputs, g_variant_new_parsed ("@a{sv} {}"));
  g_autoptr (GVariant) answer = limn_engine_link_call (link, "Generate", arguments, NULL, descriptors, NULL, &error);
  g_autoptr (GVariant) pong = limn_engine_link_call (link, "Ping", NULL, NULL, NULL, NULL, &lost);

  g_assert_no_error (lost);
  if (error != NULL)
    g_test_message ("%s", error->message);
  return answer == NULL && error->domain != LIMN_APP_ERROR;
}

static void
test_no_picture (void)
{
  static const char *const inputs[] = {
    "{'picture': <'a text'>}",
    "{'picture': <(1, 8, 8, 3, <(uint64 768, handle 0)>)>}", /* a pipe */
    "{'picture': <(1, 8, 8, 3, <(uint64 768, handle 1)>)>}", /* a file */
    "{'picture': <(1, 8, 8, 3, <(uint64 768, handle 7)>)>}", /* none there */
    "{'picture': <(1, 8, 8, 3, <(uint64 768, handle -1)>)>}",
    "{'picture': <(1, 8, 8, 3, <(uint64 7, uint64 9)>)>}", /* never sent */
    "{'picture': <(1, 2147483647, 2147483647, 3, <(uint64 768, handle 0)>)>}",
    "{'picture': <(-1, 8, 8, 3, <(uint64 768, handle 0)>)>}",
    "{'picture': <(1, 8, 8, 3, <(uint64 18446744073709551615, handle 0)>)>}",
    "{'hints': <[<'x'>]>}",
    "{'resume': <(uint64 16, handle 0)>}",
  };
  g_autoptr (LimnEngineLink) link = open_link ();
  g_autoptr (GUnixFDList) descriptors = g_unix_fd_list_new ();
  g_autofree char *path = NULL;
  int              ends[2], file = g_file_open_tmp ("limn-XXXXXX", &path, NULL);

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (write (file, "no picture", 10), ==, 10);
  g_unix_fd_list_append (descriptors, ends[0], NULL);
  g_unix_fd_list_append (descriptors, file, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++)
    g_assert_true (is_refused (link, g_variant_new_parsed (inputs[i]), descriptors));
  g_assert_false (is_refused (link, g_variant_new_parsed ("@a{sv} {}"), NULL));
  close (ends[0]);
  close (ends[1]);
  close (file);
  unlink (path);
}

static void
test_no_request (void)
{
  static const char *const requests[] = {
    "{'prompt': <int64 7>}",
    "{'steps': <'many'>}",
    "{'steps': <int64 99999999999>}",
    "{'guidance': <'x'>}",
    "{'nonsense': <true>}",
    "{'loras': <'x'>}",
    "{'loras': <[<'x'>]>}",
    "{'loras': <[<{'weight': <1.0>}>]>}",
    "{'loras': <[<{'name': <'/nowhere'>}>]>}",
  };
  g_autoptr (LimnEngineLink) link = open_link ();

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GError) error = NULL;
      GVariant *nothing = g_variant_new_parsed ("@a{sv} {}");
      GVariant *arguments = g_variant_new ("(t@a{sv}@a{sv}@a{sv})", (guint64) i, g_variant_new_parsed (requests[i]), nothing, g_variant_new_parsed ("@a{sv} {}"));
      g_autoptr (GVariant) answer = limn_engine_link_call (link, "Generate", arguments, NULL, NULL, NULL, &error);

      g_assert_null (answer);
      g_assert_true (error->domain == LIMN_ENGINE_ERROR);
      g_test_message ("%s", error->message);
    }
}

/* What a worker answers is not believed, either. Descriptor 0 is sealed memory of a picture of 8 × 8. */
static void
test_no_result (void)
{
  static const char *const answers[] = {
    "@a{sv} {}",
    "{'image': <'a text'>, 'settings': <@a{sv} {}>}",
    "{'image': <(1, 8, 8, 3, <(uint64 768, handle 0)>)>}",
    "{'image': <(1, 8, 8, 3, <(uint64 768, handle 0)>)>, 'settings': <7>}",
    "{'image': <(1, 8, 8, 3, <(uint64 768, handle 0)>)>, 'settings': <{'steps': <'many'>}>}",
    "{'image': <(1, 8, 8, 3, <(uint64 768, handle 0)>)>, 'settings': <{'steps': <int64 -7>}>}",
    "{'image': <(1, 8, 8, 3, <(uint64 768, handle 0)>)>, 'settings': <{'nonsense': <int64 7>}>}",
    "{'image': <(3, 8, 8, 1, <(uint64 768, handle 0)>)>, 'settings': <@a{sv} {}>}",
    "{'image': <(1, 8, 8, 4, <(uint64 1024, handle 0)>)>, 'settings': <@a{sv} {}>}",
    "{'image': <(1, 8, 8, 3, <(uint64 768, handle 0)>)>, 'settings': <@a{sv} {}>, 'dump': <{'x': <7>}>}",
  };
  static const char good[] = "{'image': <(1, 8, 8, 3, <(uint64 768, handle 0)>)>, 'settings': <{'steps': <int64 7>}>, 'notes': <7>, 'seconds': <'x'>}";
  g_autoptr (LimnEngineLink) link = open_link ();
  g_autoptr (GUnixFDList) descriptors = g_unix_fd_list_new ();
  g_autoptr (GVariant) facts = g_variant_ref_sink (g_variant_new_parsed (good));
  g_autoptr (LimnEngineResult) result = NULL;
  g_auto (LimnRequest) request = { 0 };
  float pixels[8 * 8 * 3] = { 0 };
  int   memory = limn_memfd_new (pixels, sizeof pixels, NULL);

  limn_request_init (&request);
  g_unix_fd_list_append (descriptors, memory, NULL);
  close (memory);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed (answers[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (limn_engine_result_read (answer, limn_engine_link_carrier (link), descriptors, &request, "starter", &error));
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
    }
  result = limn_engine_result_read (facts, limn_engine_link_carrier (link), descriptors, &request, "starter", NULL);
  g_assert_nonnull (result);
  g_assert_cmpint (result->made.steps, ==, 7);
}

/* Bytes that are no D-Bus end a worker, without a crash. */
static void
test_garbage_to_worker (void)
{
  g_autofree char  *program = worker_test_program ();
  const char *const arguments[] = { program, "--socket=3", NULL };
  const char        nonsense[] = "\0AUTH NONSENSE\r\nBEGIN\r\nand so on, and so on, and so on, and so on";
  const int         there = 3;
  int               ends[2], status;
  GPid              pid;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  g_spawn_async_with_pipes_and_fds (NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, -1, -1, -1, &ends[1],
                                    &there, 1, &pid, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  close (ends[1]);
  g_assert_cmpint (send (ends[0], nonsense, sizeof nonsense, MSG_NOSIGNAL), >, 0);
  shutdown (ends[0], SHUT_WR);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
  close (ends[0]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/worker/no-picture", test_no_picture);
  g_test_add_func ("/worker/no-request", test_no_request);
  g_test_add_func ("/worker/no-result", test_no_result);
  g_test_add_func ("/worker/garbage", test_garbage_to_worker);
  return g_test_run ();
}
