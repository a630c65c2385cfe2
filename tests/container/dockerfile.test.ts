import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface Instruction {
  readonly stage: string;
  readonly name: string;
  readonly text: string;
}

/** The instructions of the Dockerfile, each with the stage that it belongs to. */
function instructions(): Instruction[] {
  const lines = readFileSync('Dockerfile', 'utf8')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  let stage = '';
  return lines.map((line) => {
    const [name = '', ...rest] = line.split(' ');
    const text = rest.join(' ');
    if (name === 'FROM') stage = / AS (\S+)$/.exec(text)?.[1] ?? '';
    return { stage, name, text };
  });
}

const of = (stage: string, name: string) =>
  instructions()
    .filter((instruction) => instruction.stage === stage && instruction.name === name)
    .map(({ text }) => text);

/** The file that a `CMD ["node", file]` runs. */
const program = (stage: string) => (JSON.parse(of(stage, 'CMD').at(-1) ?? '[]') as string[])[1];

const finalStages = ['gateway', 'demo'];

describe('the container image', () => {
  it('is the gateway when no target is named', () => {
    expect(instructions().at(-1)?.stage).toBe('gateway');
  });

  it('copies only what exists, and what .dockerignore lets through', () => {
    const copied = instructions()
      .filter(({ name, text }) => name === 'COPY' && !text.startsWith('--from='))
      .flatMap(({ text }) => text.split(' ').slice(0, -1));
    expect(copied).toContain('nginx');
    expect(copied.filter((source) => !existsSync(source))).toEqual([]);
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(copied.filter((source) => !allowed.includes(source))).toEqual([]);
  });

  it.each(finalStages)('runs in %s a program that the build makes', (stage) => {
    const source = (program(stage) ?? '').replace(/^dist\/(.*)\.js$/, '$1.ts');
    expect(source).toMatch(/^(?:registry|scripts)\/.*\.ts$/);
    expect(existsSync(source)).toBe(true);
    const compiled = JSON.parse(readFileSync('tsconfig.build.json', 'utf8')) as {
      include: string[];
    };
    expect(compiled.include.some((folder) => source.startsWith(`${folder}/`))).toBe(true);
  });

  it.each(finalStages)('runs %s as an unprivileged user, with a health check', (stage) => {
    const user = of(stage, 'USER').at(-1) ?? 'root';
    expect(Number(user.split(':')[0])).toBeGreaterThan(0);
    expect(of(stage, 'HEALTHCHECK')).toHaveLength(1);
  });

  it('exposes the gateway alone and keeps the registry on loopback', () => {
    expect(of('gateway', 'EXPOSE')).toEqual(['8080']);
    expect(of('gateway', 'ENV').join(' ')).toContain('REGISTRY_HOST=127.0.0.1');
  });

  it('carries no secret', () => {
    const set = instructions().filter(({ name }) => name === 'ENV' || name === 'ARG');
    expect(set.map(({ text }) => text).join(' ')).not.toMatch(/PASSWORD|SECRET|TOKEN/);
  });
});
