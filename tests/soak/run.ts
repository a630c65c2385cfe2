import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { section } from '../bench/markdown-table.js';
import { keepCalling } from './callers.js';
import { keepChanging } from './changes.js';
import { callFindings, footprintFindings, stateFindings, type Finding } from './findings.js';
import { footprintOf } from './footprint.js';
import { setStage, type Stage } from './stage.js';

const LEAST_SECONDS = 30;
/** When somebody is killed, as shares of the time. */
const KILLS = [
  { at: 0.12, who: 'registry' },
  { at: 0.2, who: 'nginx' },
  { at: 0.28, who: 'registry' },
  { at: 0.36, who: 'nginx' },
  { at: 0.44, who: 'registry' },
] as const;
/** Share of the time, behind the last kill and a while to warm up, that is looked at for leaks. */
const LOOKED_AT = 0.4;
const WARM_UP = 0.1;
/** Until old workers have ended (NGINX_DRAIN_SECONDS) and streams are closed. */
const QUIET_MS = 8000;

/** Kills at their times, or later where a start takes long. @returns for how many seconds there was no registry */
async function disturb({ registry }: Stage, seconds: number): Promise<number> {
  const begin = Date.now();
  let down = 0;
  for (const { at, who } of KILLS) {
    await delay(Math.max(0, begin + at * seconds * 1000 - Date.now()));
    if (who === 'nginx') {
      process.kill(registry.nginxPid(), 'SIGKILL');
    } else {
      const killed = Date.now();
      await registry.kill('SIGKILL');
      await registry.start();
      down += (Date.now() - killed) / 1000;
    }
  }
  const share = 1 - LOOKED_AT;
  await delay(Math.max(WARM_UP * seconds * 1000, begin + share * seconds * 1000 - Date.now()));
  return down;
}

async function soak(stage: Stage, seconds: number): Promise<Finding[]> {
  const over = new AbortController();
  const calling = keepCalling(stage.registry.url, over.signal);
  const changing = keepChanging(stage, over.signal);
  const noRegistry = await disturb(stage, seconds);
  const first = footprintOf(stage);
  await delay(LOOKED_AT * seconds * 1000);
  over.abort();
  const [calls, changes] = await Promise.all([calling, changing]);
  await delay(QUIET_MS);
  const last = footprintOf(stage);
  return [
    ...(await callFindings(stage, calls)),
    ...(await stateFindings(stage, changes, { kills: KILLS.length, seconds: noRegistry })),
    ...footprintFindings(first, last),
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '300' } } });
  const seconds = Number(values.seconds);
  if (!(seconds >= LEAST_SECONDS)) {
    throw new Error(`--seconds must be a number from ${LEAST_SECONDS} on`);
  }
  const stage = await setStage();
  try {
    const findings = await soak(stage, seconds);
    const rows = findings.map(({ what, found, holds }) => [what, found, holds ? 'yes' : 'NO']);
    const kills = `${seconds} s with ${KILLS.length} kills`;
    console.log(section(`Soak: ${kills}`, ['what', 'found', 'holds'], rows));
    if (!findings.every(({ holds }) => holds)) process.exitCode = 1;
  } finally {
    await stage.close();
  }
}

await main();
