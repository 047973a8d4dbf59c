/* The first start: three things to know, and where models are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LIMN_TYPE_WELCOME (limn_welcome_get_type ())

/* Signal `folders ()`: somebody wants to say where models are. */
G_DECLARE_FINAL_TYPE (LimnWelcome, limn_welcome, LIMN, WELCOME, AdwWindow)

GtkWidget *limn_welcome_new (GtkWindow *parent);

G_END_DECLS
