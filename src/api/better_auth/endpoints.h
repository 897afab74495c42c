/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The handlers and inputs that rows AUTH of routes.def name.
 */
#ifndef API_BETTER_AUTH_ENDPOINTS_H
#define API_BETTER_AUTH_ENDPOINTS_H

#include "api/better_auth/visit.h"

#define AUTH(method, path, handler, who, asked, plugin)                        \
    enum status handler(struct visit *visit);                                  \
    extern const struct input asked;
#include "api/routes.def"

#endif
