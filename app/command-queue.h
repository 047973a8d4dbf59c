/* What the parts of `limn queue` share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/command.h"

G_BEGIN_DECLS

extern const LimnCommand limn_command_queue_list;
extern const LimnCommand limn_command_queue_add;
extern const LimnCommand limn_command_queue_pause;
extern const LimnCommand limn_command_queue_resume;
extern const LimnCommand limn_command_queue_cancel;
extern const LimnCommand limn_command_queue_remove;
extern const LimnCommand limn_command_queue_move;
extern const LimnCommand limn_command_queue_run;

G_END_DECLS
