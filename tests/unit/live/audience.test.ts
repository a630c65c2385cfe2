import { describe, expect, it } from '@jest/globals';
import { Audience } from '../../../registry/live/audience.js';
import { Audiences } from '../../../registry/live/audiences.js';
import { parseCursor } from '../../../registry/live/cursor.js';
import type { SeenEntry } from '../../../registry/live/view.js';
import type { Moment, Scope } from '../../../registry/live/view-source.js';

const servers = (...names: readonly string[]) =>
  new Map<string, SeenEntry>(
    names.map((name) => [`/${name}`, { summary: JSON.stringify(name), lists: '' }]),
  );
const whole = (...names: readonly string[]) => ({ servers: servers(...names), gateway: '{}' });
const read = (frame: Buffer | undefined) =>
  JSON.parse(frame?.toString() ?? 'null') as Readonly<Record<string, unknown>> | null;
const typesOf = (frame: Buffer | undefined) =>
  (read(frame)?.events as readonly { type: string; path: string }[]).map(
    ({ type, path }) => `${type} ${path}`,
  );

describe('an audience', () => {
  it('writes its snapshot once for each state', () => {
    const audience = new Audience('ab', 1, whole('a'));
    const first = audience.snapshot();
    expect(read(first)).toEqual({
      type: 'snapshot',
      cursor: 'ab.1.0',
      servers: ['a'],
      gateway: {},
    });
    expect(audience.snapshot()).toBe(first);
    expect(audience.update(whole('a', 'b'), ['/b'])).toBeDefined();
    expect(read(audience.snapshot())).toMatchObject({ cursor: 'ab.1.1', servers: ['a', 'b'] });
  });

  it('counts only what is different', () => {
    const audience = new Audience('ab', 1, whole('a'));
    expect(audience.update(whole('a'), ['/a'])).toBeUndefined();
    expect(audience.sequence).toBe(0);
  });

  it('tells who comes back what they missed, and knows nothing of the future', () => {
    const audience = new Audience('ab', 1, whole('a'));
    audience.update(whole('a', 'b'), ['/b']);
    audience.update(whole('a'), ['/b']);
    const [resumed, missed] = audience.resumed(1) ?? [];
    expect(read(resumed)).toEqual({ type: 'resumed', cursor: 'ab.1.1' });
    expect(typesOf(missed)).toEqual(['server-removed /b']);
    expect(audience.resumed(2)).toHaveLength(1);
    expect(audience.resumed(3)).toBeUndefined();
  });

  it('tells who comes from another one the difference, under its own cursor', () => {
    const frame = new Audience('ab', 2, whole('b')).transition(new Audience('ab', 1, whole('a')));
    expect(read(frame)?.cursor).toBe('ab.2.0');
    expect(typesOf(frame)).toEqual(['server-removed /a', 'server /b']);
  });
});

describe('audiences', () => {
  const scope = (owner: string): Scope => ({
    visibility: { all: false, owner, groups: [] },
    seesGateway: false,
  });
  const moment = (...names: readonly string[]): Moment => ({
    paths: new Set(servers(...names).keys()),
    whole: () => whole(...names),
    view: () => whole(...names),
  });

  it('are one for all who see the same', () => {
    const audiences = new Audiences('ab');
    const eve = audiences.join(scope('eve'), () => moment('a'));
    expect(audiences.join(scope('eve'), () => moment('a'))).toBe(eve);
    expect(audiences.join(scope('bob'), () => moment('a'))).not.toBe(eve);
    expect([...audiences.update(moment('a', 'b'), 'all').keys()]).toHaveLength(2);
  });

  it('are kept for a while after everybody has left', () => {
    const audiences = new Audiences('ab');
    const eve = audiences.join(scope('eve'), () => moment('a'));
    audiences.leave(eve, 0);
    audiences.sweep(60_000);
    expect(audiences.isEmpty).toBe(false);
    audiences.sweep(120_000);
    expect(audiences.isEmpty).toBe(true);
    const again = audiences.join(scope('eve'), () => moment('a'));
    expect(audiences.sequenceOf('ab.1.0', again)).toBeUndefined();
    expect(audiences.sequenceOf('ab.2.0', again)).toBe(0);
    expect(audiences.sequenceOf('cd.2.0', again)).toBeUndefined();
  });

  it.each(['', 'ab', 'ab.1', 'ab.1.x', 'xyz.1.1', 'ab.1.1.1', 'ab.-1.1'])(
    'take %j for no cursor',
    (text) => {
      expect(parseCursor(text)).toBeUndefined();
    },
  );
});
