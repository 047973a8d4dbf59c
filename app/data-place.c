/* Where what the artist made is kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/data-place.h"

char *
limn_data_place (const char *name)
{
  const char *moved = g_getenv ("LIMN_DATA_DIR");

  if (moved != NULL && *moved != '\0')
    return g_build_filename (moved, name, NULL);

  return g_build_filename (g_get_user_data_dir (), "limn", name, NULL);
}
