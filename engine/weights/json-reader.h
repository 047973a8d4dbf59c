/* A strict JSON reader that builds nothing: safe and fast on files that may be hostile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LimnJsonReader:
 * @start: UTF-8, not necessarily ended by a zero
 * @failed: the text is not what was asked for at @at; from then on every call does nothing
 *
 * Walks over JSON text (RFC 8259) once:
 *
 *   limn_json_open (reader, '{');
 *   while (limn_json_more (reader, '}'))
 *     {
 *       limn_json_key (reader, key);
 *       limn_json_skip (reader);
 *     }
 */
typedef struct
{
  const char *start, *at, *end;
  gboolean    first; /* right after an opening bracket */
  gboolean    failed;
} LimnJsonReader;

#define LIMN_JSON_MAX_DEPTH 32

/* Fails at once if the text is no UTF-8. */
void limn_json_init (LimnJsonReader *reader,
                     const char     *text,
                     gsize           size);

/* Steps into an object ('{') or an array ('['). */
void limn_json_open (LimnJsonReader *reader,
                     char            bracket);

/* Returns: whether another member follows; the closing bracket is read when none does. */
gboolean limn_json_more (LimnJsonReader *reader,
                         char            bracket);

/* Returns: the first byte of the next value, 0 at the end. */
char limn_json_peek (LimnJsonReader *reader);

/* Reads a string; one that holds U+0000 fails. */
void limn_json_string (LimnJsonReader *reader,
                       GString        *out);

/* Reads a member's name and its colon. */
void limn_json_key (LimnJsonReader *reader,
                    GString        *out);

/* Reads an integer of 0 and more, in plain digits. */
gint64 limn_json_integer (LimnJsonReader *reader);

/* Reads over any value; deeper nesting than LIMN_JSON_MAX_DEPTH fails. */
void limn_json_skip (LimnJsonReader *reader);

/* Fails if anything but white space follows. */
void limn_json_finish (LimnJsonReader *reader);

G_END_DECLS
