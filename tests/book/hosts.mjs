// SPDX-License-Identifier: Apache-2.0
// Names with TLS in front, as a book on the web has them: nginx with a
// certificate of its own making, on one port of this machine.
//
//   const port = await startHosts(t, [
//     { name: 'book.test', root: folder },      // a host of static files
//     { name: 'api.book.test', port: 3001 },    // one that leads to a server
//   ]);
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { folderFor } from '../process/program.mjs';
import { freePorts, startProgram } from '../wire/raw.mjs';

/** A page as a static host finds it: the path, or the file it is. */
const files = (root) =>
  `root ${root}; location / { try_files $uri $uri.html $uri/index.html =404; }`;

const proxied = (port) => `location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto https;
    }`;

const hostOf = (folder, listen) => (host) => `
  server {
    listen 127.0.0.1:${listen} ssl;
    server_name ${host.name};
    ssl_certificate ${folder}/cert.pem;
    ssl_certificate_key ${folder}/key.pem;
    ${host.root ? files(host.root) : proxied(host.port)}
  }`;

const configOf = (folder, listen, hosts) => `
daemon off;
user root;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 256; }
http {
  access_log off;
  types {
    text/html html; text/css css; text/javascript js; image/svg+xml svg;
    application/json json;
  }
  client_body_temp_path ${folder}/temp;
  proxy_temp_path ${folder}/temp;
  fastcgi_temp_path ${folder}/temp;
  uwsgi_temp_path ${folder}/temp;
  scgi_temp_path ${folder}/temp;
  ${hosts.map(hostOf(folder, listen)).join('')}
}
`;

function makeCertificate(folder, names) {
  const names_ = names.map((name) => `DNS:${name}`).join();
  const files_ = [
    ['-keyout', 'key.pem'],
    ['-out', 'cert.pem'],
  ];
  execFileSync(
    'openssl',
    [
      ...'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=book.test'.split(
        ' ',
      ),
      '-addext',
      `subjectAltName=${names_}`,
      ...files_.flatMap(([flag, file]) => [flag, join(folder, file)]),
    ],
    { stdio: 'ignore' },
  );
}

/** The port on which all these names answer; for browserFor's `hosts`. */
export async function startHosts(t, hosts) {
  const folder = folderFor(t);
  mkdirSync(join(folder, 'temp'));
  makeCertificate(
    folder,
    hosts.map(({ name }) => name),
  );
  const [listen] = await freePorts(1);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configOf(folder, listen, hosts));
  const nginx = await startProgram(
    'nginx',
    ['-e', 'stderr', '-p', folder, '-c', file],
    [listen],
  );
  t.after(() => nginx.stop());
  return listen;
}
