/* Reads the header of a .safetensors file; trusts nothing in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/json-reader.h"
#include "engine/weights/weights-private.h"

/* Format: https://github.com/huggingface/safetensors#format — u64 n, n bytes of JSON, then the data, without holes. */
#define LENGTH_SIZE 8
#define MAX_HEADER 100000000

/* A type as the format names it, and what it is here; LIMN_N_TYPES where nothing computes with it. */
typedef struct
{
  const char *name;
  int         bits;
  LimnType    type;
} FileType;

static const FileType file_types[] = {
  { "F32", 32, LIMN_F32 },
  { "F16", 16, LIMN_F16 },
  { "BF16", 16, LIMN_BF16 },
  { "F8_E4M3", 8, LIMN_F8_E4M3 },
  { "F8_E5M2", 8, LIMN_F8_E5M2 },
  { "I32", 32, LIMN_I32 },
  { "I64", 64, LIMN_N_TYPES },
  { "U64", 64, LIMN_N_TYPES },
  { "F64", 64, LIMN_N_TYPES },
  { "C64", 64, LIMN_N_TYPES },
  { "U32", 32, LIMN_N_TYPES },
  { "I16", 16, LIMN_N_TYPES },
  { "U16", 16, LIMN_N_TYPES },
  { "I8", 8, LIMN_N_TYPES },
  { "U8", 8, LIMN_N_TYPES },
  { "BOOL", 8, LIMN_N_TYPES },
  { "F8_E8M0", 8, LIMN_N_TYPES },
  { "F8_E4M3FNUZ", 8, LIMN_N_TYPES },
  { "F8_E5M2FNUZ", 8, LIMN_N_TYPES },
  { "F6_E2M3", 6, LIMN_N_TYPES },
  { "F6_E3M2", 6, LIMN_N_TYPES },
  { "F4", 4, LIMN_N_TYPES },
};

typedef struct
{
  LimnSource    *source;
  const char    *where;
  LimnJsonReader json;
  GString       *name, *text;
  const guint8  *data; /* after the header */
  guint64        size;
  GArray        *ranges; /* Range */
  LimnWeights   *weights;
} Reader;

typedef struct
{
  guint64 begin, end;
} Range;

/* One tensor as the header tells it. */
typedef struct
{
  const FileType *type;
  int             n_dims;
  gint64          dims[LIMN_MAX_DIMS];
  Range           range;
  int             n_offsets;
} Entry;

static gboolean
bad_tensor (Reader     *reader,
            GError    **error,
            const char *what)
{
  g_autofree char *name = limn_printable (reader->name->str);

  return limn_file_error (error, reader->where, "the tensor “%s” %s; download the file again",
                          name, what);
}

static gboolean
read_type (Reader  *reader,
           Entry   *entry,
           GError **error)
{
  g_autofree char *shown = NULL;

  limn_json_string (&reader->json, reader->text);
  for (guint i = 0; !reader->json.failed && i < G_N_ELEMENTS (file_types); i++)
    if (strcmp (file_types[i].name, reader->text->str) == 0)
      {
        entry->type = &file_types[i];
        return TRUE;
      }
  if (reader->json.failed)
    return TRUE;
  shown = limn_printable (reader->text->str);
  g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
               "%s: tensors of the type “%s” are not supported; convert them to F16 or F32",
               reader->where, shown);
  return FALSE;
}

static gboolean
read_dims (Reader  *reader,
           Entry   *entry,
           GError **error)
{
  entry->n_dims = 0;
  limn_json_open (&reader->json, '[');
  while (limn_json_more (&reader->json, ']'))
    {
      if (entry->n_dims == LIMN_MAX_DIMS)
        return bad_tensor (reader, error, "has too many dimensions");
      entry->dims[entry->n_dims++] = limn_json_integer (&reader->json);
    }
  return TRUE;
}

