/* What the commands share: reading their arguments, printing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include <errno.h>
#include <stdio.h>

#include "app/number.h"

#define MAX_THREADS 1024
#define MAX_SIDE 65535

/* GOption's sentences ("Unknown option --x") made ours. */
static gboolean
wrong_use (const LimnCommand *command,
           const char        *why,
           GError           **error)
{
  g_autofree char *small = g_strdup (why);

  small[0] = g_ascii_tolower (small[0]);
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE, "%s: %s: see limn %s --help",
               command->name, small, command->name);
  return FALSE;
}

gboolean
limn_command_parse (const LimnCommand  *command,
                    char              **arguments,
                    const char         *usage,
                    const char         *description,
                    const GOptionEntry *entries,
                    char             ***words,
                    GError            **error)
{
  g_autofree char *name = g_strdup_printf ("limn %s", command->name);
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) why = NULL;

  g_set_prgname (name);
  g_option_context_set_summary (context, command->summary);
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);

  *words = g_strdupv (arguments);
  if (g_option_context_parse_strv (context, words, &why))
    return TRUE;

  return wrong_use (command, why->message, error);
}

gboolean
limn_command_check_words (const LimnCommand *command,
                          char             **words,
                          guint              least,
                          guint              most,
                          const char        *what,
                          GError           **error)
{
  guint            n = g_strv_length (words) - 1;
  g_autofree char *why = NULL;

  if (n >= least && n <= most)
    return TRUE;

  if (n < least)
    why = g_strdup_printf ("%s is missing", what);
  else
    why = g_strdup_printf ("\"%s\" is one word too many%s", words[most + 1],
                           most > 0 ? " (put quotes around what has spaces)" : "");
  return wrong_use (command, why, error);
}

gboolean
limn_command_parse_threads (const char *text,
                            int        *threads,
                            GError    **error)
{
  gint64 value = 0;

  *threads = 0;
  if (text == NULL)
    return TRUE;

  if (!limn_number_parse_integer (text, &value))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                   "--threads \"%s\": is not a whole number", text);
      return FALSE;
    }
  if (value < 1 || value > MAX_THREADS)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE,
                   "--threads %s: is out of range: take one from 1 to %d", text, MAX_THREADS);
      return FALSE;
    }

  *threads = value;
  return TRUE;
}

gboolean
limn_command_parse_size (const char *text,
                         int        *width,
                         int        *height,
                         GError    **error)
{
  gint64 w, h;

  if (!limn_number_parse_size (text, &w, &h))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                   "--size \"%s\": is no size: write it as 512x512", text);
      return FALSE;
    }
  if (MIN (w, h) < 1 || MAX (w, h) > MAX_SIDE)
    {
      g_set_error (
          error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE,
          "--size %s: is out of range: sides have 1 to %d pixels, and what the model can do",
          text, MAX_SIDE);
      return FALSE;
    }

  *width = w;
  *height = h;
  return TRUE;
}

gboolean
limn_command_print (const char *text,
                    GError    **error)
{
  if (fputs (text, stdout) >= 0 && fputc ('\n', stdout) != EOF && fflush (stdout) == 0)
    return TRUE;

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FILE,
               "standard output: cannot be written: %s", g_strerror (errno));
  return FALSE;
}
