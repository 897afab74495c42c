/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For whoever watches the server. /healthz: the process answers, do not
 * restart it. /readyz: send it requests; 503 while it starts or drains.
 */
#ifndef API_OPS_HEALTH_H
#define API_OPS_HEALTH_H

#include "base/status.h"

struct request;
struct response;

MUST_USE enum status ops_healthz(struct request *request,
                                 struct response *response);
MUST_USE enum status ops_readyz(struct request *request,
                                struct response *response);

#endif
