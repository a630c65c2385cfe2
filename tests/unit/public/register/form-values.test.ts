import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { AUTH_TYPES, NO_AUTH_VALUES } from '../../../../public/pages/register/auth-values';
import { faultsOfForm } from '../../../../public/pages/register/form-faults';
import {
  changedFields,
  formValuesOf,
  inputOf,
  NEW_SERVER,
  type ServerFormValues,
} from '../../../../public/pages/register/form-values';
import { serverInputSchema } from '../../../../registry/catalog/server.js';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
/** Everything that can be filled in. */
const FULL: ServerFormValues = {
  name: 'Weather',
  path: '/team/weather',
  url: 'https://weather.example/mcp',
  description: 'Forecasts',
  repository: 'https://github.com/acme/weather',
  tags: ['prod'],
  transport: 'sse',
  enabled: false,
  access: 'public',
  timeoutSeconds: 60,
  maxBodyBytes: 4096,
  hostHeader: 'client',
  tls: { verify: false, caPem: PEM },
  limits: {
    callsPerMinute: 10,
    burst: 5,
    tools: [{ name: 'forecast', callsPerMinute: 2, burst: 1 }],
  },
  auth: {
    type: 'none',
    token: 'a',
    username: 'b',
    password: 'c',
    headers: [{ name: 'X-Key', value: 'd' }],
    tokenUrl: 'https://login.example/token',
    clientId: 'e',
    clientSecret: 'f',
    scope: 'g',
    resource: 'https://weather.example',
    method: 'post',
    from: 'X-Mine',
    to: 'X-Theirs',
  },
};
const AROUND = { taken: new Set<string>() };
const everyAuth = AUTH_TYPES.map((type) => ({ ...FULL, auth: { ...FULL.auth, type } }));

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** Dotted names of the fields that hold no others, in the way of the API's own messages. */
function leavesOfSchema(schema: JsonSchema, at: string): string[] {
  const options = schema.oneOf ?? schema.anyOf;
  if (options) return options.flatMap((option) => leavesOfSchema(option, at));
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([key, field]) =>
      leavesOfSchema(field, at === '' ? key : `${at}.${key}`),
    );
  }
  return schema.items ? leavesOfSchema(schema.items, `${at}.*`) : [at];
}

function leavesOf(value: unknown, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, `${at}.*`));
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, item]) =>
    leavesOf(item, at === '' ? key : `${at}.${key}`),
  );
}

describe('the form', () => {
  it('has every field that the API takes, and no other', () => {
    const schema = z.toJSONSchema(serverInputSchema, { io: 'input', unrepresentable: 'any' });
    const wanted = new Set(leavesOfSchema(schema as JsonSchema, ''));
    expect(wanted.size).toBeGreaterThan(25);
    const sent = new Set(everyAuth.flatMap((values) => leavesOf(inputOf(values), '')));
    expect([...sent].sort()).toEqual([...wanted].sort());
  });

  it.each(everyAuth.map((values) => [values.auth.type, values] as const))(
    'is taken by the rules when it is full, with credentials of the type %s',
    (_type, values) => {
      expect(faultsOfForm(values, AROUND)).toEqual({});
    },
  );

  it('shows again what it sent', () => {
    for (const values of everyAuth) {
      const sent = inputOf(values);
      expect(inputOf(formValuesOf(sent))).toEqual(sent);
    }
  });

  it('sends what is left empty as the default', () => {
    const input = inputOf({ ...NEW_SERVER, name: 'A', path: '/a', url: 'http://a/mcp' });
    const parsed = serverInputSchema.parse(input);
    const plain = serverInputSchema.parse({ name: 'A', path: '/a', url: 'http://a/mcp' });
    expect(parsed).toEqual({ ...plain, enabled: true, auth: { type: 'none' } });
  });

  it('says what is wrong in the words of the API, at the field', () => {
    const faults = faultsOfForm(
      {
        ...FULL,
        name: ' ',
        path: '/API',
        url: 'ftp://x',
        tags: ['ok', 'Not OK'],
        timeoutSeconds: 0,
        limits: { callsPerMinute: '', burst: 3, tools: [] },
        auth: { ...NO_AUTH_VALUES, type: 'headers', headers: [{ name: 'Host', value: '' }] },
      },
      AROUND,
    );
    expect(faults).toMatchObject({
      name: 'Must not be empty',
      path: expect.stringContaining('the gateway keeps for itself') as unknown,
      url: 'Must begin with http:// or https://',
      'tags.1': expect.stringContaining('lower-case') as unknown,
      timeoutSeconds: 'Must be at least 1',
      'limits.burst': expect.stringContaining('eeds callsPerMinute') as unknown,
      'auth.headers.0.name': expect.stringContaining('ust not be a header') as unknown,
      'auth.headers.0.value': 'Is required',
    });
  });

  it('knows the paths of others', () => {
    const faults = faultsOfForm(FULL, { taken: new Set(['/team/weather']) });
    expect(faults).toEqual({ path: 'Is the path of another server' });
  });

  it('refuses to pass on the token of the gateway', () => {
    const auth = { ...FULL.auth, type: 'pass-through', from: 'Authorization' } as const;
    const faults = faultsOfForm({ ...FULL, access: 'authenticated', auth }, AROUND);
    expect(faults['auth.from']).toMatch(/^Must not be Authorization/);
  });
});

describe('secrets', () => {
  const changedAt = '2026-01-01T00:00:00.000Z';
  const bearer = { type: 'bearer', secretSet: true, changedAt } as const;
  const keyed = {
    type: 'headers',
    headers: [{ name: 'x-key' }],
    secretSet: true,
    changedAt,
  } as const;

  it('that are stored stay when nothing is typed', () => {
    const values = { ...FULL, auth: { ...NO_AUTH_VALUES, type: 'bearer' } as const };
    expect(inputOf(values, bearer).auth).toEqual({ type: 'bearer' });
    expect(faultsOfForm(values, { ...AROUND, stored: bearer })).toEqual({});
    expect(faultsOfForm(values, AROUND)).toEqual({ 'auth.token': 'Is required' });
  });

  it('of a header stay with its name', () => {
    const auth = (name: string) =>
      ({ ...NO_AUTH_VALUES, type: 'headers', headers: [{ name, value: '' }] }) as const;
    const around = { ...AROUND, stored: keyed };
    expect(faultsOfForm({ ...FULL, auth: auth('X-Key') }, around)).toEqual({});
    expect(faultsOfForm({ ...FULL, auth: auth('X-Other') }, around)).toEqual({
      'auth.headers.0.value': 'Is required',
    });
  });

  it('are no change while they are not typed', () => {
    const server = { ...inputOf(FULL), auth: bearer };
    const before = inputOf(formValuesOf(server), bearer);
    const edited = { ...formValuesOf(server), name: 'Other' };
    expect(changedFields(before, inputOf(edited, bearer))).toEqual({ name: 'Other' });
  });
});
