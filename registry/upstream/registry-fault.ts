import type { RegistryUrl } from '../catalog/import/registry-url.js';
import { RegistryError } from '../errors.js';
import { faultOf } from './fault.js';

const MAX_SHOWN = 200;

/** @param what completes "The registry ..." */
export function pullFailed(registry: RegistryUrl, what: string): RegistryError {
  return new RegistryError(
    'registry-pull-failed',
    `The registry ${registry} ${what}. Nothing was changed.`,
  );
}

/** What a request that got no answer means. */
export function registryFault(registry: RegistryUrl, thrown: unknown): RegistryError {
  const { cause, message } = faultOf(thrown, registry);
  if (cause === 'refused-by-policy') {
    return new RegistryError('upstream-refused-by-policy', message);
  }
  if (cause === 'timeout') return pullFailed(registry, 'did not answer in time');
  if (cause === 'tls') {
    return pullFailed(
      registry,
      "has a certificate that this machine does not trust; its authority belongs into the system's trust store",
    );
  }
  return pullFailed(registry, `gave no list: ${message.replace(/\.$/, '')}`);
}

/** What an answer other than 200 means. */
export function refusedAnswer(registry: RegistryUrl, { status, headers }: Response): RegistryError {
  if (status === 429 || status === 503) {
    const after = /^\d{1,6}$/.exec(headers.get('retry-after') ?? '')?.[0];
    const when = after === undefined ? 'later' : `in ${after} seconds`;
    return pullFailed(registry, `is busy (HTTP ${status}); pull again ${when}`);
  }
  if (status >= 300 && status < 400) {
    const target = headers.get('location')?.slice(0, MAX_SHOWN) ?? 'another address';
    return pullFailed(registry, `redirects to ${target}; give the address where it is`);
  }
  if (status === 404) {
    return pullFailed(registry, 'has no list at /v0.1/servers; see whether the URL is right');
  }
  return pullFailed(registry, `answered HTTP ${status}`);
}
