import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createExportAudit } from '../../registry/operations/audit/audit-export.js';
import type { AuditPage } from '../../registry/audit/audit-log.js';
import { eventually } from '../fixtures/eventually.js';
import { makeEntry } from '../unit/audit/audit-records.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

describe('the audit log as a file', () => {
  it('is a download of everything that the filters mean', async () => {
    const registry = await createTestRegistry();
    const admin = await callAs(registry, 'admin');
    await admin('post', '/api/servers').send(WEATHER);
    for (let count = 0; count < 1200; count += 1) registry.auditLog.record(makeEntry(`${count}`));
    const csv = await admin('get', '/api/audit/export').query({ action: 'server.enable' });
    expect(csv.status).toBe(200);
    expect(csv.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="audit-20260102T030405Z.csv"',
    });
    const lines = csv.text.split('\r\n');
    expect(lines).toHaveLength(1 + 1200 + 1);
    expect(lines[0]).toMatch(/^time,action,outcome,actor,/);
    expect(lines[1]).toMatch(/,1199$/);
    const jsonl = await admin('get', '/api/audit/export')
      .query({ format: 'jsonl', target: '/weather', action: 'server.register' })
      .buffer(true)
      .parse((response, done) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
        response.on('end', () => done(null, text));
      });
    expect(jsonl.headers['content-type']).toContain('application/x-ndjson');
    expect(JSON.parse(jsonl.body as string)).toMatchObject({ action: 'server.register' });
  });

  it('refuses what is no filter', async () => {
    const admin = await callAs(await createTestRegistry(), 'admin');
    for (const query of [{ format: 'xml' }, { limit: 5 }, { action: 'x' }]) {
      const answer = await admin('get', '/api/audit/export').query(query);
      expect(answer.body).toMatchObject({ status: 422, code: 'validation-failed' });
    }
    const head = await admin('head' as 'get', '/api/audit/export');
    expect([head.status, head.headers['content-type']]).toEqual([
      200,
      expect.stringMatching(/csv/),
    ]);
  });
});

describe('a log that is larger than memory', () => {
  let server: Server | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    if (server?.listening === true) await once(server.close(), 'close');
  });

  /** Opens the file of a log whose pages come from `page`. */
  async function open(page: (count: number) => AuditPage | Error): Promise<IncomingMessage> {
    let count = 0;
    const auditLog = {
      query: () => {
        const made = page((count += 1));
        return made instanceof Error ? Promise.reject(made) : Promise.resolve(made);
      },
    };
    const registry: TestRegistry = await createTestRegistry({}, ({ clock }) => ({
      exportAudit: createExportAudit({ auditLog, clock }),
    }));
    const authorization = `Bearer ${await registry.token('admin')}`;
    server = createServer(registry.app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const request = get({ port, path: '/api/audit/export', headers: { authorization } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  }

  const entries = Array.from({ length: 500 }, (_, at) => makeEntry(`${at}`));

  it('is read no faster than it is taken, and no more when the caller leaves', async () => {
    let pages = 0;
    let isOver = false;
    const response = await open((count) => {
      pages = count;
      if (count > 20_000) isOver = true;
      return { entries, ...(!isOver && { nextCursor: 'more' }) };
    });
    await once(response, 'readable');
    response.destroy();
    let last = -1;
    await eventually(
      () => Promise.resolve(pages),
      (now) => {
        const isStill = now === last;
        last = now;
        return isStill;
      },
    );
    expect(pages).toBeLessThan(2000);
  });

  it('is cut off when it cannot be read on, so that nobody takes it for whole', async () => {
    const response = await open((count) =>
      count < 3 ? { entries, nextCursor: 'more' } : new Error('the disk is gone'),
    );
    response.resume();
    const [fault] = (await once(response, 'error')) as [NodeJS.ErrnoException];
    expect(fault.code).toBe('ECONNRESET');
    expect(response.complete).toBe(false);
  });
});
