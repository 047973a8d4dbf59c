/* Times and sizes as people read them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/estimate.h"

#include <glib/gi18n.h>
#include <math.h>

char *
limn_estimate_time (double seconds)
{
  int whole = (int) MIN (ceil (MAX (seconds, 0)), 1e8);

  if (whole < 60)
    return g_strdup_printf (_ ("%d s"), whole);
  if (whole < 3600)
    return g_strdup_printf ("%d:%02d", whole / 60, whole % 60);
  return g_strdup_printf ("%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
}

char *
limn_estimate_text (const LimnTiming *timing,
                    int               count)
{
  GString *text = g_string_new (NULL);

  if (timing->step_seconds >= 0 && timing->steps > 0)
    {
      g_autofree char *time = limn_estimate_time (count * (timing->steps * timing->step_seconds + MAX (timing->rest_seconds, 0)));

      g_string_append_printf (text, _ ("about %s"), time);
    }
  if (timing->memory > 0)
    {
      g_autofree char *memory = g_format_size ((guint64) timing->memory);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", memory);
    }
  return g_string_free (text, FALSE);
}
