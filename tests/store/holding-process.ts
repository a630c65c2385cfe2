import { once } from 'node:events';
import { DataDirLockedError } from '../../registry/store/file/data-dir-lock.js';
import { createFileStore } from '../../registry/store/file/file-store.js';
import { makeRecordingLog } from './store-records.js';

// Opens the store, says so, and holds it until its input ends.
const [dataDir = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  try {
    const store = await createFileStore({ dataDir, log: makeRecordingLog() });
    process.stdout.write('held\n');
    await once(process.stdin.resume(), 'end');
    await store.close();
  } catch (thrown) {
    if (!(thrown instanceof DataDirLockedError)) throw thrown;
    process.stdout.write(`refused ${thrown.message}\n`);
  }
}

await main();
