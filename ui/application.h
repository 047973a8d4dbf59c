/* The application: one instance, its windows, its actions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LIMN_APPLICATION_ID "app.limn.Limn"

#define LIMN_TYPE_APPLICATION (limn_application_get_type ())
G_DECLARE_FINAL_TYPE (LimnApplication, limn_application, LIMN, APPLICATION, AdwApplication)

LimnApplication *limn_application_new (void);

G_END_DECLS
