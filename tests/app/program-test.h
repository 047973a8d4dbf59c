/* Drives the program itself: runs it in a folder of its own and keeps what it says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

typedef struct
{
  char *folder; /* empty at the beginning; removed at the end */
} ProgramPlace;

typedef struct
{
  int   code; /* exit code; negative: the signal */
  char *out, *err;
} ProgramRan;

void program_ran_clear (ProgramRan *ran);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ProgramRan, program_ran_clear)

void program_set_up (ProgramPlace *place,
                     gconstpointer data);

void program_tear_down (ProgramPlace *place,
                        gconstpointer data);

/* Removes @folder and all in it. */
void program_remove_all (const char *folder);

int program_count_files (const char *folder);

/* @arguments after the program's name; FOLDER stands for the test's folder, which is also where it runs. */
char **program_arguments (const ProgramPlace *place,
                          const char *const  *arguments);

ProgramRan program_run_with (const ProgramPlace  *place,
                             GSpawnChildSetupFunc prepare,
                             const char *const   *arguments);

ProgramRan program_run (const ProgramPlace *place,
                        const char *const  *arguments);

/* One line, from us, that holds @why; and no fact on standard output. */
void program_assert_failed (const ProgramRan *ran,
                            int               code,
                            const char       *why);

gboolean program_have_starter (void);

#define PROGRAM_RUN(place, ...) program_run (place, (const char *const[]){ __VA_ARGS__, NULL })
