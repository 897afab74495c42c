/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the rest of crypto/ usable. Call it once, first thing in main, before
 * there are threads; nothing else in this folder may run before it.
 *
 * It never reads a configuration file: what the machine's openssl.cnf says
 * does not change which algorithms this server uses.
 */
#ifndef CRYPTO_INIT_H
#define CRYPTO_INIT_H

#include "base/status.h"

/* Calling it again does nothing. STATUS_INTERNAL: OpenSSL lacks something. */
MUST_USE enum status crypto_init(void);

#endif
