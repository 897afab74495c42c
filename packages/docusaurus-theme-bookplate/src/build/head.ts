// SPDX-License-Identifier: Apache-2.0
// The script in the head of every page. It runs before anything is painted and
// says on <html> what this browser knows of its reader, so that style sheets
// can choose. A policy that forbids inline scripts has to allow its hash.
import { createHash } from 'node:crypto';

/** Written out by hand, small, for browsers of any age. */
export function headScript(base: string, localizedBase: string): string {
  const [item, start] = [`bookplate:${base}`, localizedBase].map((text) =>
    JSON.stringify(text).replace(/</g, '\\u003c'),
  );
  return (
    '(function(){var d=document.documentElement,s={},p=location.pathname;' +
    `try{s=JSON.parse(localStorage.getItem(${item}))||s}catch(e){}` +
    `if(p.indexOf(${start})===0)p=p.slice(${start}.length);` +
    "p='/'+p.replace(/^\\/|(\\/|\\/?index\\.html|\\.html)$/g,'');" +
    "var w=s.shows||{};w=w[p]||w[''];if(w)d.dataset.bookplate=w;" +
    "d.dataset.bookplateAccount=s.owner?'in':'out';" +
    "if(s.dismissed)d.dataset.bookplateDismissed='';" +
    "if(!s.owner&&!w&&!s.dismissed)d.dataset.bookplateInvited=''})()"
  );
}

/** For a Content-Security-Policy: 'sha256-...'. */
export function hashOf(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `'sha256-${hash}'`;
}
