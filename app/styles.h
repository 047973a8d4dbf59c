/* Named styles: words that are put around a prompt, as Fooocus and AUTOMATIC1111's program have them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"

G_BEGIN_DECLS

/**
 * LimnStyle:
 * @prompt: "{prompt}" in it stands for the artist's; without it, it comes behind, after a comma
 * @negative: comes behind the artist's
 * @own: the artist's, who may remove it; others ship with Limn
 */
typedef struct
{
  char    *name, *prompt, *negative;
  gboolean own;
} LimnStyle;

/* Returns: (transfer full) (element-type LimnStyle): all there are, by name; the artist's in place of one that ships under the same name */
GPtrArray *limn_styles_list (void);

/* Returns: (nullable) (transfer none): the style called so, whatever the case */
const LimnStyle *limn_styles_find (const GPtrArray *styles,
                                   const char      *name);

/**
 * limn_styles_parse:
 * @file: a JSON array of {"name", "prompt", "negative_prompt"}, or a CSV file with these columns
 * @name: for messages
 *
 * Returns: (transfer full) (element-type LimnStyle): at least one, or %NULL with %LIMN_APP_ERROR_FORMAT
 */
GPtrArray *limn_styles_parse (GBytes     *file,
                              const char *name,
                              GError    **error);

/**
 * limn_styles_import:
 * @path: as limn_styles_parse() reads it
 * @count: (out) (nullable): how many styles came in
 *
 * Keeps them among the artist's; those of the same name are replaced. Waits for the disk.
 */
gboolean limn_styles_import (const char *path,
                             guint      *count,
                             GError    **error);

/* Keeps a style among the artist's, in place of one of the same name. */
gboolean limn_styles_save (const LimnStyle *style,
                           GError         **error);

/* Returns: %FALSE with %LIMN_APP_ERROR_FILE if it is none of the artist's */
gboolean limn_styles_remove (const char *name,
                             GError    **error);

/**
 * limn_styles_apply:
 * @names: (array zero-terminated=1): the first is innermost
 *
 * Puts their words into the request's prompts, and their names into it.
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_USAGE if nothing is called so
 */
gboolean limn_styles_apply (const GPtrArray   *styles,
                            const char *const *names,
                            LimnRequest       *request,
                            GError           **error);

G_END_DECLS
