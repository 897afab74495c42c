/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers on their way in, wherever in the plain API they come: what the
 * questionnaire has to say of them, and of the consent that goes with them.
 */
#ifndef API_REST_BACKGROUND_H
#define API_REST_BACKGROUND_H

#include "api/rest/rest.h"

/*
 * The body's member `name` against the questionnaire, and "consent" against
 * the version it asks for. INVALID_FIELDS with what is wrong.
 */
MUST_USE enum status background_check(struct rest *rest, struct slice name);

/* What profile_change or a sign-up said, in words for who sent the answers. */
MUST_USE enum status background_explain(struct rest *rest, enum status status);

#endif
