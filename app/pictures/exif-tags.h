/* Numbers of EXIF's fields and types that are read and written here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* TIFF 6.0, section 2 */
enum
{
  LIMN_EXIF_ASCII = 2,
  LIMN_EXIF_SHORT = 3,
  LIMN_EXIF_LONG = 4,
  LIMN_EXIF_UNDEFINED = 7
};

/* EXIF 2.3, 4.6.4 and 4.6.5 */
enum
{
  LIMN_EXIF_DESCRIPTION = 0x010e,
  LIMN_EXIF_MAKE = 0x010f,
  LIMN_EXIF_MODEL = 0x0110,
  LIMN_EXIF_ORIENTATION = 0x0112,
  LIMN_EXIF_TABLE = 0x8769,
  LIMN_EXIF_VERSION = 0x9000,
  LIMN_EXIF_MAKER_NOTE = 0x927c,
  LIMN_EXIF_USER_COMMENT = 0x9286
};
