/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSONTestSuite: every file whose name begins with y_ is read, every n_ is
 * refused, and i_ may go either way but must not crash. The corpus is not part
 * of the repository; without it the test says so and is skipped.
 */
#include "codec_check.h"

#include "codec/json_read.h"

#include <dirent.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_MAX   (1 << 20)
#define SUITE_SIZE 318

/* Accepted by the grammar, refused here on purpose. */
static const char *const twice[] = {"y_object_duplicated_key.json",
                                    "y_object_duplicated_key_and_value.json"};

static bool run(char *const *command)
{
    extern char **environ;
    pid_t child;
    int status = -1;

    if (posix_spawnp(&child, command[0], NULL, NULL, command, environ) != 0) {
        return false;
    }
    return waitpid(child, &status, 0) == child && status == 0;
}

static struct slice read_file(const char *folder, const char *name)
{
    static char bytes[FILE_MAX];
    char path[512];
    size_t len;
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    len = fread(bytes, 1, sizeof(bytes), file);
    assert_true(len < sizeof(bytes));
    (void)fclose(file);
    return slice_make(bytes, len);
}

static bool is_listed(const char *name)
{
    return strcmp(name, twice[0]) == 0 || strcmp(name, twice[1]) == 0;
}

static void check_file(const char *folder, const char *name)
{
    struct json_limits limits = {
        .bytes = FILE_MAX, .values = FILE_MAX, .nul_allowed = true};
    struct slice text = alone(read_file(folder, name));
    const struct json *json;
    enum status status = json_parse(&arena, text, limits, &json);
    bool want = name[0] == 'y' && !is_listed(name);

    alone_end(text);
    arena_reset(&arena);
    if (name[0] != 'i' && (status == STATUS_OK) != want) {
        print_error("%s was %s\n", name, want ? "refused" : "accepted");
        fail();
    }
}

static size_t check_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    size_t count = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            check_file(folder, entry->d_name);
            count++;
        }
    }
    (void)closedir(dir);
    return count;
}

static void reads_the_suite_as_it_says(void **state)
{
    const char *root = getenv("PROJECT_ROOT");
    char archive[512];
    char folder[] = "/tmp/json-suite-XXXXXX";
    char inner[64];

    (void)state;
    (void)snprintf(archive, sizeof(archive),
                   "%s/../shared/data/corpora/json-test-suite.tar.gz",
                   root == NULL ? "." : root);
    if (access(archive, R_OK) != 0) {
        print_message("# the JSONTestSuite corpus is not there: skipped\n");
        return;
    }
    assert_non_null(mkdtemp(folder));
    assert_true(run((char *[]){"tar", "-xzf", archive, "-C", folder, NULL}));
    (void)snprintf(inner, sizeof(inner), "%s/test_parsing", folder);
    assert_int_equal(check_folder(inner), SUITE_SIZE);
    assert_true(run((char *[]){"rm", "-r", folder, NULL}));
}

RUN_TESTS(TEST(reads_the_suite_as_it_says))
