/* SPDX-License-Identifier: Apache-2.0 */
/* What stands at "/" while SITE_DIR names no book. */
#ifndef APP_START_PAGE_H
#define APP_START_PAGE_H

#include "base/slice.h"

extern const struct slice start_page;

#endif
