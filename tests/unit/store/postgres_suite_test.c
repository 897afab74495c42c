/* SPDX-License-Identifier: Apache-2.0 */
/* The shared suite on PostgreSQL; what only it does is in the other files. */
#include "engine_suite.h"
#include "postgres_fixture.h"

#include "../check.h"
#include "crypto/init.h"

int main(void)
{
    struct engine_fixture fixture = {.name = "postgres"};
    struct postgres_fixture server;
    int failed;

    if (crypto_init() != STATUS_OK) {
        return 1;
    }
    if (!postgres_fixture_start(&server)) {
        print_message("1..0 # skipped: there is no PostgreSQL\n");
        return 0;
    }
    fixture.url = slice_from_cstr(server.url);
    failed = engine_suite_run(&fixture);
    postgres_fixture_stop(&server);
    return failed;
}
