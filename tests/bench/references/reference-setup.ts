import type { AdmittedToken } from '../../../registry/access/gate-record.js';

/** What a reference gateway is told when it starts. */
export interface ReferenceSetup {
  readonly port: number;
  /** Origin of the server that all paths lead to. */
  readonly upstream: string;
  readonly logFile: string;
  /** Who may call what, by the SHA-256 of the token. */
  readonly records: Readonly<Record<string, AdmittedToken>>;
}

/** Runs a reference in this process once its parent has told what it needs, and says when it listens. */
export function onSetup(start: (setup: ReferenceSetup) => Promise<void>): void {
  process.once('message', (setup: ReferenceSetup) => {
    start(setup).then(
      () => process.send?.({ ready: true }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
}
