/* The log: what happened, for whoever looks for a fault.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define MAX_BYTES (1024 * 1024)

/* The settings' words, from the worst on. */
static const struct
{
  const char    *name;
  GLogLevelFlags level;
} levels[] = {
  { "error", G_LOG_LEVEL_CRITICAL },
  { "warning", G_LOG_LEVEL_MESSAGE },
  { "info", G_LOG_LEVEL_INFO },
  { "debug", G_LOG_LEVEL_DEBUG },
};

typedef struct
{
  GLogLevelFlags most;
  char          *path;
} Log;

char *
limn_log_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "limn", NULL);
}

static const char *
field (const GLogField *fields,
       gsize            n,
       const char      *key)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (fields[i].key, key))
      return fields[i].value;

  return "";
}

static const char *
level_name (GLogLevelFlags level)
{
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if ((level & G_LOG_LEVEL_MASK) <= levels[i].level)
      return levels[i].name;

  return "debug";
}

/* One write() a line: threads and processes do not mix theirs. */
static void
write_line (const Log  *log,
            const char *line)
{
  struct stat status;
  int         file;

  if (stat (log->path, &status) == 0 && status.st_size > MAX_BYTES)
    {
      g_autofree char *older = g_strconcat (log->path, ".1", NULL);

      g_rename (log->path, older);
    }
  file = open (log->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0)
    return;
  if (write (file, line, strlen (line)) < 0)
    fputs ("limn: the log cannot be written\n", stderr);
  close (file);
}

static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n,
           gpointer         data)
{
  const Log       *log = data;
  g_autofree char *text = NULL, *line = NULL, *time = NULL;
  g_autoptr (GDateTime) now = NULL;

  if ((level & G_LOG_LEVEL_MASK) > log->most)
    return G_LOG_WRITER_HANDLED;

  now = g_date_time_new_now_local ();
  time = g_date_time_format_iso8601 (now);
  text = g_strdelimit (g_strdup (field (fields, n, "MESSAGE")), "\n\r", ' ');
  line = g_strdup_printf ("%s %d %s %s: %s\n", time, (int) getpid (), field (fields, n, "GLIB_DOMAIN"), level_name (level), text);
  write_line (log, line);
  if ((level & G_LOG_LEVEL_MASK) <= G_LOG_LEVEL_CRITICAL)
    return g_log_writer_default (level, fields, n, NULL); /* may end the program, as $G_DEBUG says */
  fprintf (stderr, "limn: %s: %s\n", level_name (level), text);
  return G_LOG_WRITER_HANDLED;
}

static GLogLevelFlags
choose_level (GSettings *settings)
{
  const char      *asked = g_getenv ("LIMN_LOG");
  g_autofree char *set = settings != NULL ? g_settings_get_string (settings, "log-level") : g_strdup ("warning");

  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (g_str_equal (levels[i].name, asked != NULL ? asked : set))
      return levels[i].level;
  return G_LOG_LEVEL_MESSAGE;
}

void
limn_log_init (GSettings *settings)
{
  g_autofree char *folder = limn_log_folder ();
  Log             *log = g_new (Log, 1); /* for as long as the program runs */

  *log = (Log){ choose_level (settings), g_build_filename (folder, "limn.log", NULL) };
  g_mkdir_with_parents (folder, 0700);
  g_log_set_writer_func (write_log, log, NULL);
}
