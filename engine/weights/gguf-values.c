/* The metadata of a GGUF file: what of it matters here, and all of it checked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/gguf-values.h"

#define ALIGNMENT "general.alignment"
#define PIECES "split.count"
#define SHAPE "comfy.gguf.orig_shape."

#define DEFAULT_ALIGNMENT 32
#define MAX_ALIGNMENT (1 << 20)

/* Least bytes of a value: the length of its key, its type, one byte. Language models have some hundred values. */
#define MIN_VALUE (8 + 4 + 1)
#define MAX_VALUES (1 << 16)
#define MAX_KEY 65535

/* Longer strings are not kept. */
#define MAX_TEXT (1 << 16)

#define MAX_DEPTH 4

/* Types of values by their numbers in the file. */
enum
{
  UINT8,
  INT8,
  UINT16,
  INT16,
  UINT32,
  INT32,
  FLOAT32,
  BOOL,
  STRING,
  ARRAY,
  UINT64,
  INT64,
  FLOAT64,
  N_VALUE_TYPES
};

static const struct
{
  gsize    size; /* 0: as long as it says */
  gboolean is_integer, is_signed;
} value_types[N_VALUE_TYPES] = {
  [UINT8] = { 1, TRUE, FALSE },
  [INT8] = { 1, TRUE, TRUE },
  [UINT16] = { 2, TRUE, FALSE },
  [INT16] = { 2, TRUE, TRUE },
  [UINT32] = { 4, TRUE, FALSE },
  [INT32] = { 4, TRUE, TRUE },
  [FLOAT32] = { 4, FALSE, FALSE },
  [BOOL] = { 1, FALSE, FALSE },
  [STRING] = { 0, FALSE, FALSE },
  [ARRAY] = { 0, FALSE, FALSE },
  [UINT64] = { 8, TRUE, FALSE },
  [INT64] = { 8, TRUE, TRUE },
  [FLOAT64] = { 8, FALSE, FALSE },
};

struct _LimnGgufValues
{
  GHashTable *keys; /* key → LimnGgufShape, or NULL */
  GString    *key, *text;
  guint64     alignment;
};

LimnGgufValues *
limn_gguf_values_new (void)
{
  LimnGgufValues *values = g_new0 (LimnGgufValues, 1);

  values->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  values->key = g_string_new (NULL);
  values->text = g_string_new (NULL);
  values->alignment = DEFAULT_ALIGNMENT;
  return values;
}

void
limn_gguf_values_free (LimnGgufValues *values)
{
  g_hash_table_unref (values->keys);
  g_string_free (values->key, TRUE);
  g_string_free (values->text, TRUE);
  g_free (values);
}

guint64
limn_gguf_values_alignment (const LimnGgufValues *values)
{
  return values->alignment;
}

const LimnGgufShape *
limn_gguf_values_shape (const LimnGgufValues *values,
                        const char           *tensor)
{
  g_autofree char *key = g_strconcat (SHAPE, tensor, NULL);

  return g_hash_table_lookup (values->keys, key);
}

gboolean
limn_gguf_shape_elements (const LimnGgufShape *shape,
                          guint64             *n)
{
  *n = 1;
  for (int i = 0; i < shape->n_dims; i++)
    if (!g_uint64_checked_mul (n, *n, (guint64) shape->dims[i]))
      return FALSE;
  return TRUE;
}

static gboolean
bad_value (LimnGgufValues *values,
           LimnByteReader *reader,
           const char     *what)
{
  g_autofree char *shown = limn_printable (values->key->str);

  return limn_byte_reader_fail (reader, LIMN_ENGINE_ERROR_FILE, "the value “%s” %s; download the file again", shown, what);
}

static guint64
read_value_type (LimnGgufValues *values,
                 LimnByteReader *reader)
{
  guint64 type = limn_byte_reader_integer (reader, 4);

  if (type < N_VALUE_TYPES)
    return type;
  bad_value (values, reader, "has a type that GGUF does not have");
  return UINT8;
}

/* A value of any type: reads over it. */
static void
skip_value (LimnGgufValues *values,
            LimnByteReader *reader,
            guint64         type,
            int             depth)
{
  guint64 count, size, item;

  if (type != ARRAY)
    {
      limn_byte_reader_skip (reader, type == STRING ? limn_byte_reader_integer (reader, 8) : value_types[type].size);
      return;
    }
  if (depth == MAX_DEPTH)
    {
      bad_value (values, reader, "has arrays in arrays in arrays");
      return;
    }
  item = read_value_type (values, reader);
  count = limn_byte_reader_integer (reader, 8);
  if (value_types[item].size > 0)
    {
      if (!g_uint64_checked_mul (&size, count, value_types[item].size))
        size = G_MAXUINT64;
      limn_byte_reader_skip (reader, size);
      return;
    }
  /* Each takes 8 bytes at least: the end of the file ends this. */
  for (guint64 i = 0; i < count && reader->error == NULL; i++)
    skip_value (values, reader, item, depth + 1);
}

