import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Service {
  readonly image?: string;
  readonly build?: string | { readonly context: string; readonly target?: string };
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly network_mode?: string;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly depends_on?: string[] | Readonly<Record<string, unknown>>;
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  it('publishes one port: the gateway', () => {
    const published = services.flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${port.split(':').at(-1) ?? ''}`),
    );
    expect(published).toEqual(['gateway 8080']);
    expect(services.filter(([, { network_mode }]) => network_mode === 'host')).toEqual([]);
  });

  it('keeps the registry on loopback inside the container', () => {
    expect(compose.services.gateway?.environment).toMatchObject({
      REGISTRY_HOST: '127.0.0.1',
      GATEWAY_PORT: '8080',
      DATA_DIR: '/data',
    });
  });

  it.each(services)('gives %s no privilege and no writable root', (_name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.privileged ?? false).toBe(false);
    expect(service.user ?? '10001').not.toMatch(/^(?:0|root)/);
  });

  it('keeps the data in a volume that is declared', () => {
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((v) => v.split(':')[0]));
    expect(new Set(used)).toEqual(new Set(['data']));
    expect(Object.keys(compose.volumes)).toEqual(['data']);
    expect(compose.services.gateway?.volumes).toEqual(['data:/data']);
  });

  it('sets no password, key or token', () => {
    const names = services.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(names.filter((name) => /PASSWORD|SECRET|TOKEN|KEY/.test(name))).toEqual([]);
  });

  it('starts nothing but the gateway unless the demo is asked for', () => {
    const always = services.filter(([, { profiles }]) => profiles === undefined);
    expect(always.map(([name]) => name)).toEqual(['gateway']);
  });

  it('builds stages that the Dockerfile has and runs programs that the build makes', () => {
    const dockerfile = readFileSync('Dockerfile', 'utf8');
    const targets = services.flatMap(([, { build }]) =>
      typeof build === 'object' && build.target !== undefined ? [build.target] : [],
    );
    expect(targets).toEqual(['demo']);
    for (const target of targets) expect(dockerfile).toContain(` AS ${target}\n`);
    const programs = services.flatMap(([, { command = [] }]) =>
      command.filter((word) => word.startsWith('dist/')),
    );
    expect(programs).toEqual(['dist/scripts/demo/register.js']);
    for (const program of programs) {
      expect(existsSync(program.replace(/^dist\/(.*)\.js$/, '$1.ts'))).toBe(true);
    }
  });

  it('lets services depend only on services that exist', () => {
    const wanted = services.flatMap(([, { depends_on = [] }]) =>
      Array.isArray(depends_on) ? depends_on : Object.keys(depends_on),
    );
    expect(wanted.filter((name) => !(name in compose.services))).toEqual([]);
  });
});
