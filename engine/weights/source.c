/* The bytes that tensors lie in: a mapped file, or memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/weights-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct _LimnSource
{
  gatomicrefcount refs;
  char           *name;
  GBytes         *bytes;
  int             fd;     /* -1: memory */
  struct stat     opened; /* as the file was then */
};

static LimnSource *
source_new (const char *name)
{
  LimnSource *source = g_new0 (LimnSource, 1);

  g_atomic_ref_count_init (&source->refs);
  source->name = limn_printable (name);
  source->fd = -1;
  return source;
}

LimnSource *
limn_source_open (const char *path,
                  GError    **error)
{
  g_autoptr (LimnSource) source = source_new (path);
  g_autoptr (GMappedFile) mapped = NULL;
  g_autoptr (GError) failed = NULL;

  /* O_NONBLOCK: opening a pipe that nobody writes to would wait for ever. */
  source->fd = g_open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0);
  if (source->fd < 0 || fstat (source->fd, &source->opened) != 0)
    return limn_file_error (error, source->name, "cannot be opened: %s", g_strerror (errno)), NULL;
  if (!S_ISREG (source->opened.st_mode))
    return limn_file_error (error, source->name,
                            "is not a file; a .safetensors or .gguf file or a model folder is needed"),
           NULL;
  if (source->opened.st_size == 0)
    return limn_file_error (error, source->name, "is empty; download it again"), NULL;

  mapped = g_mapped_file_new_from_fd (source->fd, FALSE, &failed);
  if (mapped == NULL)
    return limn_file_error (error, source->name, "cannot be mapped: %s", failed->message), NULL;
  /* It may have been cut between the two looks at its size. */
  if (g_mapped_file_get_length (mapped) != (gsize) source->opened.st_size)
    return limn_file_error (error, source->name,
                            "is being written; try again when that is done"),
           NULL;
  source->bytes = g_mapped_file_get_bytes (mapped);
  return g_steal_pointer (&source);
}

LimnSource *
limn_source_new_from_bytes (GBytes *bytes)
{
  LimnSource *source = source_new ("memory");

  source->bytes = g_bytes_ref (bytes);
  return source;
}

LimnSource *
limn_source_ref (LimnSource *source)
{
  g_atomic_ref_count_inc (&source->refs);
  return source;
}

void
limn_source_unref (LimnSource *source)
{
  if (!g_atomic_ref_count_dec (&source->refs))
    return;
  g_clear_pointer (&source->bytes, g_bytes_unref);
  if (source->fd >= 0)
    close (source->fd);
  g_free (source->name);
  g_free (source);
}

const char *
limn_source_name (const LimnSource *source)
{
  return source->name;
}

const guint8 *
limn_source_data (const LimnSource *source,
                  gsize            *size)
{
  return g_bytes_get_data (source->bytes, size);
}

static gboolean
read_file (const LimnSource *source,
           gsize             offset,
           guint8           *to,
           gsize             size,
           GError          **error)
{
  while (size > 0)
    {
      gssize n = pread (source->fd, to, size, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return limn_file_error (error, source->name, "cannot be read: %s", g_strerror (errno));
      if (n == 0)
        return limn_file_error (error, source->name, "became shorter while it was read; try again");
      to += n;
      offset += (gsize) n;
      size -= (gsize) n;
    }
  return TRUE;
}

gboolean
limn_source_read (const LimnSource *source,
                  gsize             offset,
                  void             *to,
                  gsize             size,
                  GError          **error)
{
  gsize         length = 0;
  const guint8 *data = limn_source_data (source, &length);

  if (offset > length || size > length - offset)
    return limn_file_error (error, source->name, "ends too early; download it again");
  if (source->fd >= 0)
    return read_file (source, offset, to, size, error);
  if (size > 0)
    memcpy (to, data + offset, size);
  return TRUE;
}

gboolean
limn_source_is_mapped (const LimnSource *source)
{
  return source->fd >= 0;
}

gboolean
limn_source_release (const LimnSource *source,
                     const guint8     *begin,
                     gsize             size)
{
  gsize         length = 0;
  const guint8 *data = limn_source_data (source, &length);
  gsize         page = (gsize) sysconf (_SC_PAGESIZE);
  gsize         first, last;

  if (data == NULL || begin < data || begin >= data + length)
    return FALSE;
  /* Memory would be zeroed, not read again. */
  if (source->fd < 0)
    return TRUE;
  first = ((gsize) (begin - data) + page - 1) / page * page;
  last = MIN ((gsize) (begin - data) + size, length);
  /* The end of a file does not fill its page, and nothing else lies there. */
  if (last < length)
    last = last / page * page;
  if (first < last)
    madvise ((void *) (data + first), last - first, MADV_DONTNEED);
  return TRUE;
}

gboolean
limn_source_check (const LimnSource *source,
                   GError          **error)
{
  const struct stat *then = &source->opened;
  struct stat        now;

  if (source->fd < 0)
    return TRUE;
  if (fstat (source->fd, &now) != 0)
    return limn_file_error (error, source->name, "cannot be looked at: %s", g_strerror (errno));
  if (now.st_size != then->st_size || now.st_mtim.tv_sec != then->st_mtim.tv_sec || now.st_mtim.tv_nsec != then->st_mtim.tv_nsec)
    return limn_file_error (error, source->name,
                            "was changed while it was in use; open the model again");
  return TRUE;
}

char *
limn_file_read (const char *path,
                gsize       limit,
                gsize      *size,
                GError    **error)
{
  g_autoptr (LimnSource) source = limn_source_open (path, error);
  g_autofree char *text = NULL;

  if (source == NULL)
    return NULL;
  limn_source_data (source, size);
  if (*size > limit)
    return limn_file_error (error, source->name,
                            "is %" G_GSIZE_FORMAT " bytes, more than such a file can be",
                            *size),
           NULL;
  text = g_malloc0 (*size + 1);
  return limn_source_read (source, 0, text, *size, error) ? g_steal_pointer (&text) : NULL;
}
