/* Writes JSON: the few calls that the commands need, with numbers as short as they can be.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LimnJsonWriter:
 * @text: (nullable): what is written so far
 * @pretty: one member a line
 *
 * Members and elements are written in the order of the calls; commas and indentation come by themselves.
 */
typedef struct
{
  GString *text;
  gboolean pretty;
  int      depth;
  gboolean first; /* right after an opening bracket */
} LimnJsonWriter;

void limn_json_writer_init (LimnJsonWriter *writer,
                            gboolean        pretty);
void limn_json_writer_clear (LimnJsonWriter *writer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LimnJsonWriter, limn_json_writer_clear)

/* @key is %NULL in arrays and at the top. @bracket: '{' or '['. */
void limn_json_writer_open (LimnJsonWriter *writer,
                            const char     *key,
                            char            bracket);
void limn_json_writer_close (LimnJsonWriter *writer,
                             char            bracket);

/* Does nothing if @value is %NULL: keys are absent when unknown. @value is UTF-8. */
void limn_json_writer_string (LimnJsonWriter *writer,
                              const char     *key,
                              const char     *value);
void limn_json_writer_strings (LimnJsonWriter    *writer,
                               const char        *key,
                               const char *const *values);
void limn_json_writer_integer (LimnJsonWriter *writer,
                               const char     *key,
                               gint64          value);

/* Does nothing if @value is not finite: JSON has no such numbers. */
void limn_json_writer_real (LimnJsonWriter *writer,
                            const char     *key,
                            double          value);
/* A key whose value is not known, where it has to be there all the same. */
void limn_json_writer_null (LimnJsonWriter *writer,
                            const char     *key);
void limn_json_writer_boolean (LimnJsonWriter *writer,
                               const char     *key,
                               gboolean        value);

G_END_DECLS
