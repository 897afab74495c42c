/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the path of a request to the name a site's table knows it by.
 *
 * Never repairs: a "%" without two hexadecimal digits, an encoded slash,
 * backslash or control byte is refused, so what is left has the segments it
 * seems to have. Dot segments and empty ones are left alone: no table has
 * names with them.
 */
#ifndef HTTP_SITE_PATH_H
#define HTTP_SITE_PATH_H

#include "base/status.h"

/*
 * STATUS_NOT_FOUND for what cannot be a name. *name points into `path` when
 * nothing is encoded, else into `room`, which holds at least path.len bytes.
 */
MUST_USE enum status site_path_decode(struct slice path, char *room,
                                      struct slice *name);

#endif
