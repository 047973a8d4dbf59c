/* Settings out of a model's JSON files: limited, and checked for range.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "engine/core/error.h"

G_BEGIN_DECLS

/**
 * limn_config_load:
 * @path: a JSON file of at most 1 MiB, nested at most %LIMN_JSON_MAX_DEPTH deep, whose root is an object
 *
 * Returns: (transfer full): the object, or %NULL with %LIMN_ENGINE_ERROR_FILE
 */
JsonObject *limn_config_load (const char *path,
                              GError    **error);

/* The same for text in memory; @where names it in messages. */
JsonObject *limn_config_parse (const char *text,
                               gsize       size,
                               const char *where,
                               GError    **error);

/*
 * limn_config_TYPE: reads the member @name. Where it is missing or null, *@out is @fallback. Where it is of another type or outside
 * @min…@max, they return FALSE with LIMN_ENGINE_ERROR_FILE, one line that names the member, what it is and what it may be.
 */
gboolean limn_config_int (JsonObject *config,
                          const char *name,
                          gint64      fallback,
                          gint64      min,
                          gint64      max,
                          int        *out,
                          GError    **error);
gboolean limn_config_double (JsonObject *config,
                             const char *name,
                             double      fallback,
                             double      min,
                             double      max,
                             double     *out,
                             GError    **error);
gboolean limn_config_bool (JsonObject *config,
                           const char *name,
                           gboolean    fallback,
                           gboolean   *out,
                           GError    **error);

/**
 * limn_config_string:
 * @out: (out) (transfer none) (nullable): belongs to @config, or is @fallback
 */
gboolean limn_config_string (JsonObject  *config,
                             const char  *name,
                             const char  *fallback,
                             const char **out,
                             GError     **error);

/**
 * limn_config_int_array:
 * @out: (out caller-allocates): room for @capacity
 * @n: (out): members; 0 where @name is missing. A number that is no array is an array of one, as in "attention_head_dim".
 */
gboolean limn_config_int_array (JsonObject *config,
                                const char *name,
                                gint64      min,
                                gint64      max,
                                int        *out,
                                int         capacity,
                                int        *n,
                                GError    **error);

/**
 * limn_config_string_array:
 * @out: (out) (transfer full): the strings, ended by %NULL; empty where @name is missing; at most @capacity
 */
gboolean limn_config_string_array (JsonObject *config,
                                   const char *name,
                                   int         capacity,
                                   char     ***out,
                                   GError    **error);

G_END_DECLS
