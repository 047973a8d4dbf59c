/* The queue in the header bar: how much there is to do, and a list to look at and change.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ui/studio.h"

G_BEGIN_DECLS

#define LIMN_TYPE_QUEUE_BUTTON (limn_queue_button_get_type ())

/* Signal `message (const char *)`. Is invisible while there is nothing to do. */
G_DECLARE_FINAL_TYPE (LimnQueueButton, limn_queue_button, LIMN, QUEUE_BUTTON, AdwBin)

void limn_queue_button_set_studio (LimnQueueButton *button,
                                   LimnStudio      *studio);
void limn_queue_button_popup (LimnQueueButton *button);

G_END_DECLS
