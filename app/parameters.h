/* AUTOMATIC1111's "parameters": settings as one text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"

G_BEGIN_DECLS

/**
 * LimnParameter:
 *
 * One "Key: value" of the settings' line, unquoted.
 */
typedef struct
{
  char *key, *value;
} LimnParameter;

/**
 * limn_parameters_format:
 *
 * Prompt, "Negative prompt: …" and one line "Key: value, …"; values with comma, colon, quote or newline are JSON strings.
 *
 * Returns: (transfer full): the text
 */
char *limn_parameters_format (const LimnRequest *request,
                              const char        *version);

/**
 * limn_parameters_parse:
 * @prompt: (out) (transfer full), @negative: (out) (nullable) (transfer full)
 *
 * The last line holds settings if at least three are found in it; otherwise it belongs to the prompt.
 *
 * Returns: (transfer full) (element-type LimnParameter): the settings
 */
GPtrArray *limn_parameters_parse (const char *text,
                                  char      **prompt,
                                  char      **negative);

/* Returns: (nullable): the value of @key, %NULL if it is not there or empty */
const char *limn_parameters_find (const GPtrArray *parameters,
                                  const char      *key);

G_END_DECLS
