/** Whether nginx accepts a configuration, and what it says if not. */
export type ConfigTest = { readonly ok: true } | { readonly ok: false; readonly message: string };

export interface NginxWorkers {
  /** Take new connections. */
  readonly active: readonly number[];
  /** Only finish what they have; the longest-lived first. */
  readonly draining: readonly number[];
}

/** A running nginx, whoever runs it. */
export interface NginxRuntime {
  readonly mode: 'managed' | 'external';
  /** Makes nginx run with `current`, if that is ours to do; adopts one that runs already. */
  start(): Promise<void>;
  /** Ends nginx if we run it. */
  stop(): Promise<void>;
  /** The live master process, read afresh. */
  pid(): number | undefined;
  /** Why nginx does not run, if it does not and that is known. */
  downReason(): string | undefined;
  test(configFile: string): Promise<ConfigTest>;
  /** Asks the master to read its configuration again. Says nothing of whether it does. */
  reload(): boolean;
  /** Has every worker go on in new log files. False when nginx does not run. */
  reopenLogs(): boolean;
  workers(): NginxWorkers;
  version(): Promise<string | undefined>;
}
