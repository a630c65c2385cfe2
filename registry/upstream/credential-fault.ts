import type { HealthCause } from './health.js';

/** Thrown where a credential cannot be sent. The message is for people and has no secret in it. */
export class CredentialFault extends Error {
  override readonly name = 'CredentialFault';
  readonly reason: Extract<HealthCause, 'credential-unreadable' | 'auth-token-failed'>;

  constructor(reason: CredentialFault['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export function unreadable(): CredentialFault {
  return new CredentialFault(
    'credential-unreadable',
    'The stored credential cannot be read, because SECRET_KEY (or secret.key in the data directory) is not the one that it was sealed with. It is not sent. Bring the key back, or set the credential anew.',
  );
}
