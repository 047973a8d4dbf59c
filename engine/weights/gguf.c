/* Reads the header of a GGUF file; trusts nothing in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/gguf-values.h"

/* Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md — magic, version, counts, metadata, tensors, then the data. */
#define MAGIC "GGUF"
#define MIN_VERSION 2
#define MAX_VERSION 3

/* Least bytes that the header has for a tensor: the length of its name, dimensions, type, offset. */
#define MIN_TENSOR (8 + 4 + 4 + 8)
#define MAX_TENSORS (1 << 20)
#define MAX_NAME 4096

/* A type by its number in the file, as ggml calls it, and what it is here; LIMN_N_TYPES where nothing computes with it. */
typedef struct
{
  guint32     number;
  const char *name;
  LimnType    type;
  gsize       size; /* of an element, where nothing computes with it; 0: it cannot even be skipped */
} FileType;

static const FileType file_types[] = {
  { 0, "F32", LIMN_F32, 0 },
  { 1, "F16", LIMN_F16, 0 },
  { 2, "Q4_0", LIMN_Q4_0, 0 },
  { 3, "Q4_1", LIMN_Q4_1, 0 },
  { 6, "Q5_0", LIMN_Q5_0, 0 },
  { 7, "Q5_1", LIMN_Q5_1, 0 },
  { 8, "Q8_0", LIMN_Q8_0, 0 },
  { 9, "Q8_1", LIMN_N_TYPES, 0 },
  { 10, "Q2_K", LIMN_Q2_K, 0 },
  { 11, "Q3_K", LIMN_Q3_K, 0 },
  { 12, "Q4_K", LIMN_Q4_K, 0 },
  { 13, "Q5_K", LIMN_Q5_K, 0 },
  { 14, "Q6_K", LIMN_Q6_K, 0 },
  { 15, "Q8_K", LIMN_N_TYPES, 0 },
  { 16, "IQ2_XXS", LIMN_N_TYPES, 0 },
  { 17, "IQ2_XS", LIMN_N_TYPES, 0 },
  { 18, "IQ3_XXS", LIMN_N_TYPES, 0 },
  { 19, "IQ1_S", LIMN_N_TYPES, 0 },
  { 20, "IQ4_NL", LIMN_IQ4_NL, 0 },
  { 21, "IQ3_S", LIMN_N_TYPES, 0 },
  { 22, "IQ2_S", LIMN_N_TYPES, 0 },
  { 23, "IQ4_XS", LIMN_IQ4_XS, 0 },
  { 24, "I8", LIMN_N_TYPES, 1 },
  { 25, "I16", LIMN_N_TYPES, 2 },
  { 26, "I32", LIMN_I32, 0 },
  { 27, "I64", LIMN_N_TYPES, 8 },
  { 28, "F64", LIMN_N_TYPES, 8 },
  { 29, "IQ1_M", LIMN_N_TYPES, 0 },
  { 30, "BF16", LIMN_BF16, 0 },
  { 34, "TQ1_0", LIMN_TQ1_0, 0 },
  { 35, "TQ2_0", LIMN_TQ2_0, 0 },
  { 39, "MXFP4", LIMN_MXFP4, 0 },
};

/* One tensor as the header tells it. */
typedef struct
{
  const char     *name;
  const FileType *type;
  LimnGgufShape   shape;
  guint64         n_elements, offset, size;
} Entry;

typedef struct
{
  LimnByteReader *reader;
  LimnGgufValues *values;
  LimnWeights    *weights;
  GString        *name;
  GStringChunk   *names;
  GArray         *entries; /* Entry */
} Header;

static gboolean
bad_tensor (Header     *header,
            const char *name,
            const char *what)
{
  g_autofree char *shown = limn_printable (name);

  return limn_byte_reader_fail (header->reader, LIMN_ENGINE_ERROR_FILE, "the tensor “%s” %s; download the file again", shown, what);
}

