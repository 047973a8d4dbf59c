/* The thread that computes: the engine, the model on it, and one thing to do after the other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

typedef struct _LimnDesk LimnDesk;

LimnDesk *limn_desk_new (void);

/* Waits until all that was pushed is done. */
void limn_desk_free (LimnDesk *desk);

typedef void (*LimnDeskFunc) (LimnDesk *desk,
                              gpointer  data);

/* Has @func called on the desk's thread after all that was pushed before. Any thread. */
void limn_desk_push (LimnDesk    *desk,
                     LimnDeskFunc func,
                     gpointer     data);

/* What follows is for functions that the desk calls. */

/**
 * limn_desk_open:
 * @options: (type a{sv}): see the interface
 *
 * Nothing is opened twice: the engine stays if device, type, threads and memory are the same, the model if all is the same.
 *
 * Returns: (transfer none): the model, or %NULL with an error; then no model is open
 */
LimnModel *limn_desk_open (LimnDesk   *desk,
                           const char *path,
                           GVariant   *options,
                           GError    **error);

/* Returns: (transfer none): the model that is open, or %NULL with an error */
LimnModel *limn_desk_model (LimnDesk *desk,
                            GError  **error);

/* Returns: (transfer none): the ControlNet at @path, opened once and kept until the desk is unloaded; %NULL with an error */
LimnModel *limn_desk_control (LimnDesk   *desk,
                              const char *path,
                              GError    **error);

/* Returns: (transfer none): the engine; one with the device of the environment if none was made yet */
LimnEngine *limn_desk_engine (LimnDesk *desk,
                              GError  **error);

/* Returns: (transfer full): the id of the device that is computed on; empty if there is no engine */
char *limn_desk_device (LimnDesk *desk);

/* Frees model and engine, and gives memory back to the system. */
void limn_desk_unload (LimnDesk *desk);

/* A step of a picture of that size with the model that is open took so long. */
void limn_desk_measured (LimnDesk *desk,
                         int       width,
                         int       height,
                         double    seconds);

/* Returns: seconds that a step will take, by what was measured with this model; 0 while nothing was */
double limn_desk_step_seconds (LimnDesk            *desk,
                               const LimnModelCost *cost);

G_END_DECLS
