/* Files that are neither safetensors nor GGUF, and what to do about them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/weights-private.h"

typedef struct
{
  const char *magic;
  gsize       size;
  const char *what;
} Stranger;

#define PICKLE                                                                                 \
  "is a pickled checkpoint, which can run code when it is opened, so it is not read; convert " \
  "it once: python3 -c "                                                                       \
  "\"import torch,sys;from safetensors.torch import "                                          \
  "save_file;d=torch.load(sys.argv[1],'cpu',weights_only=True);"                               \
  "save_file({k:v.clone().contiguous() for k,v in d.get('state_dict',d).items() if "           \
  "torch.is_tensor(v)},"                                                                       \
  "sys.argv[2])\" OLD NEW.safetensors"

static const Stranger strangers[] = {
  { "PK\3\4", 4, PICKLE },
  { "\x80\2", 2, PICKLE },
  { "\x80\3", 2, PICKLE },
  { "\x80\4", 2, PICKLE },
  { "\x80\5", 2, PICKLE },
  { "\x89HDF\r\n\x1a\n", 8, "is a Keras (HDF5) model, which is not supported; use the model's .safetensors files" },
  { "version https://git-lfs", 23, "is a git-lfs pointer, not the model itself; run “git lfs pull” where it was cloned" },
};

gboolean
limn_looks_pickled (LimnSource *source)
{
  gsize  size = 0;
  guint8 start[32] = { 0 };

  limn_source_data (source, &size);
  if (!limn_source_read (source, 0, start, MIN (size, sizeof start), NULL) || start[8] == '{')
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    if (g_str_equal (strangers[i].what, PICKLE) && memcmp (start, strangers[i].magic, strangers[i].size) == 0)
      return TRUE;
  return FALSE;
}

gboolean
limn_refuse_strangers (LimnSource *source,
                       gboolean    is_pickle,
                       GError    **error)
{
  gsize       size = 0;
  guint8      start[32] = { 0 };
  const char *what = is_pickle ? PICKLE : NULL;

  limn_source_data (source, &size);
  if (!limn_source_read (source, 0, start, MIN (size, sizeof start), error))
    return FALSE;
  /* A header's length may begin with the bytes of a pickle; a pickle has no brace after its eighth byte. */
  for (guint i = 0; what == NULL && start[8] != '{' && i < G_N_ELEMENTS (strangers); i++)
    if (memcmp (start, strangers[i].magic, strangers[i].size) == 0)
      what = strangers[i].what;
  if (what != NULL)
    g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED, "%s: %s",
                 limn_source_name (source), what);
  return what == NULL;
}
