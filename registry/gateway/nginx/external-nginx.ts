import { readVersion, testConfig } from './nginx-commands.js';
import { makeNginxFolders, type NginxLayout } from './nginx-layout.js';
import { liveMaster, workersOf } from './nginx-master.js';
import type { NginxRuntime } from './nginx-runtime.js';
import { signalProcess } from './processes.js';

/** nginx that somebody else runs (systemd, a second container): we test, swap and signal what we find. */
export function createExternalNginx(bin: string, layout: NginxLayout): NginxRuntime {
  return {
    mode: 'external',
    start() {
      makeNginxFolders(layout);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
    pid: () => liveMaster(layout),
    downReason: () =>
      liveMaster(layout) === undefined
        ? `no nginx runs with the pid file ${layout.pidFile}; start it with: ${bin} -p ${layout.prefix} -c ${layout.configFile}`
        : undefined,
    test: (configFile) => testConfig(bin, layout, configFile),
    reload() {
      const pid = liveMaster(layout);
      return pid !== undefined && signalProcess(pid, 'SIGHUP');
    },
    reopenLogs() {
      const pid = liveMaster(layout);
      return pid !== undefined && signalProcess(pid, 'SIGUSR1');
    },
    workers() {
      const pid = liveMaster(layout);
      return pid === undefined ? { active: [], draining: [] } : workersOf(pid);
    },
    version: () => readVersion(bin),
  };
}
