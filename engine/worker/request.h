/* A request as it comes over the wire, made into what the engine takes: the one place where a setting gets its meaning.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * LimnWorkerRequest:
 * @generation: for limn_generate()
 * @adapters: (element-type LimnAdapter): for limn_model_set_adapters()
 * @controls: (element-type LimnControl): without models and pictures; @control_paths: (element-type utf8): of their models
 * @words, @embeddings: (element-type utf8): for limn_model_set_embeddings()
 *
 * Texts belong to the variant it was read from.
 */
typedef struct
{
  LimnGeneration generation;
  GArray        *adapters;
  GPtrArray     *words, *embeddings;
  GArray        *controls;
  GPtrArray     *control_paths;
} LimnWorkerRequest;

/**
 * limn_worker_request_read:
 * @values: (type a{sv}): the request's JSON as a variant; it has to outlive @request
 *
 * Absent keys take the model's defaults. Keys that only the client needs are passed over; others that are not known are errors, since they may
 * decide what the picture looks like.
 *
 * Returns: (transfer full): %NULL with an error that names the key
 */
LimnWorkerRequest *limn_worker_request_read (GVariant *values,
                                             GError  **error);
void               limn_worker_request_free (LimnWorkerRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnWorkerRequest, limn_worker_request_free)

/* Returns: (transfer floating): (type a{sv}): the settings of @result, defaults filled in, under the request's keys */
GVariant *limn_worker_request_settings (const LimnResult *result);

G_END_DECLS