/* FALSE if it is negative or no integer. */
static gboolean
read_natural (LimnByteReader *reader,
              guint64         type,
              guint64        *value)
{
  gsize size = value_types[type].size;

  if (!value_types[type].is_integer)
    return FALSE;
  *value = limn_byte_reader_integer (reader, size);
  return !value_types[type].is_signed || *value >> (8 * size - 1) == 0;
}

static gboolean
read_alignment (LimnGgufValues *values,
                LimnByteReader *reader,
                guint64         type)
{
  guint64 alignment = 0;

  if (!read_natural (reader, type, &alignment) || alignment == 0 || alignment > MAX_ALIGNMENT || (alignment & (alignment - 1)) != 0)
    return bad_value (values, reader, "is no power of two");
  values->alignment = alignment;
  return TRUE;
}

static gboolean
read_pieces (LimnGgufValues *values,
             LimnByteReader *reader,
             guint64         type)
{
  guint64 pieces = 0;

  if (!read_natural (reader, type, &pieces))
    return bad_value (values, reader, "is no number");
  if (pieces <= 1)
    return TRUE;
  return limn_byte_reader_fail (reader, LIMN_ENGINE_ERROR_UNSUPPORTED,
                                "is one of %" G_GUINT64_FORMAT " pieces of a model; join them with “llama-gguf-split --merge”", pieces);
}

static gboolean
read_shape (LimnGgufValues *values,
            LimnByteReader *reader,
            guint64         type)
{
  g_autofree LimnGgufShape *shape = g_new0 (LimnGgufShape, 1);
  guint64                   item, count, n;

  if (type != ARRAY)
    return bad_value (values, reader, "is no list of dimensions");
  item = read_value_type (values, reader);
  count = limn_byte_reader_integer (reader, 8);
  if (count > LIMN_MAX_DIMS)
    return bad_value (values, reader, "has too many dimensions");
  for (shape->n_dims = 0; shape->n_dims < (int) count; shape->n_dims++)
    {
      guint64 dim = 0;

      if (!read_natural (reader, item, &dim) || dim > G_MAXINT64)
        return bad_value (values, reader, "has something else than dimensions");
      shape->dims[shape->n_dims] = (gint64) dim;
    }
  if (!limn_gguf_shape_elements (shape, &n))
    return bad_value (values, reader, "is impossibly large");
  g_hash_table_insert (values->keys, g_strdup (values->key->str), g_steal_pointer (&shape));
  return TRUE;
}

static void
read_value (LimnGgufValues *values,
            LimnByteReader *reader,
            guint64         type,
            LimnWeights    *weights)
{
  const char *key = values->key->str;

  if (strcmp (key, ALIGNMENT) == 0)
    read_alignment (values, reader, type);
  else if (strcmp (key, PIECES) == 0)
    read_pieces (values, reader, type);
  else if (g_str_has_prefix (key, SHAPE))
    read_shape (values, reader, type);
  else if (type != STRING)
    skip_value (values, reader, type, 0);
  else if (limn_byte_reader_text (reader, values->text, MAX_TEXT))
    limn_weights_set_metadata (weights, key, values->text->str);
}

gboolean
limn_gguf_values_read (LimnGgufValues *values,
                       LimnByteReader *reader,
                       guint64         n,
                       LimnWeights    *weights)
{
  if (n > MIN (MAX_VALUES, limn_byte_reader_left (reader) / MIN_VALUE))
    return limn_byte_reader_fail (reader, LIMN_ENGINE_ERROR_FILE,
                                  "says that it has %" G_GUINT64_FORMAT " values, which it cannot; download it again", n);
  for (guint64 i = 0; i < n && reader->error == NULL; i++)
    {
      if (!limn_byte_reader_text (reader, values->key, MAX_KEY) || values->key->len == 0)
        return limn_byte_reader_fail (reader, LIMN_ENGINE_ERROR_FILE, "has a value without a proper key; download it again");
      if (g_hash_table_contains (values->keys, values->key->str))
        return bad_value (values, reader, "is there twice");
      g_hash_table_insert (values->keys, g_strdup (values->key->str), NULL);
      read_value (values, reader, read_value_type (values, reader), weights);
    }
  return reader->error == NULL;
}
