import { RegistryError } from '../../registry/errors.js';
import { createFileStore } from '../../registry/store/file/file-store.js';
import { adding, makeRecordingLog } from './store-records.js';

// Commits for ever, or until a write fails, and prints each acknowledged revision.
const [dataDir = '', descriptionLength = '0'] = process.argv.slice(2);

async function main(): Promise<void> {
  const store = await createFileStore({ dataDir, log: makeRecordingLog() });
  const description = 'x'.repeat(Number(descriptionLength));
  try {
    for (;;) {
      const { revision } = await store.commit((state, next) =>
        adding(`/s${next}`, description)(state, next),
      );
      process.stdout.write(`ack ${revision}\n`);
    }
  } catch (thrown) {
    if (!(thrown instanceof RegistryError)) throw thrown;
    process.stdout.write(`refused ${thrown.code} ${thrown.message}\n`);
  } finally {
    await store.close();
  }
}

await main();
