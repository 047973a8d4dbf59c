/* libpng's way of failing (a long jump) kept in one place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pictures/png-guard.h"

#include <setjmp.h>

#include "app/error.h"
#include "app/pictures/decoded.h"

#define MAX_CHUNKS 4096
#define MAX_CHUNK_BYTES (16 * 1024 * 1024)

static void
on_error (png_structp png,
          const char *message)
{
  GError **error = png_get_error_ptr (png);

  /* An empty message: the caller has said why. */
  if (*message != '\0' || *error == NULL)
    g_clear_error (error);
  if (*error == NULL)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_FORMAT, "%s", message);
  png_longjmp (png, 1);
}

/* Warnings are about chunks that nothing here reads, or that were left out for being damaged. */
static void
on_warning (png_structp png,
            const char *message)
{
}

png_structp
limn_png_guard_reader (GError **error)
{
  png_structp png = png_create_read_struct (PNG_LIBPNG_VER_STRING, error, on_error, on_warning);

  if (png == NULL)
    return NULL;

  png_set_user_limits (png, LIMN_PICTURE_MAX_SIDE, LIMN_PICTURE_MAX_SIDE);
  png_set_chunk_cache_max (png, MAX_CHUNKS);
  png_set_chunk_malloc_max (png, MAX_CHUNK_BYTES);
  png_set_benign_errors (png, 1);
  return png;
}

png_structp
limn_png_guard_writer (GError **error)
{
  return png_create_write_struct (PNG_LIBPNG_VER_STRING, error, on_error, on_warning);
}

gboolean
limn_png_try (png_structp png,
              LimnPngFunc func,
              gpointer    data)
{
  if (setjmp (png_jmpbuf (png)) != 0)
    return FALSE;

  func (png, data);
  return TRUE;
}
