import { setFlagsFromString } from 'node:v8';
import { createRegistry, type Registry } from './compose/create-registry.js';
import { ConfigError, type Config } from './config/config.js';
import { readConfig } from './config/read-config.js';
import { messageOf } from './errors.js';
import { createLogger } from './logger.js';

// Collects garbage when the heap has grown by so much. Left alone, V8 lets it grow to three times of what is in use on a
// machine with much memory, and the registry shares its machine with nginx.
setFlagsFromString('--heap-growing-percent=30');

/** Starts the registry, waits for a signal, stops it. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.log);
  const registry = await createRegistry(config, log);
  let stopping: Promise<void> | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping !== undefined) return;
    log.info('stopping', { signal });
    stopping = registry.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    await registry.start();
  } catch (error) {
    // Nobody can read the password again, and at the next start there is an administrator already.
    tell(administratorLines(registry));
    throw error;
  }
  if (stopping === undefined) announce(config, registry);
  else tell(administratorLines(registry));
}

/** For whoever started us: what is listening, where the data lives, and what to do next. */
function announce(config: Config, registry: Registry): void {
  const { state, reason } = registry.gateway.status();
  const direct = `http://${config.registry.host}:${config.registry.port}`;
  tell([
    '',
    `Gateway        ${config.publicUrl}   (nginx: ${state}${reason === undefined ? '' : `, ${reason}`})`,
    `Console        ${config.publicUrl}/ui   (directly: ${direct}/ui)`,
    `API and docs   ${config.publicUrl}/docs   (directly: ${direct}/docs)`,
    `Data           ${config.dataDir}`,
    ...administratorLines(registry),
    'Next           ./scripts/register.sh --help',
    '',
  ]);
}

/** The generated password of a new installation; nothing otherwise. */
function administratorLines({ generated }: Registry): readonly string[] {
  if (generated === undefined) return [];
  return [
    `Administrator  ${generated.username}`,
    `Password       ${generated.password}   (generated, shown only now)`,
  ];
}

function tell(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

function fail(error: unknown): never {
  const text =
    error instanceof ConfigError ? error.message : `The registry cannot run: ${messageOf(error)}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

main().catch(fail);
