// SPDX-License-Identifier: Apache-2.0
// Who may import whom in the theme, and that every word of it is translated.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import test from 'node:test';

import { THEME, filesIn } from './theme.mjs';

const SRC = join(THEME, 'src');
const CODE = /\.tsx?$/;

/** What a file imports, in any of the ways there are. */
function importsOf(file) {
  const text = readFileSync(file, 'utf8');
  return [
    ...text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*'([^']+)'/g),
  ].map(([, name]) => name);
}

const sources = (folder) =>
  filesIn(join(SRC, folder)).filter((file) => CODE.test(file));

/** "core/words" of an import by path, or the import as it is. */
const target = (file, name) =>
  name.startsWith('.') ? relative(SRC, join(dirname(file), name)) : name;

function breaches(folder, allowed) {
  return sources(folder).flatMap((file) =>
    importsOf(file)
      .map((name) => target(file, name))
      .filter((name) => !allowed(name, file))
      .map((name) => `${relative(SRC, file)} imports ${name}`),
  );
}

test('the_core_imports_nothing_but_itself', () => {
  const official = join('core', 'accounts');
  assert.deepEqual(
    breaches(
      'core',
      (name, file) =>
        name.startsWith('core/') ||
        (name === 'better-auth/react' && file.includes(official)),
    ),
    [],
  );
});

test('the_client_imports_the_core_and_no_screen', () => {
  assert.deepEqual(
    breaches('client', (name) =>
      /^(core\/|client(\/|$)|react$|@generated\/|@docusaurus\/|@bookplate\/)/.test(
        name,
      ),
    ),
    [],
  );
});

test('screens_import_what_a_swizzled_copy_of_them_could', () => {
  assert.deepEqual(
    [...breaches('theme', allowed), ...breaches('slots', allowed)],
    [],
  );
  function allowed(name, file) {
    const own = relative(SRC, file).split('/').slice(0, 3).join('/');
    return (
      /^(react(-dom)?$|@docusaurus\/|@generated\/|@theme(-init)?\/)/.test(
        name,
      ) ||
      /^docusaurus-theme-bookplate\/(client|core\/)/.test(name) ||
      name.startsWith(`${own}/`)
    );
  }
});

test('what_runs_in_node_imports_no_page', () => {
  const isOurs = (name) => /^(client|theme|slots)(\/|$)/.test(name);
  assert.deepEqual(
    breaches('build', (name) => !isOurs(name)),
    [],
  );
  for (const file of ['index.ts', 'options.ts']) {
    const names = importsOf(join(SRC, file)).map((name) =>
      target(join(SRC, file), name),
    );
    assert.deepEqual(names.filter(isOurs), []);
  }
});

/** Ids of what is said in a file: of <Translate> and of translate(). */
function idsIn(file) {
  const text = readFileSync(file, 'utf8');
  return [
    ...text.matchAll(/\bid(?:=|:\s*)\{?['"](theme\.bookplate\.[\w.-]+)['"]/g),
  ].map(([, id]) => id);
}

const said = new Set(
  ['theme', 'slots', 'client'].flatMap(sources).flatMap(idsIn),
);
/** `theme.bookplate.error.${code}`: the server's words, by their codes. */
const made = ['theme', 'slots', 'client', 'core']
  .flatMap(sources)
  .flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(
      /`(theme\.bookplate\.[\w.]+\.)\$\{/g,
    ),
  ])
  .map(([, prefix]) => prefix);
const LOCALES = join(THEME, 'locales');

for (const locale of existsSync(LOCALES) ? readdirSync(LOCALES) : ['ur']) {
  test(`every_word_is_translated_and_no_other: ${locale}`, () => {
    const texts = Object.assign(
      {},
      ...filesIn(join(LOCALES, locale)).map((file) =>
        JSON.parse(readFileSync(file, 'utf8')),
      ),
    );
    const missing = [...said].filter((id) => !texts[id]);
    const unused = Object.keys(texts).filter(
      (id) => !said.has(id) && !made.some((prefix) => id.startsWith(prefix)),
    );
    assert.deepEqual({ missing, unused }, { missing: [], unused: [] });
  });
}