static void
read_offsets (Reader *reader,
              Entry  *entry)
{
  guint64 offsets[3] = { 0 };

  entry->n_offsets = 0;
  limn_json_open (&reader->json, '[');
  while (entry->n_offsets < 3 && limn_json_more (&reader->json, ']'))
    offsets[entry->n_offsets++] = (guint64) limn_json_integer (&reader->json);
  entry->range = (Range){ offsets[0], offsets[1] };
}

static gboolean
read_entry (Reader  *reader,
            Entry   *entry,
            GError **error)
{
  int n_dims = -1;

  limn_json_open (&reader->json, '{');
  while (limn_json_more (&reader->json, '}'))
    {
      limn_json_key (&reader->json, reader->text);
      if (strcmp (reader->text->str, "dtype") == 0)
        {
          if (!read_type (reader, entry, error))
            return FALSE;
        }
      else if (strcmp (reader->text->str, "shape") == 0)
        {
          if (!read_dims (reader, entry, error))
            return FALSE;
          n_dims = entry->n_dims;
        }
      else if (strcmp (reader->text->str, "data_offsets") == 0)
        read_offsets (reader, entry);
      else
        limn_json_skip (&reader->json);
    }
  if (!reader->json.failed && (entry->type == NULL || n_dims < 0 || entry->n_offsets != 2))
    return bad_tensor (reader, error, "has no dtype, shape or data_offsets");
  return TRUE;
}

/* Whether the type and the dimensions need exactly the bytes that the offsets give; how many elements. */
static gboolean
check_entry (Reader      *reader,
             const Entry *entry,
             guint64     *n_elements,
             GError     **error)
{
  guint64 n = 1, bits;

  if (entry->range.begin > entry->range.end || entry->range.end > reader->size)
    return bad_tensor (reader, error, "lies outside the file");
  for (int i = 0; i < entry->n_dims; i++)
    if (!g_uint64_checked_mul (&n, n, (guint64) entry->dims[i]))
      return bad_tensor (reader, error, "is impossibly large");
  if (!g_uint64_checked_mul (&bits, n, (guint64) entry->type->bits))
    return bad_tensor (reader, error, "is impossibly large");
  if (bits % 8 != 0 || bits / 8 != entry->range.end - entry->range.begin)
    return bad_tensor (reader, error, "has other dimensions than its data");
  *n_elements = n;
  return TRUE;
}

static gboolean
add_entry (Reader      *reader,
           const Entry *entry,
           GError     **error)
{
  LimnWeight weight = { .type = entry->type->type, .n_dims = entry->n_dims };
  guint64    n_elements = 0;

  if (!check_entry (reader, entry, &n_elements, error))
    return FALSE;
  g_array_append_val (reader->ranges, entry->range);
  if (weight.type == LIMN_N_TYPES)
    {
      if (limn_weights_skipped (reader->weights, reader->name->str) != NULL)
        return bad_tensor (reader, error, "is there twice");
      limn_weights_skip (reader->weights, reader->name->str, entry->type->name);
      return TRUE;
    }
  memcpy (weight.dims, entry->dims, sizeof weight.dims);
  weight.n_elements = n_elements;
  weight.data = reader->data + entry->range.begin;
  weight.size = entry->range.end - entry->range.begin;
  weight.mapped = limn_source_is_mapped (reader->source);
  limn_weights_add (reader->weights, reader->name->str, &weight);
  return TRUE;
}

static void
read_metadata (Reader *reader)
{
  limn_json_open (&reader->json, '{');
  while (limn_json_more (&reader->json, '}'))
    {
      limn_json_key (&reader->json, reader->name);
      /* The format has strings only; some writers put other values there. */
      if (limn_json_peek (&reader->json) != '"')
        {
          limn_json_skip (&reader->json);
          continue;
        }
      limn_json_string (&reader->json, reader->text);
      if (!reader->json.failed)
        limn_weights_set_metadata (reader->weights, reader->name->str, reader->text->str);
    }
}

static int
compare_ranges (const void *a,
                const void *b)
{
  const Range *x = a, *y = b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end);
}

