import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTimeServer } from '../../scripts/demo/time-server.js';
import { rawRequest } from '../fixtures/raw-http.js';
import { sdkClients, type ToolClient } from '../fixtures/sdk-clients.js';

let server: Awaited<ReturnType<typeof startTimeServer>>;
beforeAll(async () => {
  server = await startTimeServer();
});
afterAll(() => server.close());

const revisions = { 'SDK 1.x': '2025-11-25', 'SDK 2.x': '2026-07-28' };

describe.each(sdkClients)('the demo time server, used with $name', ({ name, connect }) => {
  let client: ToolClient;
  beforeAll(async () => {
    client = await connect({ url: server.url, transport: 'streamable-http' });
  });
  afterAll(() => client.close());

  it('speaks the newest revision that the client knows', () => {
    expect(client.protocolVersion).toBe(revisions[name]);
  });

  it('offers its three tools', async () => {
    expect(await client.tools()).toEqual(['current_time', 'convert_time', 'list_time_zones']);
  });

  it('tells the time as structured content and as text', async () => {
    const answer = await client.call('current_time', { timeZone: 'Asia/Tokyo' });
    expect(answer.structured).toMatchObject({ timeZone: 'Asia/Tokyo', utcOffset: '+09:00' });
    expect(JSON.parse(answer.text)).toEqual(answer.structured);
  });

  it('converts a time', async () => {
    const args = { time: '2026-07-28T09:00', from: 'Europe/Berlin', to: 'America/New_York' };
    expect((await client.call('convert_time', args)).structured).toMatchObject({
      from: { time: '2026-07-28T09:00:00+02:00' },
      to: { time: '2026-07-28T03:00:00-04:00' },
    });
  });

  it('lists no more time zones than it is asked for', async () => {
    const { structured } = await client.call('list_time_zones', { filter: 'europe/', limit: 2 });
    const { timeZones, total } = structured as { timeZones: string[]; total: number };
    expect(timeZones).toHaveLength(2);
    expect(total).toBeGreaterThan(20);
  });

  it('explains an unknown time zone', async () => {
    expect(await client.call('current_time', { timeZone: 'Berlin' })).toMatchObject({
      isError: true,
      text: 'There is no time zone "Berlin". Did you mean Europe/Berlin?',
    });
  });
});

it('refuses a caller that uses a foreign name for it', async () => {
  const answer = await rawRequest(server.url, {
    method: 'POST',
    headers: { host: 'rebound.example.test' },
  });
  expect(answer.status).toBe(403);
});
