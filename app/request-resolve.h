/* What a request leaves to the time when it is made: choices, names of files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/request.h"

G_BEGIN_DECLS

/**
 * limn_request_resolve:
 * @request: with a seed
 * @here: whether its files are on this machine; those of another are only known there, by their paths
 *
 * Makes every choice of the prompts by the seed, with wildcard files; takes `<lora:name:weight>` out of the prompt and puts the file among the LoRAs; finds
 * the files of model, LoRAs and embeddings by their names, and adds the embeddings that the prompts name. Doing it again changes nothing.
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_FILE for names that are nobody's, or the prompt's error
 */
gboolean limn_request_resolve (LimnRequest *request,
                               gboolean     here,
                               GError     **error);

G_END_DECLS
