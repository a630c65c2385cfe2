import type { Log } from '../../registry/log.js';

export interface LogEntry {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that can be read. */
export interface RecordingLog extends Log {
  readonly entries: readonly LogEntry[];
}

export function createRecordingLog(): RecordingLog {
  const entries: LogEntry[] = [];
  const write =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      entries.push({ level, message, fields });
    };
  return {
    entries,
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
  };
}
