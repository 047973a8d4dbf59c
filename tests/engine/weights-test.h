/* What the tests of weights share: small safetensors files, in memory and in a folder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/weights.h"

/* (transfer full): a file of @header and @size bytes of data: 0, 1, 2, … */
GBytes *weights_test_bytes (const char *header,
                            gsize       size);

LimnWeights *weights_test_parse (const char *header,
                                 gsize       size,
                                 GError    **error);

void weights_test_one_line (const GError *error,
                            int           code);

char *weights_test_folder (void);

void weights_test_remove (const char *path);

char *weights_test_write (const char *folder,
                          const char *name,
                          const void *data,
                          gssize      size);

char *weights_test_write_tensors (const char *folder,
                                  const char *name,
                                  const char *header,
                                  gsize       size);

void weights_test_open_fails (const char *path,
                              int         code,
                              const char *says);

/* Touches all that a reader believed. */
void weights_test_use (const LimnWeights *weights);

#define WEIGHTS_TEST_X "\"x\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[0,12]}"
