import type { ServerBody } from '../../api/server-changes';
import type { ServerView } from '../../api/servers';
import {
  authInputOf,
  authValuesOf,
  NO_AUTH_VALUES,
  type AuthValues,
  type StoredAuth,
} from './auth-values';

/** A number field that may be empty. */
type NumberValue = number | string;

interface ToolLimitValues {
  readonly name: string;
  readonly callsPerMinute: NumberValue;
  readonly burst: NumberValue;
}

/** What stands in the form. Names are the API's, so that what it says of a field is shown there. */
export interface ServerFormValues {
  readonly name: string;
  readonly path: string;
  readonly url: string;
  readonly description: string;
  readonly repository: string;
  readonly tags: readonly string[];
  readonly transport: ServerView['transport'];
  readonly enabled: boolean;
  readonly access: ServerView['access'];
  readonly timeoutSeconds: NumberValue;
  readonly maxBodyBytes: NumberValue;
  readonly hostHeader: string;
  readonly tls: { readonly verify: boolean; readonly caPem: string };
  readonly limits: {
    readonly callsPerMinute: NumberValue;
    readonly burst: NumberValue;
    readonly tools: readonly ToolLimitValues[];
  };
  readonly auth: AuthValues;
}

/** The API's defaults, but that a server is enabled: who registers one wants to use it. */
export const NEW_SERVER: ServerFormValues = {
  name: '',
  path: '',
  url: '',
  description: '',
  repository: '',
  tags: [],
  transport: 'auto',
  enabled: true,
  access: 'authenticated',
  timeoutSeconds: 3600,
  maxBodyBytes: 10 * 1024 * 1024,
  hostHeader: 'upstream',
  tls: { verify: true, caPem: '' },
  limits: { callsPerMinute: '', burst: '', tools: [] },
  auth: NO_AUTH_VALUES,
};

type Shown = Partial<Omit<ServerView, 'auth'>> & {
  readonly auth?: Readonly<Record<string, unknown>>;
};

/** @param server as the API shows or takes it; what it leaves out is as it is in a new server */
export function formValuesOf(server: ServerView | ServerBody): ServerFormValues {
  const { tls, limits, auth, ...shown } = server as Shown;
  const own = Object.keys(NEW_SERVER) as (keyof ServerFormValues)[];
  const plain = own.flatMap((key) => {
    const value = (shown as Readonly<Record<string, unknown>>)[key];
    return value === undefined ? [] : [[key, value]];
  });
  return {
    ...NEW_SERVER,
    ...(Object.fromEntries(plain) as Partial<ServerFormValues>),
    tls: { verify: tls?.verify ?? true, caPem: tls?.caPem ?? '' },
    limits: {
      callsPerMinute: limits?.callsPerMinute ?? '',
      burst: limits?.burst ?? '',
      tools: (limits?.tools ?? []).map(({ name, callsPerMinute, burst }) => ({
        name,
        callsPerMinute,
        burst: burst ?? '',
      })),
    },
    auth: authValuesOf(auth),
  };
}

/** As the API takes it: empty fields that have a default are left out. */
export function inputOf(values: ServerFormValues, stored?: StoredAuth): ServerBody {
  const { name, path, url, description, tags, transport, enabled, access, hostHeader } = values;
  const { tls, limits } = values;
  return {
    name,
    path,
    url: url.trim(),
    description,
    repository: values.repository.trim(),
    tags,
    transport,
    enabled,
    access,
    ...numbers({ timeoutSeconds: values.timeoutSeconds, maxBodyBytes: values.maxBodyBytes }),
    ...(hostHeader.trim() !== '' && { hostHeader: hostHeader.trim() }),
    tls: { verify: tls.verify, ...(tls.caPem.trim() !== '' && { caPem: tls.caPem }) },
    limits: {
      ...numbers({ callsPerMinute: limits.callsPerMinute, burst: limits.burst }),
      ...(limits.tools.length > 0 && {
        tools: limits.tools.map(({ name: tool, callsPerMinute, burst }) => ({
          name: tool,
          ...numbers({ callsPerMinute, burst }),
        })),
      }),
    },
    auth: authInputOf(values.auth, stored),
  };
}

/** The fields of `after` that are not as in `before`. */
export function changedFields(before: ServerBody, after: ServerBody): ServerBody {
  return Object.fromEntries(
    Object.entries(after).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field]),
    ),
  );
}

/** What cannot be read as a number is passed on, so that the rules speak about it. */
function numbers(values: Readonly<Record<string, NumberValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

/** What people call the fields. */
export const FIELD_NAMES: Readonly<Record<keyof ServerFormValues, string>> = {
  name: 'Name',
  path: 'Path',
  url: 'Address',
  description: 'Description',
  repository: 'Repository',
  tags: 'Tags',
  transport: 'Transport',
  enabled: 'Enabled',
  access: 'Who may call it',
  timeoutSeconds: 'Timeout',
  maxBodyBytes: 'Largest request body',
  hostHeader: 'Host header',
  tls: 'TLS',
  limits: 'Limits',
  auth: 'Credentials',
};
