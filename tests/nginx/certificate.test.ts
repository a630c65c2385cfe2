import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { messageOf } from '../../registry/errors.js';
import type { GatewayStatus } from '../../registry/gateway/gateway.js';
import { createRecordingLog, type RecordingLog } from '../fakes/recording-log.js';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { freePort } from '../fixtures/free-port.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { selfSigned, type SelfSigned } from '../fixtures/self-signed.js';

let first: SelfSigned;
let second: SelfSigned;
let upstream: EchoServer;

beforeAll(async () => {
  first = selfSigned();
  second = selfSigned();
  upstream = await startEchoServer();
});

afterAll(() => upstream.close());

describe('the certificate of the HTTPS port', () => {
  let folder: string;
  let dataDir: string;
  let tlsPort: number;
  let gateway: TestGateway | undefined;
  let log: RecordingLog;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'certificate-'));
    dataDir = path.join(folder, 'data');
    mkdirSync(dataDir);
    tlsPort = await freePort();
    log = createRecordingLog();
  });

  afterEach(async () => {
    await gateway?.close();
    gateway = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string) => path.join(folder, name);

  /** As certbot and Kubernetes do it: the path leads through a link to a folder, and the link is replaced. */
  const linkTo = (name: string, pair: SelfSigned) => {
    mkdirSync(at(name));
    writeFileSync(at(`${name}/cert.pem`), pair.cert);
    writeFileSync(at(`${name}/key.pem`), pair.key);
    symlinkSync(name, at('live.new'));
    renameSync(at('live.new'), at('live'));
  };

  const start = async (): Promise<TestGateway> => {
    gateway = await startTestGateway({
      dataDir,
      log,
      environment: {
        GATEWAY_TLS_PORT: String(tlsPort),
        TLS_CERT_FILE: at('live/cert.pem'),
        TLS_KEY_FILE: at('live/key.pem'),
      },
    });
    return gateway;
  };

  /** What somebody is shown who opens a connection now. */
  const shown = async (): Promise<string> => {
    const socket = tls.connect({ host: '127.0.0.1', port: tlsPort, rejectUnauthorized: false });
    try {
      await once(socket, 'secureConnect');
      return socket.getPeerCertificate().fingerprint256;
    } catch (error) {
      return messageOf(error);
    } finally {
      socket.destroy();
    }
  };
  const printOf = ({ cert }: SelfSigned) => new X509Certificate(cert).fingerprint256;
  const untilShown = (pair: SelfSigned) => eventually(shown, (print) => print === printOf(pair));

  const status = async (): Promise<GatewayStatus> =>
    (await (await gateway?.api('/api/gateway'))?.json()) as GatewayStatus;
  const untilState = (state: GatewayStatus['state']) =>
    eventually(status, (answer) => answer.state === state);
  const health = async () =>
    (await (await gateway?.api('/health'))?.json()) as {
      status: string;
      gateway: { state: string; certificate?: { state: string; expiresAt: string } };
    };
  const register = (name: string) =>
    gateway?.register({ name, path: `/${name}`, url: `${upstream.url}/mcp` });

  it('is served anew when the link to it is replaced', async () => {
    linkTo('one', first);
    await start();
    expect(await shown()).toBe(printOf(first));
    const { reloads } = await status();
    linkTo('two', second);
    await untilShown(second);
    expect(await untilState('applied')).toMatchObject({
      reloads: reloads + 1,
      certificate: { state: 'valid', names: ['localhost', '127.0.0.1'] },
    });
  });

  it('is served anew when its files are overwritten, one after the other', async () => {
    linkTo('one', first);
    await start();
    writeFileSync(at('one/cert.pem'), second.cert);
    writeFileSync(at('one/key.pem'), second.key);
    await untilShown(second);
    writeFileSync(at('renewed.pem'), first.cert);
    renameSync(at('renewed.pem'), at('one/cert.pem'));
    writeFileSync(at('renewed.pem'), first.key);
    renameSync(at('renewed.pem'), at('one/key.pem'));
    await untilShown(first);
    expect((await untilState('applied')).reason).toBeUndefined();
  });

  it('stays when the new key does not fit, holds up nobody, and follows once it fits', async () => {
    linkTo('one', first);
    await start();
    writeFileSync(at('one/cert.pem'), second.cert);
    const { reason, certificate } = await untilState('rejected');
    expect(reason).toContain(`the key in ${at('live/key.pem')} is not the one of the certificate`);
    expect(certificate).toMatchObject({ state: 'valid', reason });
    expect(log.entries).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ reason }) }),
    );
    expect(await health()).toMatchObject({ status: 'degraded', gateway: { state: 'rejected' } });

    await register('meanwhile');
    expect(await shown()).toBe(printOf(first));

    writeFileSync(at('one/key.pem'), second.key);
    await untilShown(second);
    expect((await untilState('applied')).reason).toBeUndefined();
    expect(await health()).toMatchObject({ status: 'healthy' });
  });

  it('stays when nginx does not take the new one, which is told with its words', async () => {
    linkTo('one', first);
    await start();
    linkTo('weak', selfSigned({ newKey: 'rsa:1024' }));
    expect((await untilState('rejected')).reason).toMatch(
      /^nginx refuses the certificate: .*small/,
    );
    expect(await shown()).toBe(printOf(first));
    await register('meanwhile');
    linkTo('two', second);
    await untilShown(second);
    await untilState('applied');
  });

  it('is the last good one after a restart with files that are broken or gone', async () => {
    linkTo('one', first);
    await (await start()).close();
    writeFileSync(at('one/key.pem'), 'half a k');
    await start();
    expect(await shown()).toBe(printOf(first));
    expect(await status()).toMatchObject({ state: 'rejected', certificate: { state: 'valid' } });
    await register('a');
    rmSync(at('live/key.pem'));
    await eventually(status, ({ reason = '' }) => reason.includes('ENOENT'));
    await register('b');
    linkTo('two', second);
    await untilShown(second);
  });

  it('keeps nobody from the API when there never was a good one, and is served when there is', async () => {
    linkTo('one', { ...first, key: second.key });
    await start();
    expect(await status()).toMatchObject({
      state: 'rejected',
      reason: expect.stringContaining('is not the one of the certificate'),
      certificate: { state: 'missing' },
    });
    linkTo('two', second);
    await untilShown(second);
    await untilState('applied');
  });

  it('is copied where nobody else can read it, and old copies are removed', async () => {
    linkTo('one', first);
    await start();
    for (let count = 0; count < 4; count += 1) {
      const next = selfSigned();
      linkTo(`next-${count}`, next);
      await untilShown(next);
    }
    const copies = path.join(dataDir, 'nginx', 'tls');
    expect(statSync(copies).mode & 0o777).toBe(0o700);
    const folders = readdirSync(copies);
    expect(folders).toHaveLength(4);
    for (const name of folders) {
      for (const file of ['cert.pem', 'key.pem']) {
        expect(statSync(path.join(copies, name, file)).mode & 0o777).toBe(0o600);
      }
    }
  });

  it('is complained of two weeks before it expires, until it is renewed', async () => {
    linkTo('one', selfSigned({ days: 13 }));
    await start();
    expect(log.entries).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'the certificate is expiring' }),
    );
    expect(await health()).toMatchObject({
      status: 'degraded',
      gateway: { state: 'applied', certificate: { state: 'expiring' } },
    });
    linkTo('two', second);
    await eventually(health, ({ status: all }) => all === 'healthy');
  });
});
