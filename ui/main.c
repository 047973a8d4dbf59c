/* limn-studio: the window.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int    argc,
      char **argv)
{
  const char *places = g_getenv ("LIMN_LOCALE_DIR"); /* of translations that are not installed */
  g_autoptr (LimnApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, places != NULL ? places : LIMN_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = limn_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
