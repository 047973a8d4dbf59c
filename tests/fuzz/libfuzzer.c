/* A target as libFuzzer calls it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  fuzz_target.run (data, size);
  return 0;
}
