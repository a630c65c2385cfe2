import { createHash } from 'node:crypto';
import type { NginxValue } from '../plan/nginx-value.js';
import * as nginx from '../plan/nginx-value.js';
import type { ProxyRoute, RouteCredential } from '../plan/plan.js';
import { own } from './own.js';

/** A header as `proxy_set_header` takes it; an empty value removes the client's own. */
export interface SetHeader {
  readonly name: NginxValue;
  readonly value: NginxValue;
}

const REMOVED = own`""`;

/** What is set for a credential besides what snippets/mcp.conf sets for all; nothing where there is none. */
export function credentialSetHeaders(credential: RouteCredential): readonly SetHeader[] {
  switch (credential.kind) {
    case 'none':
      return [];
    case 'kept':
      return credential.headers.flatMap((name) => setTo(name, credentialVariable(name)));
    case 'pass-through': {
      const { from, to } = credential;
      const isSame = from.toLowerCase() === to.toLowerCase();
      return [
        ...setTo(to, clientHeader(from.toLowerCase())),
        ...(isSame ? [] : [{ name: from, value: REMOVED }]),
      ];
    }
  }
}

/** What a client sends under this name, but no token that is good at the gateway: it is the client's secret, not the upstream's. */
function clientHeader(name: string): NginxValue {
  return name === 'authorization'
    ? own`$foreign_authorization`
    : own`$http_${nginx.word(name.replaceAll('-', '_'))}`;
}

/** Some servers take `_` for `-`: a client must not get its own value in by the other spelling. */
function setTo(name: NginxValue, value: NginxValue): SetHeader[] {
  const twin = nginx.headerName(name.replaceAll('-', '_'));
  return [{ name, value }, ...(twin === name ? [] : [{ name: twin, value: REMOVED }])];
}

/** The names of all headers that are kept for some server, in lower case, each with the variable that has its value. */
export function keptHeaders(
  routes: readonly ProxyRoute[],
): readonly { readonly name: NginxValue; readonly variable: NginxValue }[] {
  const names = routes.flatMap(({ credential }) =>
    credential.kind === 'kept' ? credential.headers.map((name) => name.toLowerCase()) : [],
  );
  return [...new Set(names)]
    .sort()
    .map(nginx.headerName)
    .map((name) => ({ name, variable: credentialVariable(name) }));
}

/** Letters, digits and `_` are all that a variable's name may have, and no two headers may share one. */
function credentialVariable(name: NginxValue): NginxValue {
  const text = name.toLowerCase().replaceAll('_', '_u').replaceAll('-', '_d');
  return own`$credential_${nginx.word(text)}`;
}

/** Tells locations apart that set other headers. */
export function credentialMark(credential: RouteCredential): NginxValue {
  if (credential.kind === 'none') return own``;
  const facts = JSON.stringify([credential.kind, credentialSetHeaders(credential)]);
  return own`_${nginx.word(createHash('sha256').update(facts).digest('hex').slice(0, 8))}`;
}
