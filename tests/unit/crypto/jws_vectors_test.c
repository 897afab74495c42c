/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Project Wycheproof's vectors for JWS and JWK, where they are to be found.
 * What is valid under one of our algorithms must be taken, what is invalid
 * must be refused, by the key's import or by the token's check. Valid vectors
 * of other algorithms are refused, and counted. "acceptable" may go either way.
 */
#include "../check.h"

#include "codec/json_read.h"
#include "crypto/init.h"
#include "crypto/jws.h"

#define FILE_LIMIT ((size_t)4 << 20)

struct tally {
    unsigned taken;
    unsigned refused;
    unsigned foreign; /* valid, in an algorithm that is not ours */
    unsigned wrong;
};

static struct arena arena;

/* The unpacked file, or an empty slice when it is not there. */
static struct slice unpack(const char *name)
{
    const char *root = getenv("PROJECT_ROOT");
    char command[1024];
    char *bytes = arena_alloc(&arena, FILE_LIMIT);
    size_t len;
    FILE *pipe;

    assert_non_null(bytes);
    (void)snprintf(command, sizeof(command),
                   "gzip -dc '%s/../shared/data/corpora/%s' 2>/dev/null",
                   root == NULL ? "." : root, name);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    len = fread(bytes, 1, FILE_LIMIT, pipe);
    (void)pclose(pipe);
    return slice_make(bytes, len);
}

static struct slice text_of(const struct json *json, const char *name)
{
    struct slice text = SLICE_EMPTY;

    return json_text(json_get(json, slice_from_cstr(name)), &text) == STATUS_OK
               ? text
               : SLICE_EMPTY;
}

static bool verifies(const struct json *jwk, struct slice token)
{
    struct arena scratch;
    struct slice payload;
    struct key *key = NULL;
    struct jws jws;
    bool good;

    arena_init(&scratch, (size_t)1 << 20);
    good = key_from_jwk(jwk, SLICE_EMPTY, &key) == STATUS_OK &&
           jws_parse(token, &scratch, &jws) == STATUS_OK &&
           jws_verify(&jws, key, &scratch, &payload) == STATUS_OK;
    key_free(key);
    arena_release(&scratch);
    return good;
}

static bool is_ours(const struct json *jwk)
{
    struct slice algorithm = text_of(jwk, "alg");

    return slice_equal(algorithm, SLICE("RS256")) ||
           slice_equal(algorithm, SLICE("ES256")) ||
           slice_equal(algorithm, SLICE("EdDSA"));
}

static void run_vector(const struct json *jwk, const struct json *test,
                       struct tally *tally)
{
    struct slice result = text_of(test, "result");
    bool taken = verifies(jwk, text_of(test, "jws"));
    bool wrong = false;

    if (slice_equal(result, SLICE("valid"))) {
        wrong = is_ours(jwk) && !taken;
        tally->foreign += !is_ours(jwk);
    } else if (slice_equal(result, SLICE("invalid"))) {
        wrong = taken;
    }
    tally->taken += taken;
    tally->refused += !taken;
    tally->wrong += wrong;
    if (wrong) {
        int64_t id = 0;
        struct slice comment = text_of(test, "comment");

        check_ok(json_int64(json_get(test, SLICE("tcId")), &id));
        print_message("# vector %d (%.*s) is %.*s\n", (int)id,
                      SLICE_ARG(comment), SLICE_ARG(result));
    }
}

/* A key alone, or the first of a set: only foreign sets have more. */
static const struct json *key_of(const struct json *group)
{
    const struct json *key = json_get(group, SLICE("public"));
    const struct json *set;

    if (key == NULL) {
        key = json_get(group, SLICE("private"));
    }
    set = json_get(key, SLICE("keys"));
    return set == NULL ? key : json_at(set, 0);
}

/* False: the file is not there, which is said. */
static bool run_file(const char *name, struct tally *tally)
{
    const struct json_limits limits = {.bytes = FILE_LIMIT, .values = 100000};
    const struct json *root;
    const struct json *groups;
    struct slice text = unpack(name);

    if (text.len == 0) {
        print_message("# skipped: %s is not there\n", name);
        return false;
    }
    check_ok(json_parse(&arena, text, limits, &root));
    groups = json_get(root, SLICE("testGroups"));
    for (size_t i = 0; i < json_count(groups); i++) {
        const struct json *group = json_at(groups, i);
        const struct json *tests = json_get(group, SLICE("tests"));

        for (size_t j = 0; j < json_count(tests); j++) {
            run_vector(key_of(group), json_at(tests, j), tally);
        }
    }
    print_message("# %s: %u taken, %u refused, of which %u valid in other "
                  "algorithms\n",
                  name, tally->taken, tally->refused, tally->foreign);
    return true;
}

static void signatures_of_wycheproof(void **state)
{
    struct tally tally = {0};

    (void)state;
    if (run_file("wycheproof-json_web_signature_test.json.gz", &tally)) {
        assert_int_equal(tally.wrong, 0);
        assert_true(tally.taken > 0 && tally.refused > 0);
    }
}

static void keys_of_wycheproof(void **state)
{
    struct tally tally = {0};

    (void)state;
    if (run_file("wycheproof-json_web_key_test.json.gz", &tally)) {
        assert_int_equal(tally.wrong, 0);
        assert_true(tally.refused > 0);
    }
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 4 * FILE_LIMIT);
    check_ok(crypto_init());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_of_wycheproof),
        cmocka_unit_test(keys_of_wycheproof),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
