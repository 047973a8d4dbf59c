/* A library in a folder of its own, and pictures to put into it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/library/library.h"

typedef struct
{
  char        *folder, *path;
  LimnLibrary *library;
} LibraryPlace;

void library_set_up (LibraryPlace *place,
                     gconstpointer data);
void library_tear_down (LibraryPlace *place,
                        gconstpointer data);

/* Closes the library, and waits until its file is let go. */
void library_close (LibraryPlace *place);
void library_reopen (LibraryPlace *place);

/* A PNG of its own for each @number, with @prompt (nullable) and seed @number in it. */
GBytes *library_make_png (int         number,
                          int         width,
                          int         height,
                          const char *prompt);

/* Adds such a picture of 8 × 8. Returns: its number in the library */
gint64 library_add (LimnLibrary *library,
                    int          number,
                    const char  *prompt);

void library_edit (LimnLibrary *library,
                   LimnEditKind kind,
                   int          value,
                   const char  *text,
                   gint64       id);

/* Asserts that nothing is wrong. Returns: how many pictures there are */
gint64 library_check (LimnLibrary *library);

/* Returns: the numbers found, like "3 1" */
char *library_find (LimnLibrary *library,
                    const char  *query,
                    const char  *order);
