import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  createAddressBook,
  type AddressBook,
  type AddressChange,
} from '../../../registry/upstream/address-book.js';
import { createOutboundGuard } from '../../../registry/upstream/outbound-guard.js';
import { catalogOf, createListLog, serverAt } from '../../upstream/watched-server.js';

const books: AddressBook[] = [];

afterEach(() => {
  for (const book of books.splice(0)) book.stop();
});

type Names = Record<string, readonly string[] | undefined | 'silent'>;

function bookOf(names: Names, listening: readonly string[] = []) {
  const log = createListLog();
  const changes: AddressChange[] = [];
  const guard = createOutboundGuard({
    policy: { mode: 'private-allowed', allow: [] },
    ownPorts: [],
  });
  const book = createAddressBook({
    guard,
    log,
    intervalMs: 10,
    lookup(host) {
      const answer = names[host];
      if (answer === 'silent') return new Promise(() => undefined);
      if (answer !== undefined) return Promise.resolve(answer);
      return Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    },
    connectTest: (address) => Promise.resolve(listening.includes(address)),
  });
  book.subscribe((change) => changes.push(change));
  books.push(book);
  return { book, log, changes };
}

/** Watches one server per URL. */
function watchUrls(book: AddressBook, ...urls: string[]): void {
  book.watch(catalogOf(...urls.map((url, index) => serverAt(url, { path: `/s${index}` }))));
}

function nextChange(book: AddressBook): Promise<AddressChange> {
  return new Promise((resolve) => {
    const stop = book.subscribe((change) => {
      stop();
      resolve(change);
    });
  });
}

