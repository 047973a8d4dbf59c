/* A maker in limn-engine's place that does what the test says, when it says so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/queue/maker.h"

/* Pixels of a picture's side. */
#define TEST_MAKER_SIDE 160

#define TEST_TYPE_MAKER (test_maker_get_type ())
G_DECLARE_FINAL_TYPE (TestMaker, test_maker, TEST, MAKER, GObject)

/* One picture at a time is asked for. */
struct _TestMaker
{
  GObject       parent;
  GTask        *task; /* nullable: nothing is asked for */
  LimnEngineJob job;  /* as asked for */
  gint64        seed;
  char         *resumed; /* nullable */
  gboolean      held;
  int           made;
};

/* Tells how far it is. @state: (nullable): what is kept */
void test_maker_tell (TestMaker  *maker,
                      const char *stage,
                      int         step,
                      const char *state);

/* Answers what is asked for: with a picture that is another one for every seed and hard to pack, or an error. */
void test_maker_answer_made (TestMaker *maker);
void test_maker_answer_failed (TestMaker *maker);
