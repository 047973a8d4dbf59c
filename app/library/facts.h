/* What the library knows of a picture, as a value.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/json-writer.h"
#include "app/library/error.h"

G_BEGIN_DECLS

/**
 * LimnFacts:
 * @created: microseconds since 1970, UTC
 * @size: bytes of the file, @format: "PNG", "JPEG", …
 * @hash: SHA-256 of the file, 64 hexadecimal digits
 * @name: (nullable): of the file it came from
 * @rating: 0 (none) to 5
 * @trashed: when it went to the trash; 0 if it did not
 * @request: (nullable): JSON; all that decided the picture
 * @tags, @albums, @loras, @styles: sorted
 * @parents, @children: (element-type gint64): what it came from, what came from it
 * @seed, @steps, @guidance: negative while unknown; texts are %NULL then
 */
typedef struct
{
  gint64   id, created, trashed, size;
  int      width, height, rating;
  gboolean starred, has_mask;
  char    *format, *hash, *name;
  char    *prompt, *negative, *model, *model_hash, *sampler, *schedule, *request;
  gint64   seed, steps;
  double   guidance;
  char   **tags, **albums, **loras, **styles;
  GArray  *parents, *children;
} LimnFacts;

/* @facts: (nullable) */
void limn_facts_free (LimnFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnFacts, limn_facts_free)

/* Writes them as an object: id, created (ISO 8601), width, height, prompt, negative_prompt, seed, model, rating, tags, parents, … Of
 * these, what is not known is null; other keys are absent then. */
void limn_facts_write (const LimnFacts *facts,
                       const char      *key,
                       LimnJsonWriter  *writer);

G_END_DECLS
