/* The commands of `limn` and what they share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/error.h"
#include "app/json-writer.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * LimnCommand:
 * @name: the word after `limn`
 * @summary: one line for the list of commands
 * @computes: it keeps all cores busy; @by_worker: of which limn-engine is the one
 * @run: gets the words after the command's name, ended by %NULL, the name itself first
 */
typedef struct
{
  const char *name, *summary;
  gboolean    computes, by_worker;
  gboolean (*run) (char   **arguments,
                   GError **error);
} LimnCommand;

extern const LimnCommand limn_command_generate;
extern const LimnCommand limn_command_queue;
extern const LimnCommand limn_command_info;
extern const LimnCommand limn_command_library;
extern const LimnCommand limn_command_models;
extern const LimnCommand limn_command_devices;
extern const LimnCommand limn_command_bench;
extern const LimnCommand limn_command_settings;
extern const LimnCommand limn_command_styles;

/**
 * limn_command_parse:
 * @arguments: (inout): what is left when options are taken out; the command's name stays first
 * @usage: what follows the command's name: "PROMPT -o FILE|DIR [OPTION…]"
 *
 * `--help` prints the help and ends the program.
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_USAGE
 */
gboolean limn_command_parse (const LimnCommand  *command,
                             char              **arguments,
                             const char         *usage,
                             const char         *description,
                             const GOptionEntry *entries,
                             char             ***words,
                             GError            **error);

/* Returns: %FALSE: @words (after the name) are not from @least to @most; @what names them in the message */
gboolean limn_command_check_words (const LimnCommand *command,
                                   char             **words,
                                   guint              least,
                                   guint              most,
                                   const char        *what,
                                   GError           **error);

/**
 * limn_command_parse_threads:
 * @text: (nullable)
 *
 * Returns: %FALSE with an error; @threads is 0 (one a core) if @text is %NULL
 */
gboolean limn_command_parse_threads (const char *text,
                                     int        *threads,
                                     GError    **error);

/* Parses "WxH"; see limn_request_set() for errors. */
gboolean limn_command_parse_size (const char *text,
                                  int        *width,
                                  int        *height,
                                  GError    **error);

/* Prints what @writer holds as a line on standard output. Returns: %FALSE if that cannot be written */
gboolean limn_command_print (const char *text,
                             GError    **error);

G_END_DECLS
