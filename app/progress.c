/* Progress on standard error: a bar on a terminal, lines of JSON for programs, nothing otherwise.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/progress.h"

#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/json-writer.h"

#define MAX_COLUMNS 80
#define MIN_BAR 8
#define CLEAR_LINE "\r\033[K"

static const struct
{
  const char *id, *label;
  gboolean    counted; /* has steps */
} stages[] = {
  { "load", "Loading", FALSE },
  { "encode", "Reading", FALSE },
  { "sample", "Painting", TRUE },
  { "decode", "Finishing", FALSE },
};

static const struct
{
  const char      *name;
  LimnProgressMode on_terminal, elsewhere;
} modes[] = {
  { "auto", LIMN_PROGRESS_BAR, LIMN_PROGRESS_NONE },
  { "none", LIMN_PROGRESS_NONE, LIMN_PROGRESS_NONE },
  { "json", LIMN_PROGRESS_JSON, LIMN_PROGRESS_JSON },
};

gboolean
limn_progress_mode (const char       *text,
                    gboolean          terminal,
                    LimnProgressMode *mode,
                    GError          **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    if (g_str_equal (modes[i].name, text ? text : "auto"))
      {
        *mode = terminal ? modes[i].on_terminal : modes[i].elsewhere;
        return TRUE;
      }

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
               "--progress \"%s\": is not known: take auto, json or none", text);
  return FALSE;
}

gboolean
limn_progress_terminal (void)
{
  return isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

static gsize
find_stage (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    if (g_str_equal (stages[i].id, id))
      return i;

  return 0;
}

/* "3 s left", "2:05 min left", "1:02:05 h left", "" while unknown */
static char *
time_left (double seconds)
{
  gint64 whole = (gint64) ceil (seconds);

  if (!(seconds >= 0) || seconds > 1e8)
    return g_strdup ("");
  if (whole < 60)
    return g_strdup_printf (" %d s left", (int) whole);
  if (whole < 3600)
    return g_strdup_printf (" %d:%02d min left", (int) (whole / 60), (int) (whole % 60));

  return g_strdup_printf (" %d:%02d:%02d h left", (int) (whole / 3600), (int) (whole / 60 % 60),
                          (int) (whole % 60));
}

static void
append_bar (GString                 *line,
            const LimnProgressState *state,
            int                      columns)
{
  int filled;

  if (columns < MIN_BAR)
    return;

  filled = (gint64) columns * CLAMP (state->step, 0, state->steps) / state->steps;
  g_string_append (line, " [");
  for (int i = 0; i < columns; i++)
    g_string_append_c (line, i < filled ? '#' : '.');
  g_string_append_c (line, ']');
}

char *
limn_progress_line (const LimnProgressState *state,
                    int                      columns)
{
  gsize            stage = find_stage (state->stage);
  GString         *line = g_string_new (stages[stage].label);
  g_autofree char *left = time_left (state->seconds_left);
  int              most = MIN (columns - 1, MAX_COLUMNS);

  if (state->pictures > 1)
    g_string_append_printf (line, " picture %d of %d", state->picture, state->pictures);
  if (stages[stage].counted && state->steps > 0)
    {
      g_string_append_printf (line, " %d/%d", state->step, state->steps);
      append_bar (line, state, most - (int) line->len - (int) strlen (left) - 3);
    }
  g_string_append (line, left);
  g_string_truncate (line, MIN (line->len, (gsize) MAX (most, 0)));
  return g_string_free (line, FALSE);
}

char *
limn_progress_json (const LimnProgressState *state)
{
  g_auto (LimnJsonWriter) writer = { 0 };

  limn_json_writer_init (&writer, FALSE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_json_writer_string (&writer, "stage", state->stage);
  limn_json_writer_integer (&writer, "picture", state->picture);
  limn_json_writer_integer (&writer, "pictures", state->pictures);
  limn_json_writer_integer (&writer, "step", state->step);
  limn_json_writer_integer (&writer, "steps", state->steps);
  if (state->seconds_left >= 0)
    limn_json_writer_real (&writer, "seconds_left", round (state->seconds_left * 1000) / 1000);
  limn_json_writer_close (&writer, '}');
  return g_strdup (writer.text->str);
}

static int
terminal_columns (void)
{
  struct winsize size = { 0 };

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return MAX_COLUMNS;
  return size.ws_col;
}

void
limn_progress_show (LimnProgressMode         mode,
                    const LimnProgressState *state)
{
  g_autofree char *line = NULL;

  if (mode == LIMN_PROGRESS_BAR)
    {
      line = limn_progress_line (state, terminal_columns ());
      fprintf (stderr, CLEAR_LINE "%s", line);
    }
  if (mode == LIMN_PROGRESS_JSON)
    {
      line = limn_progress_json (state);
      fprintf (stderr, "%s\n", line);
    }
  fflush (stderr);
}

void
limn_progress_hide (LimnProgressMode mode)
{
  if (mode == LIMN_PROGRESS_BAR)
    fputs (CLEAR_LINE, stderr);
  fflush (stderr);
}
