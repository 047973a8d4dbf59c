/* What the tests of GGUF files share: writing them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/weights/weights.h"

/* Numbers of the format. */
enum
{
  GGUF_UINT8,
  GGUF_INT8,
  GGUF_UINT16,
  GGUF_INT16,
  GGUF_UINT32,
  GGUF_INT32,
  GGUF_FLOAT32,
  GGUF_BOOL,
  GGUF_STRING,
  GGUF_ARRAY,
  GGUF_UINT64,
  GGUF_INT64,
  GGUF_FLOAT64
};

enum
{
  GGUF_F32 = 0,
  GGUF_F16 = 1,
  GGUF_Q8_0 = 8,
  GGUF_Q4_K = 12,
  GGUF_I64 = 27
};

/* Appends a little-endian number. */
void gguf_test_put (GByteArray *file,
                    guint64     value,
                    int         bytes);

void gguf_test_put_text (GByteArray *file,
                         const char *text);

/* Key and type of a value; the value is still to come. */
void gguf_test_put_value (GByteArray *file,
                          const char *key,
                          int         type);

/* ComfyUI's original shape. @type: of the numbers */
void gguf_test_put_shape (GByteArray   *file,
                          const char   *tensor,
                          int           type,
                          int           n,
                          const gint64 *dims);

/* (transfer full): everything before the first value */
GByteArray *gguf_test_begin (int version,
                             int n_tensors,
                             int n_values);

/* A tensor of two dimensions, [@rows, @columns] as everybody else writes it. */
void gguf_test_put_tensor (GByteArray *file,
                           const char *name,
                           gint64      rows,
                           gint64      columns,
                           int         type,
                           guint64     offset);

/* (transfer full): with padding, and @size bytes of data: 0, 1, 2, …; frees @file */
GBytes *gguf_test_finish (GByteArray *file,
                          gsize       alignment,
                          gsize       size);

LimnWeights *gguf_test_read (GBytes *bytes);

/* Where the numbers of gguf_test_whole() lie, for lies. */
typedef struct
{
  guint version, n_tensors, n_values, key, alignment_type, alignment, array_item, array_count, text;
  guint name, n_dims, columns, rows, type, offset, offset2;
} GgufTestMarks;

/* (transfer full): a file with a value of every type, and three tensors: q, i and f */
GBytes *gguf_test_whole (GgufTestMarks *marks);