static const FileType *
read_type (Header *header)
{
  guint64 number = limn_byte_reader_integer (header->reader, 4);

  for (guint i = 0; i < G_N_ELEMENTS (file_types); i++)
    {
      if (file_types[i].number != number)
        continue;
      if (file_types[i].type != LIMN_N_TYPES || file_types[i].size > 0)
        return &file_types[i];
      limn_byte_reader_fail (header->reader, LIMN_ENGINE_ERROR_UNSUPPORTED,
                             "tensors of the type %s are not supported; get the model in Q8_0 or Q4_K", file_types[i].name);
      return NULL;
    }
  limn_byte_reader_fail (header->reader, LIMN_ENGINE_ERROR_UNSUPPORTED,
                         "tensors of the type number %" G_GUINT64_FORMAT " are not known; get the model in Q8_0 or Q4_K", number);
  return NULL;
}

/* The file has the fastest dimension first. */
static gboolean
read_shape (Header        *header,
            LimnGgufShape *shape)
{
  guint64 n = limn_byte_reader_integer (header->reader, 4);

  if (n > LIMN_MAX_DIMS)
    return bad_tensor (header, header->name->str, "has too many dimensions");
  shape->n_dims = (int) n;
  for (int i = shape->n_dims; i > 0; i--)
    {
      guint64 dim = limn_byte_reader_integer (header->reader, 8);

      if (dim > G_MAXINT64)
        return bad_tensor (header, header->name->str, "is impossibly large");
      shape->dims[i - 1] = (gint64) dim;
    }
  return header->reader->error == NULL;
}

/* How many elements and bytes it has; blocks never go over the end of the file's rows. */
static gboolean
measure (Header *header,
         Entry  *entry)
{
  const LimnTypeInfo *info = entry->type->type != LIMN_N_TYPES ? limn_type_info (entry->type->type) : NULL;
  gsize               block = info != NULL ? info->elements : 1, size = info != NULL ? info->size : entry->type->size;
  int                 last = entry->shape.n_dims - 1;

  if (!limn_gguf_shape_elements (&entry->shape, &entry->n_elements))
    return bad_tensor (header, entry->name, "is impossibly large");
  if ((last < 0 && block > 1) || (last >= 0 && entry->shape.dims[last] % (gint64) block != 0))
    return bad_tensor (header, entry->name, "has rows that are no whole blocks of its type");
  if (!g_uint64_checked_mul (&entry->size, entry->n_elements / block, size))
    return bad_tensor (header, entry->name, "is impossibly large");
  return TRUE;
}

static gboolean
reshape (Header *header,
         Entry  *entry)
{
  const LimnGgufShape *original = limn_gguf_values_shape (header->values, entry->name);
  guint64              n;

  if (original == NULL)
    return TRUE;
  if (!limn_gguf_shape_elements (original, &n) || n != entry->n_elements)
    return bad_tensor (header, entry->name, "has another original shape than its data");
  entry->shape = *original;
  return TRUE;
}

static gboolean
read_entry (Header *header)
{
  Entry entry = { 0 };

  if (!limn_byte_reader_text (header->reader, header->name, MAX_NAME) || header->name->len == 0)
    return limn_byte_reader_fail (header->reader, LIMN_ENGINE_ERROR_FILE, "has a tensor without a proper name; download it again");
  entry.name = g_string_chunk_insert (header->names, header->name->str);
  if (!read_shape (header, &entry.shape))
    return FALSE;
  entry.type = read_type (header);
  entry.offset = limn_byte_reader_integer (header->reader, 8);
  if (header->reader->error != NULL || !measure (header, &entry) || !reshape (header, &entry))
    return FALSE;
  g_array_append_val (header->entries, entry);
  return TRUE;
}

static gboolean
read_entries (Header *header,
              guint64 n)
{
  if (n > MIN (MAX_TENSORS, limn_byte_reader_left (header->reader) / MIN_TENSOR))
    return limn_byte_reader_fail (header->reader, LIMN_ENGINE_ERROR_FILE,
                                  "says that it has %" G_GUINT64_FORMAT " tensors, which it cannot; download it again", n);
  for (guint64 i = 0; i < n; i++)
    if (!read_entry (header))
      return FALSE;
  return TRUE;
}

static int
compare_entries (const void *a,
                 const void *b)
{
  const Entry *x = a, *y = b;

  if (x->offset != y->offset)
    return x->offset < y->offset ? -1 : 1;
  return (x->size > y->size) - (x->size < y->size);
}

