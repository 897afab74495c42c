// SPDX-License-Identifier: Apache-2.0
// What the doctor says of a site: slots, configuration, server, versions.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';

import { fromTheme, theme } from './theme.mjs';

const { slotFindings } = theme('build/checks/slots');
const { configFindings } = theme('build/checks/config');
const { policyLines } = theme('build/checks/policy');
const { serverFindings } = theme('build/checks/server');
const { written } = theme('build/checks/finding');
const { isOld } = theme('build/versions');
const { DEFAULTS, validateOptions } = theme('options');
const { normalizePluginOptions } = fromTheme('@docusaurus/utils-validation');
const bookplate = theme('index').default;

/** A folder that goes with the test; `files` are written into it. */
function folderOf(t, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bookplate-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

function slotsOf(t, files, slots = {}, others = {}) {
  const siteDir = folderOf(t, files);
  const aliases = { ...others };
  for (const file of Object.keys(files)) {
    const name = file
      .replace(/^src\/theme\//, '')
      .replace(/(\/index)?\.tsx?$/, '');
    aliases[`@theme/${name}`] = join(siteDir, file);
  }
  return slotFindings(aliases, {
    siteDir,
    themeFolder: join(siteDir, '.docusaurus', 'theme'),
    options: { slots: { ...DEFAULTS.slots, ...slots } },
  });
}

const rules = (findings) => findings.map(({ rule, file }) => [rule, file]);

test('every_slot_a_site_shadows_is_named_with_its_file', (t) => {
  const files = [
    'src/theme/DocItem/Content/index.tsx',
    'src/theme/DocSidebarItem/Link.tsx',
    'src/theme/MDXComponents.ts',
    'src/theme/NavbarItem/ComponentTypes.tsx',
  ];
  for (const file of files) {
    const found = slotsOf(t, { [file]: 'export default () => null;' });
    assert.deepEqual(rules(found), [['shadowed-slot', file]]);
    assert.ok(!written(found[0]).slice(0, -1).includes('\n\n'));
    assert.match(found[0].fix, /@theme-original|Bookplate/);
  }
});

test('a_slot_that_is_wrapped_or_renders_ours_is_fine', (t) => {
  const file = 'src/theme/DocItem/Content/index.tsx';
  for (const text of [
    "import Content from '@theme-original/DocItem/Content';",
    "import DocBar from '@theme/Bookplate/DocBar';",
  ]) {
    assert.deepEqual(slotsOf(t, { [file]: text }), []);
  }
});

test('a_slot_that_is_switched_off_may_be_shadowed', (t) => {
  const file = 'src/theme/DocItem/Content/index.tsx';
  assert.deepEqual(slotsOf(t, { [file]: '' }, { docBar: false }), []);
  assert.deepEqual(
    slotsOf(t, { [file]: '' }, { docBar: 'DocItem/Layout' }),
    [],
  );
});

test('a_later_theme_that_takes_a_slot_is_named', (t) => {
  const other = '/elsewhere/theme/MDXComponents/index.js';
  const found = slotsOf(t, {}, {}, { '@theme/MDXComponents': other });
  assert.equal(found[0].rule, 'wrong-order');
});

test('readers_find_the_account_in_a_navbar_of_the_sites_own', (t) => {
  const file = 'src/theme/Navbar/Content/index.tsx';
  const found = slotsOf(t, { [file]: 'export default () => <b/>;' });
  assert.deepEqual(rules(found), [['no-navbar-item', file]]);
  for (const text of [
    "'@theme/NavbarItem'",
    "'@theme/Bookplate/NavbarAccount'",
  ]) {
    assert.deepEqual(slotsOf(t, { [file]: `import X from ${text};` }), []);
  }
  assert.equal(slotsOf(t, {}, { navbar: false })[0].rule, 'no-navbar-item');
  const used = {
    'src/parts/Top.tsx': "import '@theme/Bookplate/NavbarAccount'",
  };
  assert.deepEqual(slotsOf(t, used, { navbar: false }), []);
});

const configOf = (config = {}, options = {}, siteDir = '/') =>
  configFindings(
    {
      url: 'https://book.example.org',
      plugins: [],
      themes: ['classic', ['docusaurus-theme-bookplate', {}]],
      markdown: { format: 'mdx' },
      ...config,
    },
    siteDir,
    { ...DEFAULTS, ...options },
  ).map(({ rule }) => rule);

test('the_theme_is_the_last_of_themes', () => {
  assert.deepEqual(configOf(), []);
  assert.deepEqual(configOf({ themes: ['classic', 'bookplate', null] }), []);
  assert.deepEqual(
    configOf({ themes: ['docusaurus-theme-bookplate', 'classic'] }),
    ['wrong-order'],
  );
  const plugins = [['docusaurus-theme-bookplate', {}]];
  assert.deepEqual(configOf({ themes: ['classic'], plugins }), ['wrong-order']);
});

test('what_an_option_needs_is_there', (t) => {
  const client = 'better-auth';
  assert.deepEqual(configOf({}, { client }, folderOf(t)), ['no-better-auth']);
  const has = folderOf(t, { 'node_modules/better-auth/package.json': '{}' });
  assert.deepEqual(configOf({}, { client }, has), []);
  const cookie = { credentials: 'cookie' };
  const server = 'https://api.other.test';
  assert.deepEqual(configOf({}, { ...cookie, server }), [
    'cookie-of-another-site',
  ]);
  assert.deepEqual(
    configOf({}, { ...cookie, server: 'https://api.example.org' }),
    [],
  );
  assert.deepEqual(configOf({ markdown: { format: 'detect' } }), [
    'markdown-format',
  ]);
});

async function serverOf(t, answer) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

const SITE = 'https://book.example.org/book/';

test('a_server_that_lets_the_book_in_is_fine', async (t) => {
  const server = await serverOf(t, (asked, answer) => {
    answer.setHeader('access-control-allow-origin', asked.headers.origin);
    answer.end(asked.url === '/api/offers' ? '{}' : '');
  });
  assert.deepEqual(await serverFindings({ server }, SITE), []);
  assert.deepEqual(await serverFindings({ server: '' }, SITE), []);
});

test('a_server_that_is_away_failing_or_closed_is_named', async (t) => {
  const rule = async (server) =>
    (await serverFindings({ server }, SITE)).map((found) => found.rule);
  const closed = await serverOf(t, (_, answer) => answer.end('{}'));
  assert.deepEqual(await rule(closed), ['origin-not-allowed']);
  const failing = await serverOf(t, (_, answer) => {
    answer.statusCode = 503;
    answer.end();
  });
  assert.deepEqual(await rule(failing), ['server-unreachable']);
  assert.deepEqual(await rule('http://127.0.0.1:1'), ['server-unreachable']);
});

test('a_docusaurus_that_is_too_old_is_refused_in_one_sentence', (t) => {
  assert.deepEqual(
    ['3.0.0', '2.4.3', '3.7.9', '3.8.0', '3.10.2', '4.0.0'].map(isOld),
    [true, true, true, false, false, false],
  );
  const siteDir = folderOf(t, {
    'node_modules/@docusaurus/core/package.json': '{"version":"3.0.0"}',
  });
  assert.throws(
    () => bookplate({ siteDir, siteConfig: {} }, DEFAULTS),
    ({ message }) =>
      /needs Docusaurus 3\.8 or later, and this site has 3\.0\.0/.test(
        message,
      ) && !message.includes('\n'),
  );
});

const validate = (options) =>
  validateOptions({ options, validate: normalizePluginOptions });

test('nothing_has_to_be_said', () => {
  const { id, ...options } = validate({});
  assert.deepEqual(options, DEFAULTS);
});

test('each_wrong_option_gives_one_line', () => {
  for (const [name, wrong] of Object.entries({
    server: 'api.example.org/x',
    authPath: 'auth',
    client: 'big',
    credentials: 'none',
    tokenStorage: 'disk',
    routeBase: 'reader',
    docs: 'default',
    slots: { docBar: 'Root' },
    questionnaire: 3,
    glossary: true,
    tabs: [],
    timeoutMs: 1,
    colour: 'red',
  })) {
    assert.throws(
      () => validate({ [name]: wrong }),
      ({ message }) => {
        assert.ok(message.includes(name), `${name}: ${message}`);
        assert.ok(!message.trim().includes('\n'), message);
        return true;
      },
      name,
    );
  }
});

test('a_policy_allows_every_inline_script_of_a_built_book', (t) => {
  const page = (text) =>
    `<head><script>${text}</script><script src="a.js"></script><script type="application/ld+json">{}</script></head>`;
  const folder = folderOf(t, {
    'index.html': page('a<b'),
    'ur/index.html': page('c'),
    'x.html': page('c'),
  });
  const expected = ['a<b', 'c'].map(
    (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
  assert.deepEqual(policyLines(folder), expected.sort());
});
