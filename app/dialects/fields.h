/* Settings that stand as JSON: read with what programs make of JSON in mind.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "app/metadata.h"

G_BEGIN_DECLS

/**
 * limn_fields_parse:
 * @text: (nullable): may be hostile
 *
 * Takes NaN and Infinity, which Python writes and JSON has not, for null. Refuses what is nested deeper than any program writes it.
 *
 * Returns: (transfer full) (nullable): an object
 */
JsonObject *limn_fields_parse (const char *text);

/* Returns: (nullable): the member, if it is such a thing */
JsonObject *limn_fields_object (JsonObject *object,
                                const char *key);
JsonArray  *limn_fields_array (JsonObject *object,
                               const char *key);
const char *limn_fields_text (JsonObject *object,
                              const char *key);

/* The number of a node, also if it stands in a string. Returns: %FALSE if it is none or not finite */
gboolean limn_fields_number (JsonNode *node,
                             double   *value);

/**
 * limn_fields_set_text:
 * @to: (inout): stays as it is where @object has no such text, or an empty one
 *
 * The others do the same for numbers, which may stand in strings; negative ones and those without sense are passed over.
 */
void limn_fields_set_text (JsonObject *object,
                           const char *key,
                           char      **to);
void limn_fields_set_integer (JsonObject *object,
                              const char *key,
                              gint64     *to);
void limn_fields_set_real (JsonObject *object,
                           const char *key,
                           double     *to);

/* Takes names of any program; what is %NULL or not known changes nothing. */
void limn_fields_set_sampler (LimnRequest *request,
                              const char  *sampler,
                              const char  *schedule);

G_END_DECLS
