/* Fuzz target: GGUF files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

static gboolean
run (const guint8 *data,
     gsize         size)
{
  static const guint8 magic[] = "GGUF";
  GByteArray         *file = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnWeights) weights = NULL;

  /* Without it, it would be no file of this kind. */
  g_byte_array_append (file, magic, sizeof magic - 1);
  g_byte_array_append (file, data, size);
  bytes = g_byte_array_free_to_bytes (file);
  weights = limn_weights_new_from_bytes (bytes, &error);
  fuzz_check_error (weights == NULL, &error);
  if (weights == NULL)
    return FALSE;
  fuzz_use_weights (weights);
  return TRUE;
}

#define U32(n) n "\0\0\0"
#define U64(n) n "\0\0\0\0\0\0\0"

/* Two values and a tensor of each: F32 [2], Q8_0 [1, 32], I64 [1]. */
static const char values[] = U32 ("\3") U64 ("\3") U64 ("\3")
    U64 ("\x11") "general.alignment" U32 ("\4") U32 ("\x8")
        U64 ("\4") "name" U32 ("\x8") U64 ("\3") "abc" U64 ("\4") "list" U32 ("\x9") U32 ("\x8") U64 ("\2") U64 ("\1") "x" U64 ("\0")
            U64 ("\1") "f" U32 ("\1") U64 ("\2") U32 ("\0") U64 ("\0")
                U64 ("\1") "q" U32 ("\2") U64 ("\x20") U64 ("\1") U32 ("\x8") U64 ("\x8")
                    U64 ("\1") "i" U32 ("\1") U64 ("\1") U32 ("\x1b") U64 ("\x30") "        "
                                                                                   "ffffFFFF"
                                                                                   "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
                                                                                   "      "
                                                                                   "iiiiiiii";

/* ComfyUI's original shape of a tensor of blocks; a value of each other type. */
static const char shapes[] = U32 ("\3") U64 ("\1") U64 ("\4")
    U64 ("\x17") "comfy.gguf.orig_shape.w" U32 ("\x9") U32 ("\5") U64 ("\2") U32 ("\x10") U32 ("\x2")
        U64 ("\1") "b" U32 ("\7") "\1" U64 ("\1") "d" U32 ("\xc") "\0\0\0\0\0\0\xf0\x3f" U64 ("\1") "u" U32 ("\xa") U64 ("\5")
            U64 ("\1") "w" U32 ("\2") U64 ("\x20") U64 ("\1") U32 ("\2") U64 ("\0") "                                "
                                                                                    "444444444444444444"
                                                                                    "              ";

static const FuzzSeed seeds[] = {
  { "values", values, sizeof values - 1 },
  { "shapes", shapes, sizeof shapes - 1 },
  { NULL, NULL, 0 }
};

const FuzzTarget fuzz_target = { "gguf", seeds, run };