static gboolean
add_entry (Header      *header,
           const Entry *entry,
           gsize        begin)
{
  LimnWeight    weight = { .type = entry->type->type, .n_dims = entry->shape.n_dims, .n_elements = entry->n_elements, .size = entry->size };
  gsize         size = 0;
  const guint8 *data = limn_source_data (header->reader->source, &size);

  if (weight.type == LIMN_N_TYPES)
    {
      if (limn_weights_skipped (header->weights, entry->name) != NULL)
        return bad_tensor (header, entry->name, "is there twice");
      limn_weights_skip (header->weights, entry->name, entry->type->name);
      return TRUE;
    }
  memcpy (weight.dims, entry->shape.dims, sizeof weight.dims);
  weight.data = data + begin + entry->offset;
  weight.mapped = limn_source_is_mapped (header->reader->source);
  limn_weights_add (header->weights, entry->name, &weight);
  return TRUE;
}

/* The tensors lie after the header, each at a multiple of the alignment, one after the other; between them is padding. */
static gboolean
add_entries (Header *header)
{
  const LimnByteReader *reader = header->reader;
  guint64               alignment = limn_gguf_values_alignment (header->values);
  gsize                 begin = reader->at + (alignment - reader->at % alignment) % alignment;
  gsize                 left;
  guint64               end = 0;

  begin = MIN (begin, reader->size);
  left = reader->size - begin;
  g_array_sort (header->entries, compare_entries);
  for (guint i = 0; i < header->entries->len; i++)
    {
      const Entry *entry = &g_array_index (header->entries, Entry, i);

      if (entry->offset > left || entry->size > left - entry->offset)
        return bad_tensor (header, entry->name, "lies outside the file");
      if (entry->offset % alignment != 0)
        return bad_tensor (header, entry->name, "lies at no multiple of the file's alignment");
      if (entry->offset < end)
        return bad_tensor (header, entry->name, "lies over another");
      if (!add_entry (header, entry, begin))
        return FALSE;
      end = entry->offset + entry->size;
    }
  return TRUE;
}

static gboolean
read_version (LimnByteReader *reader)
{
  guint32 version = 0;

  limn_byte_reader_skip (reader, strlen (MAGIC));
  version = (guint32) limn_byte_reader_integer (reader, 4);
  if (reader->error != NULL || (version >= MIN_VERSION && version <= MAX_VERSION))
    return reader->error == NULL;
  /* No file of the right order has the 65536th version. */
  if (version != 0 && (version & 0xffff) == 0)
    return limn_byte_reader_fail (reader, LIMN_ENGINE_ERROR_UNSUPPORTED,
                                  "is a GGUF file for big-endian processors, which is not supported; get the usual one");
  return limn_byte_reader_fail (reader, LIMN_ENGINE_ERROR_UNSUPPORTED,
                                "is a GGUF file of version %u; versions %d and %d are supported, convert it again",
                                version, MIN_VERSION, MAX_VERSION);
}

static gboolean
read_header (Header *header)
{
  guint64 tensors, values;

  if (!read_version (header->reader))
    return FALSE;
  tensors = limn_byte_reader_integer (header->reader, 8);
  values = limn_byte_reader_integer (header->reader, 8);
  return limn_gguf_values_read (header->values, header->reader, values, header->weights)
         && read_entries (header, tensors)
         && add_entries (header)
         && limn_weights_seal (header->weights, &header->reader->error);
}

gboolean
limn_gguf_is (LimnSource *source)
{
  char  start[sizeof MAGIC - 1];
  gsize size = 0;

  limn_source_data (source, &size);
  return size >= sizeof start && limn_source_read (source, 0, start, sizeof start, NULL) && memcmp (start, MAGIC, sizeof start) == 0;
}

LimnWeights *
limn_gguf_read (LimnSource *source,
                GError    **error)
{
  g_autoptr (LimnWeights) weights = limn_weights_new ();
  g_autoptr (LimnGgufValues) values = limn_gguf_values_new ();
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  GStringChunk  *names = g_string_chunk_new (16384);
  LimnByteReader reader;
  Header         header = { .reader = &reader, .values = values, .weights = weights, .name = name, .names = names, .entries = entries };
  gboolean       ok;

  limn_byte_reader_init (&reader, source);
  limn_weights_add_source (weights, source);
  ok = read_header (&header);
  g_string_chunk_free (names);
  if (ok)
    return g_steal_pointer (&weights);
  g_propagate_error (error, reader.error);
  return NULL;
}
