/* Progress on standard error: a bar on a terminal, lines of JSON for programs, nothing otherwise.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "app/error.h"

G_BEGIN_DECLS

typedef enum
{
  LIMN_PROGRESS_NONE,
  LIMN_PROGRESS_BAR,
  LIMN_PROGRESS_JSON
} LimnProgressMode;

/**
 * LimnProgressState:
 * @stage: "load", "encode", "sample" or "decode"
 * @picture: from 1 to @pictures
 * @step: from 0 to @steps
 * @seconds_left: until all pictures are done; negative while unknown
 */
typedef struct
{
  const char *stage;
  int         picture, pictures;
  int         step, steps;
  double      seconds_left;
} LimnProgressState;

/**
 * limn_progress_mode:
 * @text: (nullable): "auto" (the same as %NULL), "none" or "json"
 * @terminal: whether standard error is a terminal that can rewrite a line
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_USAGE if @text is neither
 */
gboolean limn_progress_mode (const char       *text,
                             gboolean          terminal,
                             LimnProgressMode *mode,
                             GError          **error);

/* Returns: whether standard error is a terminal that understands how to clear a line */
gboolean limn_progress_terminal (void);

/**
 * limn_progress_line:
 * @columns: of the terminal
 *
 * Returns: (transfer full): one line of less than @columns characters: stage, steps, bar, time left
 */
char *limn_progress_line (const LimnProgressState *state,
                          int                      columns);

/* Returns: (transfer full): one line of JSON; `seconds_left` is absent while unknown */
char *limn_progress_json (const LimnProgressState *state);

void limn_progress_show (LimnProgressMode         mode,
                         const LimnProgressState *state);

/* Takes the bar away. */
void limn_progress_hide (LimnProgressMode mode);

G_END_DECLS
