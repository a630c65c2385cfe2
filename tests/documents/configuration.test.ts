import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../registry/config/read-config.js';

const text = (file: string) => readFileSync(file, 'utf8');

/** The names that the schema of the settings knows. */
function variables(): string[] {
  const [, schema = ''] =
    /^export const settingsSchema = z\.object\(\{\n(.*?)^\}\);/ms.exec(
      text('registry/config/settings-schema.ts'),
    ) ?? [];
  return [...schema.matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map(([, name = '']) => name).sort();
}

/** What `.env.example` sets once its lines are no comments any more. */
function example(): Record<string, string> {
  const lines = [...text('.env.example').matchAll(/^# ([A-Z][A-Z0-9_]*)=(.*)$/gm)];
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]));
}

/** The first column of the table below a heading of the README. */
function readmeTable(heading: string): string[] {
  const [, section = ''] = text('README.md').split(new RegExp(`^## ${heading}$`, 'm'));
  const [table = ''] = section.split(/^## /m);
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([A-Z][A-Z0-9_]*)`/g)].map(([, name = '']) => name),
  );
}

describe('the documented configuration', () => {
  it('is what the registry reads, by name, in .env.example', () => {
    expect(variables().length).toBeGreaterThan(20);
    expect(Object.keys(example()).sort()).toEqual(variables());
  });

  it('is what the registry reads, by name, in the README', () => {
    expect(readmeTable('Configuration').sort()).toEqual(variables());
  });

  it('shows the real defaults in .env.example', () => {
    const { settings: shown, ...values } = readConfig(example());
    const { settings: usual, ...defaults } = readConfig({});
    expect(values).toEqual(defaults);
    expect(shown.map(({ value }) => value)).toEqual(usual.map(({ value }) => value));
  });

  it('has every line of .env.example commented out', () => {
    const active = text('.env.example')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(active).toEqual([]);
  });
});