/* The tensors must fill the data, one after the other: nothing shared, nothing hidden between. */
static gboolean
check_ranges (Reader  *reader,
              GError **error)
{
  guint64 at = 0;

  g_array_sort (reader->ranges, compare_ranges);
  for (guint i = 0; i < reader->ranges->len; i++)
    {
      const Range *range = &g_array_index (reader->ranges, Range, i);

      if (range->begin != at)
        return limn_file_error (error, reader->where, "has tensors that %s; download it again",
                                range->begin < at ? "overlap" : "leave holes");
      at = range->end;
    }
  if (at != reader->size)
    return limn_file_error (error, reader->where,
                            "has %" G_GUINT64_FORMAT
                            " bytes that no tensor uses; download it again",
                            reader->size - at);
  return TRUE;
}

static gboolean
read_tensors (Reader  *reader,
              GError **error)
{
  limn_json_open (&reader->json, '{');
  while (limn_json_more (&reader->json, '}'))
    {
      Entry entry = { 0 };

      limn_json_key (&reader->json, reader->name);
      if (strcmp (reader->name->str, "__metadata__") == 0)
        {
          read_metadata (reader);
          continue;
        }
      if (!read_entry (reader, &entry, error))
        return FALSE;
      if (!reader->json.failed && !add_entry (reader, &entry, error))
        return FALSE;
    }
  limn_json_finish (&reader->json);
  if (reader->json.failed)
    return limn_file_error (error, reader->where,
                            "has a damaged header (at byte %" G_GSIZE_FORMAT
                            "); download it again",
                            (gsize) (reader->json.at - reader->json.start) + LENGTH_SIZE);
  return check_ranges (reader, error) && limn_weights_seal (reader->weights, error);
}

/* (transfer full): the header's text, copied: a file that shrinks meanwhile is an error, not a fault. */
static char *
read_header (LimnSource *source,
             gboolean    is_pickle,
             guint64    *size,
             GError    **error)
{
  const char      *where = limn_source_name (source);
  g_autofree char *header = NULL;
  gsize            length = 0;

  limn_source_data (source, &length);
  if (!limn_refuse_strangers (source, is_pickle, error))
    return NULL;
  if (length < LENGTH_SIZE + 2)
    return limn_file_error (error, where,
                            "is too short for a .safetensors file; download it again"),
           NULL;
  if (!limn_source_read (source, 0, size, sizeof *size, error))
    return NULL;
  *size = GUINT64_FROM_LE (*size);
  if (*size > MAX_HEADER)
    return limn_file_error (error, where,
                            "is no .safetensors file: its header would be %" G_GUINT64_FORMAT
                            " bytes",
                            *size),
           NULL;
  if (*size > length - LENGTH_SIZE)
    return limn_file_error (error, where, "ends inside its header; download it again"), NULL;
  header = g_try_malloc (MAX (*size, 1));
  if (header == NULL)
    return limn_file_error (error, where,
                            "has a header of %" G_GUINT64_FORMAT " bytes, too large for memory",
                            *size),
           NULL;
  if (!limn_source_read (source, LENGTH_SIZE, header, *size, error))
    return NULL;
  return g_steal_pointer (&header);
}

LimnWeights *
limn_safetensors_read (LimnSource *source,
                       gboolean    is_pickle,
                       GError    **error)
{
  guint64          header_size = 0;
  g_autofree char *header = read_header (source, is_pickle, &header_size, error);
  g_autoptr (LimnWeights) weights = limn_weights_new ();
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  Reader reader = {
    .source = source, .name = name, .text = text, .ranges = ranges, .weights = weights
  };
  gsize         size = 0;
  const guint8 *data = limn_source_data (source, &size);

  if (header == NULL)
    return NULL;
  reader.where = limn_source_name (source);
  reader.data = data + LENGTH_SIZE + header_size;
  reader.size = size - LENGTH_SIZE - header_size;
  limn_json_init (&reader.json, header, header_size);
  limn_weights_add_source (weights, source);
  if (!read_tensors (&reader, error))
    return NULL;
  return g_steal_pointer (&weights);
}
