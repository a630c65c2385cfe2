import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bytesOf, type Aim } from '../fixtures/attempt-bytes.js';
import { ATTEMPTS, callOf, type Attempt } from '../fixtures/bypass-attempts.js';
import { eventually } from '../fixtures/eventually.js';
import { CALLERS, startGateStage, TARGETS, type GateStage } from '../fixtures/gate-stage.js';
import { sendBytes, sendBytesSecond, writeBytes } from '../fixtures/raw-socket.js';

let stage: GateStage;

beforeAll(async () => {
  stage = await startGateStage();
});

afterAll(() => stage.close());

const send = (attempt: Attempt, aim: Aim) => sendBytes(aim.origin, bytesOf(attempt, aim));
/** Only the first request of a connection is always looked at in full. */
const sendSecond = (attempt: Attempt, aim: Aim) =>
  sendBytesSecond(aim.origin, bytesOf(attempt, aim));
const WAYS = [send, sendSecond];
const ECHO: Attempt = { does: 'calls echo', body: callOf('echo'), answers: [200, 202] };

describe('without the gateway, SDK 2.x executes what it is asked for by a caller that', () => {
  it.each(ATTEMPTS.filter(({ works }) => works === true))('$does', async (attempt) => {
    const { url, executed } = stage.servers['SDK 2.x'];
    const { origin, pathname } = new URL(url);
    const before = executed.length;
    const aim = { origin, endpoint: pathname, headers: [] };
    // A stream of old revisions keeps its connection; what counts is what was done.
    const socket = writeBytes(origin, bytesOf(attempt, aim));
    try {
      const wanted = () => executed.slice(before).filter((name) => name !== 'echo');
      expect(await eventually(wanted, ({ length }) => length > 0, 800)).toHaveLength(1);
    } finally {
      socket.destroy();
    }
  });
});

describe.each(TARGETS)('in front of %s, nothing but what is allowed is executed for', (target) => {
  it('a caller that calls echo', async () => {
    for (const [caller, sent] of CALLERS.flatMap((each) =>
      WAYS.map((way) => [each, way] as const),
    )) {
      const { executed } = stage.servers[target];
      const before = executed.length;
      const { status } = await sent(ECHO, stage.aim(target, caller));
      expect(ECHO.answers).toContain(status);
      expect(executed.slice(before)).toEqual(['echo']);
    }
  });

  it.each(ATTEMPTS)('a caller that $does', async (attempt) => {
    const { executed } = stage.servers[target];
    const before = executed.length;
    for (const sent of WAYS) {
      const { status } = await sent(attempt, stage.aim(target, 'listed'));
      expect(attempt.answers).toContain(status);
      expect(executed.slice(before)).toEqual([]);
    }

    for (const sent of WAYS) await sent(attempt, stage.aim(target, 'all-but-one'));
    expect(executed.slice(before)).not.toContain('delete');
  });

  it('a caller that waits', async () => {
    const { executed } = stage.servers[target];
    const before = executed.length;
    // Whatever came before it has been dealt with when this one was.
    await send(ECHO, stage.aim(target, 'listed'));
    expect(executed.slice(before)).toEqual(['echo']);
  });
});
