// SPDX-License-Identifier: Apache-2.0
// The original, as a process of its own: Better Auth on node:http. The parent
// sends { id, options, database, mailFolder } over IPC for each server that it
// wants, is sent { id, port } or { id, error }, sends { id, stop } when it is
// done with one, and ends the process by disconnecting.
//
// The options are Better Auth's own, as JSON. What must be a function there is
// `true` here, and writes a mail as a file, or puts the session's id into a
// token (jwt.definePayload); a plugin is its name, or a pair of its name and its
// options.
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { admin, bearer, jwt, openAPI } from 'better-auth/plugins';
import Database from 'better-sqlite3';
import pg from 'pg';

globalThis.crypto ??= webcrypto; // Node 18 does not put it there

const PLUGINS = { admin, bearer, jwt, 'open-api': openAPI };
const MAILS = [
  ['emailAndPassword', 'sendResetPassword'],
  ['emailVerification', 'sendVerificationEmail'],
  ['user', 'changeEmail', 'sendChangeEmailConfirmation'],
  ['user', 'deleteUser', 'sendDeleteAccountVerification'],
];

const servers = new Map();
let mails = 0;

/** Renamed into place, so that no reader sees half a mail. */
function writeMail(folder, mail) {
  mails += 1;
  const path = join(folder, `${String(mails).padStart(6, '0')}.json`);
  writeFileSync(`${path}.new`, JSON.stringify(mail));
  renameSync(`${path}.new`, path);
}

function installMails(options, folder) {
  for (const path of MAILS) {
    const name = path.at(-1);
    const holder = path.slice(0, -1).reduce((at, key) => at?.[key], options);
    if (holder?.[name] === true) {
      holder[name] = async ({ user, url }) =>
        writeMail(folder, { to: user.email, url });
    }
  }
}

function installPayload(settings) {
  if (settings?.jwt?.definePayload === true) {
    settings.jwt.definePayload = ({ user, session }) => ({ ...user, sid: session.id });
  }
  return settings;
}

/** [database, what closes it]. */
function openDatabase(address) {
  if (!address.startsWith('sqlite:')) {
    const pool = new pg.Pool({ connectionString: address, max: 5 });
    return [pool, () => pool.end()];
  }
  const database = new Database(address.slice('sqlite:'.length));
  database.pragma('journal_mode = WAL');
  return [database, () => database.close()];
}

async function start({ id, options, database: address, mailFolder }) {
  let handler = null;
  const server = createServer((request, response) => handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const [database, close] = openDatabase(address);
  installMails(options, mailFolder);
  const auth = betterAuth({
    baseURL: `http://127.0.0.1:${port}`,
    telemetry: { enabled: false },
    logger: { disabled: process.env.ORIGINAL_LOG !== '1' },
    ...options,
    database,
    plugins: (options.plugins ?? []).map((plugin) => {
      const [name, settings] = [plugin].flat();
      return PLUGINS[name](installPayload(settings));
    }),
  });
  await (await getMigrations(auth.options)).runMigrations();
  handler = toNodeHandler(auth);
  servers.set(id, { server, close });
  return { id, port };
}

async function stop({ id }) {
  const { server, close } = servers.get(id);
  servers.delete(id);
  server.close();
  server.closeAllConnections();
  await close();
  return { id };
}

process.once('disconnect', () => process.exit(0));
process.on('message', (message) => {
  (message.stop ? stop(message) : start(message)).then(
    (answer) => process.send(answer),
    (error) => process.send({ id: message.id, error: error.stack }),
  );
});
