// SPDX-License-Identifier: Apache-2.0
// The theme as npm would deliver it, on the oldest and the newest Docusaurus it
// is made for: pages, the script in their head, variants, book.json.
import Ajv from 'ajv';
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';

import { OUT, alone, run, unlessFresh, withNode20 } from '../book/builds.mjs';
import { HERE, ROOT, THEME, fromTheme } from './theme.mjs';

const NAME = 'docusaurus-theme-bookplate';
const SITES = join(HERE, 'sites');

/** The packed theme, unpacked where the site's Docusaurus looks for it. */
async function deliver(site) {
  const packed = join(OUT, 'packed');
  const folder = join(site, 'node_modules', NAME);
  mkdirSync(packed, { recursive: true });
  const said = await run('npm', ['pack', THEME, '--json', '--silent'], {
    cwd: packed,
  });
  const [{ filename }] = JSON.parse(said.slice(said.indexOf('[')));
  await run('tar', ['-xzf', filename], { cwd: packed });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  cpSync(join(packed, 'package'), folder, { recursive: true });
  rmSync(join(packed, 'package'), { recursive: true });
}

/** Builds a site, unless nothing it is made of changed since. */
async function build(name) {
  const site = join(SITES, name);
  const folder = join(OUT, `theme-${name}`);
  await alone(async () => {
    await run(join(ROOT, 'tools', 'npm-packages'), [site]);
    await unlessFresh(`theme-${name}`, [THEME, site], async () => {
      await deliver(site);
      // The bundler takes what is in node_modules for unchanging.
      for (const kept of ['.docusaurus', 'node_modules/.cache']) {
        rmSync(join(site, kept), { recursive: true, force: true });
      }
      const args = ['build', '--no-minify', '--out-dir', folder];
      await run(...withNode20('npx', 'docusaurus', ...args), { cwd: site });
    });
  });
  return folder;
}

const { parse } = fromTheme('parse5');
const read = (...path) => readFileSync(join(...path), 'utf8');

function elements(node, like, found = []) {
  if (node.attrs && like(node)) {
    found.push(node);
  }
  (node.childNodes ?? []).forEach((child) => elements(child, like, found));
  return found;
}

const attribute = (node, name) =>
  node.attrs.find((attr) => attr.name === name)?.value;
const withAttribute = (html, name) =>
  elements(parse(html), (node) => attribute(node, name) !== undefined).map(
    (node) => attribute(node, name),
  );

const PAGES = [
  'sign-in',
  'sign-up',
  'forgot-password',
  'reset-password',
  'verify-email',
  'welcome',
  'account',
  'dashboard',
];

function checkSite(folder, page) {
  for (const name of PAGES) {
    const file = [`${name}.html`, `${name}/index.html`]
      .map((path) => join(folder, path))
      .find(existsSync);
    assert.ok(file, name);
    assert.ok(read(file).includes('<main') || read(file).includes('main'));
  }
  const html = read(folder, page);
  assert.match(
    html,
    /<head>[^]*localStorage\.getItem\("bookplate:[^]*<\/head>/,
  );
  assert.deepEqual(withAttribute(html, 'data-bookplate-for').slice(0, 2), [
    'level:beginner',
    'level:intermediate level:expert',
  ]);
  assert.match(html, /custom-bookplate|bookplate-account|sign-in/);
}

const validate = new Ajv({ allErrors: true }).compile(
  JSON.parse(read(ROOT, 'docs', 'book.schema.json')),
);

/** Where the page of a route was written. */
function pageOf(folder, route, base) {
  const path = route.slice(base.length).replace(/\/$/, '');
  return [`${path}.html`, join(path, 'index.html')]
    .map((file) => join(folder, file))
    .find((file) => !file.endsWith('/.html') && existsSync(file));
}

function checkBook(folder, base) {
  const book = JSON.parse(read(folder, 'bookplate', 'book.json'));
  assert.ok(validate(book), JSON.stringify(validate.errors, null, 1));
  const sections = book.documents.flatMap((document) => document.sections);
  const ids = sections.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'every id once');
  for (const { route, sections: own } of book.documents) {
    const anchors = withAttribute(read(pageOf(folder, route, base)), 'id');
    own
      .filter(({ anchor }) => anchor !== '')
      .forEach(({ anchor }) =>
        assert.equal(
          anchors.filter((id) => id === anchor).length,
          1,
          `${route}#${anchor}`,
        ),
      );
  }
  return book;
}

test('docusaurus_3_9_with_react_18', async () => {
  const folder = await build('old');
  checkSite(folder, 'index.html');
  const book = checkBook(folder, '/');
  assert.equal(book.base_url, '/');
  assert.deepEqual(
    book.documents.map(({ id }) => id),
    ['index', 'second', 'third'].map((id) => `default/current/${id}`),
  );
  const { version } = JSON.parse(
    read(SITES, 'old', 'node_modules', 'react', 'package.json'),
  );
  assert.match(version, /^18\./);
});

test('docusaurus_3_10_with_react_19_in_all_its_parts', async () => {
  const folder = await build('new');
  checkSite(folder, 'next.html');
  const book = checkBook(folder, '/book/');
  assert.equal(book.base_url, '/book/');
  assert.deepEqual(
    book.documents.map(({ id, route }) => [id, route]),
    [
      ['default/current/intro', '/book/next/'],
      ['default/current/nodes', '/book/next/nodes'],
      ['default/1.0/intro', '/book/'],
      ['guide/current/index', '/book/guide/'],
    ],
  );
  const [intro, nodes] = book.documents;
  assert.deepEqual(intro.front_matter, {
    bookplate: { concepts: ['robots'], minutes: 5 },
    tags: ['start'],
  });
  assert.deepEqual(
    intro.sections[1].variants.map(({ conditions }) => conditions),
    [
      [{ any: ['level:beginner'], fallback: true }],
      [{ any: ['level:intermediate', 'level:expert'], fallback: false }],
      [{ any: ['devices:jetson'], fallback: false }],
    ],
  );
  assert.deepEqual(
    nodes.sections.map(({ anchor }) => anchor),
    ['', 'set-up', 'set-up-1', 'set-up-beginner'],
  );
  assert.equal(nodes.sections[1].code[0].text, 'print("one")\n\nprint("two")');
});

test('each_language_has_a_book_with_the_same_ids', async () => {
  const folder = await build('new');
  const english = checkBook(folder, '/book/');
  const urdu = checkBook(join(folder, 'ur'), '/book/ur/');
  assert.equal(urdu.locale, 'ur');
  assert.equal(urdu.base_url, '/book/');
  const ids = ({ documents }) => documents.map(({ id }) => id);
  assert.deepEqual(ids(urdu), ids(english));
  assert.equal(urdu.documents[0].title, 'پہلا صفحہ');
  assert.equal(urdu.documents[0].sections[1].anchor, 'with-two-versions');
});
