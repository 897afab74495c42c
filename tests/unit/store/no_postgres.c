/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for the other engine where only SQLite is tested. */
#include "store/engine.h"

const struct store_engine store_postgres = {.dialect = QUERY_POSTGRES};
