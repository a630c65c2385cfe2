import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { makeToken } from '../../registry/access/token.js';
import { createLogger } from '../../registry/logger.js';
import type { Log } from '../../registry/log.js';

type Options = Parameters<typeof createLogger>[0];

/** The lines that `write` makes the logger print, up to the one that says "end". */
async function linesOf(write: (log: Log) => void, options: Partial<Options> = {}) {
  const stream = new PassThrough();
  const log = createLogger({ level: 'debug', format: 'json', stream, ...options });
  write(log);
  log.error('end');
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (/\bend"?\}?\n$/.test(text)) break;
  }
  return text.split('\n').slice(0, -2);
}

async function entryOf(write: (log: Log) => void): Promise<Record<string, unknown>> {
  const [line] = await linesOf(write);
  return JSON.parse(line ?? '') as Record<string, unknown>;
}

describe('createLogger', () => {
  it('writes one JSON object per line, errors too', async () => {
    const entry = await entryOf((log) =>
      log.error('It broke.', { path: '/weather', message: 'mine' }),
    );
    expect(entry).toMatchObject({ level: 'error', message: 'It broke.', path: '/weather' });
    expect(entry.time).toMatch(/^\d{4}-/);
  });

  it('keeps what is below its level to itself', async () => {
    expect(await linesOf((log) => log.debug('Noise.'), { level: 'info' })).toEqual([]);
  });

  it('writes readable lines that a value cannot break', async () => {
    const [line, ...rest] = await linesOf((log) => log.warn('Odd.', { text: 'a\nb' }), {
      format: 'readable',
    });
    expect(line).toMatch(/ WARN {2}Odd\. text=a\\nb$/);
    expect(rest).toEqual([]);
  });

  it('leaves out of readable lines what has no value', async () => {
    const [line] = await linesOf((log) => log.info('Odd.', { text: undefined, other: null }), {
      format: 'readable',
    });
    expect(line).toMatch(/ INFO {2}Odd\. other=null$/);
  });

  it.each([
    'authorization',
    'cookie',
    'set-cookie',
    'password',
    'token',
    'csrfToken',
    'apiKey',
    'secretKey',
    'client_secret',
  ])('hides the field %s at any depth', async (field) => {
    const entry = await entryOf((log) => log.info('x', { deep: [{ [field]: 'canary' }] }));
    expect(JSON.stringify(entry)).not.toContain('canary');
  });

  it('hides secrets by their shape, in messages, fields and errors', async () => {
    const token = makeToken();
    const canaries = [token, 'canary-bearer', 'canary-user', 'canary-query'];
    const lines = await linesOf((log) => {
      log.info(`got ${token}`, { header: 'Bearer canary-bearer' });
      log.info('called', { url: 'http://me:canary-user@host/sse?token=canary-query&x=1' });
      log.error('failed', { error: new Error(`bad ${token}`, { cause: new Error(token) }) });
    });
    expect(lines).toHaveLength(3);
    expect(canaries.filter((canary) => lines.join('\n').includes(canary))).toEqual([]);
  });

  it('survives values that refer to themselves', async () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(await linesOf((log) => log.info('loop', { loop }))).toHaveLength(1);
  });
});
