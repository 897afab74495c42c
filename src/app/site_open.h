/* SPDX-License-Identifier: Apache-2.0 */
/* The book of SITE_DIR, as the settings want it. */
#ifndef APP_SITE_OPEN_H
#define APP_SITE_OPEN_H

#include "app/config.h"
#include "http/site.h"

/* *out stays NULL without a book. *why is one line for the operator. */
MUST_USE enum status site_open(const struct config *config, struct arena *arena,
                               struct slice *why, struct site **out);

#endif
