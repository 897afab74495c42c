// SPDX-License-Identifier: Apache-2.0
// The original's migrator, as a command: node original.mjs JSON, where JSON is
// { url, schema, id, plugins, dry }. Prints what it did, or would do.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../contract/package.json', import.meta.url));
const importPackage = (name) =>
  import(pathToFileURL(require.resolve(name)).href);

const { betterAuth } = await importPackage('better-auth');
const { getMigrations } = await importPackage('better-auth/db/migration');
const { admin, jwt } = await importPackage('better-auth/plugins');

function open(url) {
  if (url.startsWith('sqlite:')) {
    return new (require('better-sqlite3'))(url.slice('sqlite:'.length));
  }
  return new (require('pg').Pool)({ connectionString: url });
}

const asked = JSON.parse(process.argv[2]);
const { rateLimit, jwks, ...models } = asked.schema ?? {};
const database = open(asked.url);
const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: 'sT9z-Kq3v_Rw8x.Ly2m!Nc5p*Hd7j+Fb4g',
  telemetry: { enabled: false },
  logger: { disabled: true },
  ...models,
  plugins: asked.plugins ? [jwt({ schema: jwks && { jwks } }), admin()] : [],
  rateLimit: asked.plugins ? { storage: 'database', ...rateLimit } : {},
  advanced: {
    database:
      (asked.id ?? 'text') === 'text' ? {} : { generateId: asked.id },
  },
  database,
});
const migration = await getMigrations(auth.options);
if (!asked.dry) {
  await migration.runMigrations();
}
console.log(
  JSON.stringify({
    created: migration.toBeCreated.map(({ table }) => table),
    added: migration.toBeAdded.map(({ table }) => table),
    problems: migration.schemaProblems,
  }),
);
await database.end?.();
