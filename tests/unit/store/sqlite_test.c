/* SPDX-License-Identifier: Apache-2.0 */
/* The shared suite on SQLite; what only SQLite does is in the other files. */
#include "../http/folder.h"
#include "engine_suite.h"

int main(void)
{
    struct engine_fixture fixture = {.name = "sqlite"};
    char url[512];
    int failed;

    if (folder_set_up(NULL) != 0) {
        return 1;
    }
    snprintf(url, sizeof(url), "sqlite://%s/data/suite.db", folder);
    fixture.url = slice_from_cstr(url);
    failed = engine_suite_run(&fixture);
    return folder_tear_down(NULL) == 0 ? failed : 1;
}