describe('the address book', () => {
  it('knows literal addresses at once', () => {
    const { book } = bookOf({});
    watchUrls(book, 'http://10.0.0.5:8000/', 'http://[fd00::5]/', 'http://169.254.169.254/');
    expect(book.get('10.0.0.5', 8000)).toEqual({ state: 'resolved', address: '10.0.0.5' });
    expect(book.get('[fd00::5]', 80)).toEqual({ state: 'resolved', address: 'fd00::5' });
    expect(book.get('169.254.169.254', 80)).toMatchObject({ state: 'refused' });
  });

  it('resolves names, and says why it cannot', async () => {
    const { book } = bookOf({ weather: ['10.0.0.5'], evil: ['169.254.169.254'] });
    watchUrls(book, 'http://weather:8000/', 'http://evil/', 'http://nowhere/');
    expect(book.get('weather', 8000)).toEqual({ state: 'pending' });
    book.start();
    await book.ready(5000);
    expect(book.get('weather', 8000)).toEqual({ state: 'resolved', address: '10.0.0.5' });
    expect(book.get('evil', 80)).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('UPSTREAM_POLICY'),
    });
    expect(book.get('nowhere', 80)).toMatchObject({
      state: 'unresolved',
      reason: expect.stringContaining('no such name'),
    });
  });

  it('resolves a name that is added while it runs', async () => {
    const { book } = bookOf({ late: ['10.0.0.9'] });
    book.start();
    const change = nextChange(book);
    watchUrls(book, 'http://late/');
    expect(await change).toMatchObject({ resolution: { address: '10.0.0.9' } });
  });

  it('takes the first address that accepts connections, IPv4 first, else the first', async () => {
    const names = { one: ['fd00::1', '10.0.0.1', '10.0.0.2'] };
    const heard = bookOf(names, ['fd00::1', '10.0.0.2']).book;
    const unheard = bookOf(names).book;
    for (const book of [heard, unheard]) {
      watchUrls(book, 'http://one/');
      book.start();
      await book.ready(5000);
    }
    expect(heard.get('one', 80)).toMatchObject({ address: '10.0.0.2' });
    expect(unheard.get('one', 80)).toMatchObject({ address: '10.0.0.1' });
  });

  it('keeps its address while it is an answer, and notices when the name moves', async () => {
    const names: Names = { moving: ['10.0.0.1'] };
    const { book, changes } = bookOf(names);
    watchUrls(book, 'http://moving/');
    book.start();
    await book.ready(5000);
    names.moving = ['10.0.0.0', '10.0.0.1'];
    names.marker = ['10.9.9.9'];
    const marked = nextChange(book);
    book.watch(
      catalogOf(serverAt('http://moving/'), serverAt('http://marker/', { path: '/marker' })),
    );
    await marked;
    expect(book.get('moving', 80)).toMatchObject({ address: '10.0.0.1' });
    const moved = nextChange(book);
    names.moving = ['10.0.0.2'];
    expect(await moved).toMatchObject({ host: 'moving', resolution: { address: '10.0.0.2' } });
    expect(changes.map(({ host }) => host)).toEqual(['moving', 'marker', 'moving']);
  });

  it('keeps the last address of a name that stops resolving, and logs that once', async () => {
    const names: Names = { flaky: ['10.0.0.1'] };
    const { book, log, changes } = bookOf(names);
    watchUrls(book, 'http://flaky/');
    book.start();
    await book.ready(5000);
    names.flaky = undefined;
    const isLogged = () => log.lines.filter((line) => line.includes('stays in use')).length;
    while (isLogged() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(book.get('flaky', 80)).toEqual({ state: 'resolved', address: '10.0.0.1' });
    names.flaky = ['10.0.0.2'];
    await nextChange(book);
    expect(isLogged()).toBe(1);
    expect(changes).toHaveLength(2);
  });

  it('is ready at its deadline, and dead names do not hold others up', async () => {
    const dead = Array.from({ length: 10 }, (_, index) => `dead-${index}`);
    const names: Names = Object.fromEntries(dead.map((name) => [name, 'silent']));
    const { book } = bookOf({ ...names, alive: ['10.0.0.1'] });
    watchUrls(book, ...dead.map((name) => `http://${name}/`), 'http://alive/');
    book.start();
    await book.ready(50);
    expect(book.get('alive', 80)).toEqual({ state: 'resolved', address: '10.0.0.1' });
    expect(book.get('dead-0', 80)).toEqual({ state: 'pending' });
  });

  it('asks again for a name only when the system has done with the question before', async () => {
    jest.useFakeTimers();
    try {
      let asked = 0;
      const guard = createOutboundGuard({
        policy: { mode: 'private-allowed', allow: [] },
        ownPorts: [],
      });
      let giveUp = (): void => undefined;
      const lookup = () => {
        asked += 1;
        return new Promise<never>((_, reject) => (giveUp = () => reject(new Error('EAI_AGAIN'))));
      };
      const book = createAddressBook({ guard, log: createListLog(), lookup, intervalMs: 1000 });
      books.push(book);
      watchUrls(book, 'http://slow/');
      book.start();
      await jest.advanceTimersByTimeAsync(60_000);
      expect(book.get('slow', 80)).toMatchObject({ state: 'unresolved' });
      expect(asked).toBe(1);
      giveUp();
      await jest.advanceTimersByTimeAsync(2000);
      expect(asked).toBe(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('tells when the name of one server has an answer, whatever others do', async () => {
    const { book } = bookOf({ dead: 'silent', alive: ['10.0.0.1'] });
    watchUrls(book, 'http://dead/', 'http://alive/', 'http://nowhere/');
    book.start();
    await book.known({ url: 'http://alive/mcp' }, 5000);
    expect(book.get('alive', 80)).toMatchObject({ state: 'resolved' });
    await book.known({ url: 'http://nowhere/mcp' }, 5000);
    expect(book.get('nowhere', 80)).toMatchObject({ state: 'unresolved' });
    await book.known({ url: 'http://dead/mcp' }, 20);
    expect(book.get('dead', 80)).toEqual({ state: 'pending' });
  });

  it('forgets a host that no server has any more', async () => {
    const { book } = bookOf({ weather: ['10.0.0.5'] });
    watchUrls(book, 'http://weather/');
    book.start();
    await book.ready(5000);
    watchUrls(book);
    expect(book.get('weather', 80)).toEqual({ state: 'pending' });
  });
});
