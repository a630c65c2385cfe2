import { z } from 'zod';
import type { Account } from '../../access/account.js';
import { requireAdminLeft } from '../../access/last-admin.js';
import {
  displayNameOf,
  groupsOf,
  namedGroups,
  rolesOf,
  usernameOf,
  type RoleMapping,
} from '../../access/oidc-claims.js';
import type { OidcIdentity, OidcLogin } from '../../access/oidc-login.js';
import { RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { RegistryState, Store } from '../../store/store.js';
import { ownerNames } from './owner-names.js';

export const loginMethodsSchema = z
  .strictObject({
    password: z.literal(true),
    oidc: z
      .strictObject({
        name: z.string().meta({ description: 'What to call the identity provider: its host.' }),
        url: z.string().meta({ description: 'Where the browser begins; takes `returnTo`.' }),
      })
      .optional(),
  })
  .meta({ id: 'LoginMethods' });
type LoginMethods = z.output<typeof loginMethodsSchema>;

/** How claims become an account. */
export interface ClaimMapping {
  readonly usernameClaim: string;
  readonly groupsClaim: string;
  /** Empty: the provider has no say in roles, and administrators give them here. */
  readonly roleMap: readonly RoleMapping[];
}

export interface OidcOperations {
  methods(): LoginMethods;
  /**
   * @param returnTo where to go afterwards; anything but a path of this site counts as none
   * @throws RegistryError `route-not-found` (no provider is configured), `identity-provider-unavailable`
   */
  begin(returnTo: unknown): Promise<{ readonly url: string; readonly sealed: string }>;
  /**
   * Finds the account of whoever comes back from the provider, or makes it, and brings it up to date.
   * @throws RegistryError `route-not-found`, `log-in-failed`, `account-disabled`, `identity-provider-unavailable`,
   *   `last-admin` when the provider would take the last administrator's role: then the account stays as it was
   */
  complete(
    query: URLSearchParams,
    sealed: string | undefined,
    address: string,
  ): Promise<{
    readonly username: string;
    readonly returnTo: string;
    readonly endSessionUrl?: string;
  }>;
}

const HOME = '/ui/';
/** Stands for our own origin where only the rest of a URL matters. */
const HERE = 'http://here';
/** The cookie that it travels in may have 4096 bytes. */
const MAX_RETURN_TO = 1000;

export function createOidcOperations(deps: {
  /** Absent: no provider is configured for log-in. */
  readonly provider?: {
    readonly issuer: string;
    readonly login: OidcLogin;
    readonly mapping: ClaimMapping;
  };
  readonly store: Pick<Store, 'state' | 'commit'>;
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
  readonly clock: () => Date;
  readonly log: Log;
}): OidcOperations {
  const { provider, store, publicUrl, clock, log } = deps;
  const require = () => {
    if (provider !== undefined) return provider;
    throw new RegistryError(
      'route-not-found',
      'There is no log-in through an identity provider here: OIDC_ISSUER and OIDC_CLIENT_ID are not set.',
    );
  };
  return {
    methods: () => ({
      password: true,
      ...(provider && {
        // The whole URL: the provider sends browsers back to the public one, and cookies stay with their host.
        oidc: { name: new URL(provider.issuer).host, url: `${publicUrl}/api/login/oidc` },
      }),
    }),
    begin: async (returnTo) => require().login.begin(returnPath(returnTo)),
    complete: async (query, sealed, address) => {
      const { login, mapping } = require();
      const { identity, ...outcome } = await login.complete(query, sealed);
      const wish = (account: Account | undefined) => accountOf(identity, mapping, account);
      const account = await keepAccount(store, identity, wish, clock);
      const { username, roles, groups } = account;
      log.info('Logged in.', { username, address, issuer: identity.issuer, roles, groups });
      return { username, ...outcome };
    },
  };
}

/** Only a path of this site, as browsers read it: `//host`, `/\\host` and `/.//host` lead elsewhere. */
function returnPath(given: unknown): string {
  if (typeof given !== 'string' || !given.startsWith('/') || !URL.canParse(given, HERE))
    return HOME;
  const { origin, pathname, search, hash } = new URL(given, HERE);
  const path = `${pathname}${search}${hash}`;
  const isOurs = origin === HERE && !path.startsWith('//');
  return isOurs && path.length <= MAX_RETURN_TO ? path : HOME;
}

/** What the provider says of an account; the rest of it stays as it is. */
function accountOf({ claims }: OidcIdentity, mapping: ClaimMapping, account: Account | undefined) {
  const named = namedGroups(claims, mapping.groupsClaim);
  const displayName = displayNameOf(claims) ?? account?.displayName;
  return {
    username: account?.username ?? usernameOf(claims, mapping.usernameClaim),
    roles:
      mapping.roleMap.length === 0 && account !== undefined
        ? account.roles
        : [...rolesOf(named, mapping.roleMap)],
    groups: groupsOf(claims, mapping.groupsClaim).toSorted(),
    ...(displayName !== undefined && { displayName }),
  };
}

/**
 * Finds the account by issuer and subject, and by nothing else: a name that the provider gives must never
 * lead into an account that somebody else has here.
 */
async function keepAccount(
  store: Pick<Store, 'state' | 'commit'>,
  identity: OidcIdentity,
  wish: (account: Account | undefined) => ReturnType<typeof accountOf>,
  clock: () => Date,
): Promise<Account> {
  const { issuer, subject } = identity;
  const find = ({ accounts }: RegistryState) =>
    accounts.find(({ oidc }) => oidc?.issuer === issuer && oidc.subject === subject);
  const found = requireEnabled(find(store.state()));
  if (found !== undefined && isSame(found, wish(found))) return found;
  const state = await store.commit((newest) => {
    const account = requireEnabled(find(newest));
    const facts = wish(account);
    const { accounts } = newest;
    if (account !== undefined) {
      const changed = { ...account, ...facts };
      const after = accounts.map((each) => (each === account ? changed : each));
      requireAdminLeft(accounts, after);
      return { accounts: after };
    }
    const created: Account = {
      ...facts,
      username: freeUsername(facts.username, newest),
      oidc: { issuer, subject },
      disabled: false,
      createdAt: clock().toISOString(),
    };
    return { accounts: [...accounts, created] };
  });
  const kept = find(state);
  if (kept === undefined) throw new Error('The account was not stored.');
  return kept;
}

function requireEnabled(account: Account | undefined): Account | undefined {
  if (account?.disabled !== true) return account;
  throw new RegistryError(
    'account-disabled',
    'Your account here is disabled. Ask an administrator.',
  );
}

function isSame(account: Account, facts: ReturnType<typeof accountOf>): boolean {
  return (
    account.displayName === facts.displayName &&
    account.roles.join() === facts.roles.join() &&
    account.groups.join() === facts.groups.join()
  );
}

/** A name that nobody has, whatever its case: `Admin` beside `admin` would deceive people. Nor one that owns something. */
function freeUsername(wanted: string, state: RegistryState): string {
  const names = state.accounts.map(({ username }) => username.toLowerCase());
  const taken = new Set([...names, ...ownerNames(state)]);
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
