/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpoints of the plain API, a constant each, as routes.def names them.
 */
#ifndef API_REST_ENDPOINTS_H
#define API_REST_ENDPOINTS_H

#include "api/rest/rest.h"

/* account.c: /auth */
extern const struct rest_endpoint rest_sign_up;
extern const struct rest_endpoint rest_sign_in;
extern const struct rest_endpoint rest_refresh;
extern const struct rest_endpoint rest_sign_out;
extern const struct rest_endpoint rest_account;
extern const struct rest_endpoint rest_account_put;
extern const struct rest_endpoint rest_me;

/* offers.c: /api/offers */
extern const struct rest_endpoint rest_offers;

/* questionnaire.c: /api/questionnaire */
extern const struct rest_endpoint rest_questionnaire;

/* profile.c: /api/profile */
extern const struct rest_endpoint rest_profile;
extern const struct rest_endpoint rest_profile_put;
extern const struct rest_endpoint rest_profile_history;

/* admin_profile.c: /api/admin/profile */
extern const struct rest_endpoint rest_admin_profile;
extern const struct rest_endpoint rest_admin_profile_put;

/* export.c */
extern const struct rest_endpoint rest_export;

/* reader.c: /api/reader */
extern const struct rest_endpoint rest_reader;

/* progress.c */
extern const struct rest_endpoint rest_progress;
extern const struct rest_endpoint rest_progress_put;

/* service.c: /api/service */
extern const struct rest_endpoint rest_service_reader;
extern const struct rest_endpoint rest_service_readers;

/* manual/serve.c: what all of this is */
extern const struct rest_endpoint rest_document;
extern const struct rest_endpoint rest_page;

#endif
