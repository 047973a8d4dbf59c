/* Which kinds of control pictures are made here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/pictures.h"

LimnControlMaker
limn_control_maker (const char *kind)
{
  static const struct
  {
    const char      *kind;
    LimnControlMaker make;
  } makers[] = {
    { "canny", limn_control_canny },
    { "line", limn_control_line },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (makers); i++)
    if (g_str_equal (makers[i].kind, kind))
      return makers[i].make;
  return NULL;
}
