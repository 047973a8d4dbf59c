/* limn: finds the command and turns its error into a line and an exit code.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/command.h"
#include "app/log.h"
#include "app/settings.h"

/* Tens of microseconds: longer than from one parallel loop to the next, shorter than a turn of the scheduler. */
#define SPINS "1000"

static const LimnCommand *const commands[] = {
  &limn_command_generate,
  &limn_command_queue,
  &limn_command_info,
  &limn_command_library,
  &limn_command_models,
  &limn_command_devices,
  &limn_command_bench,
  &limn_command_settings,
  &limn_command_styles,
};

static void
print_help (void)
{
  fputs ("Limn makes pictures from words, on this machine.\n\nUsage:\n  limn            opens the window\n  limn COMMAND "
         "…\n\nCommands:\n",
         stdout);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (stdout, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
  fputs ("\nOptions:\n  --help     this text; after a command, the command's\n  --version  of "
         "Limn\n\n"
         "Try: limn generate \"a red apple on a blue background\" -o apple.png\n",
         stdout);
}

static const LimnCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];

  return NULL;
}

/* One line whatever a message was made of (names of files can have line breaks). */
static void
print_error (const GError *error)
{
  g_autofree char *line = g_strdelimit (g_strdup (error->message), "\n\r", ' ');

  fprintf (stderr, "limn: %s\n", line);
}

static int
exit_code (const GError *error)
{
  if (g_error_matches (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE))
    return 2;
  if (g_error_matches (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_CANCELLED))
    return 128 + SIGINT;

  return EXIT_FAILURE;
}

/*
 * Threads that wait for each other spin for milliseconds by libgomp's default; beside another busy program that starves the very
 * thread they wait for (measured with a busy machine: 12 s in place of 2 s for the starter's 20 steps). libgomp reads its
 * environment before main(), so the program has to start anew. If that fails, it is only slower.
 */
static void
spare_other_programs (char **argv)
{
  if (g_getenv ("GOMP_SPINCOUNT") != NULL || g_getenv ("OMP_WAIT_POLICY") != NULL)
    return;

  g_setenv ("GOMP_SPINCOUNT", SPINS, TRUE);
  execv ("/proc/self/exe", argv);
}

static int
run (const LimnCommand *command,
     char             **arguments)
{
  g_autoptr (GError) error = NULL;

  if (command->run (arguments, &error))
    return EXIT_SUCCESS;

  print_error (error);
  return exit_code (error);
}

/* The window, if it was built: beside this program, or where programs that others start lie. Returns: only if there is none */
static void
start_studio (char **argv)
{
  g_autofree char  *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char  *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  const char *const places[] = { "../ui/limn-studio", "../libexec/limn-studio", LIMN_STUDIO_FILE };

  if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_path_is_absolute (places[i]) ? g_strdup (places[i]) : g_build_filename (folder, places[i], NULL);

      execv (path, argv);
    }
}

int
main (int    argc,
      char **argv)
{
  const LimnCommand *command = argc > 1 ? find_command (argv[1]) : NULL;

  /* Numbers are written the same everywhere; only messages of the system follow the locale. */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  signal (SIGXFSZ, SIG_IGN); /* a limit on file sizes is an error of write(), not a crash */

  if (command != NULL && command->computes && (!command->by_worker || g_strcmp0 (g_getenv ("LIMN_ENGINE"), "inside") == 0))
    spare_other_programs (argv);
  if (command != NULL)
    {
      g_autoptr (GSettings) settings = limn_settings_new ();

      limn_log_init (settings);
      return run (command, argv + 1);
    }

  if (argc < 2)
    start_studio (argv);
  if (argc < 2 || g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help"))
    {
      print_help ();
      return EXIT_SUCCESS;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      puts ("limn " LIMN_VERSION);
      return EXIT_SUCCESS;
    }

  fprintf (stderr, "limn: %s: is no command: see limn --help\n", argv[1]);
  return 2;
}
