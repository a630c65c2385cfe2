import { describe, expect, it } from '@jest/globals';
import { healthFacts } from '../../../../public/pages/settings/health-facts';
import { shownSettings } from '../../../../public/pages/settings/shown-settings';

const setting = (name: string, value: string | null, isDefault: boolean) => ({
  name,
  value,
  isDefault,
  secret: false,
  description: `What ${name} is for`,
});

describe('shownSettings', () => {
  const settings = [setting('DATA_DIR', '/data', false), setting('GATEWAY_PORT', '8080', true)];

  it('finds by name, value and description', () => {
    expect(shownSettings(settings, 'gateway for', false)).toEqual([settings[1]]);
    expect(shownSettings(settings, '/DATA', false)).toEqual([settings[0]]);
    expect(shownSettings(settings, '', false)).toHaveLength(2);
  });

  it('leaves out what nobody set, when asked to', () => {
    expect(shownSettings(settings, '', true)).toEqual([settings[0]]);
  });
});

describe('healthFacts', () => {
  const well = {
    status: 'healthy',
    version: '1',
    revision: 1,
    store: { writable: true },
    audit: { writable: true },
    gateway: { state: 'applied', generation: 'a' },
    servers: {
      total: 2,
      enabled: 2,
      reachable: 2,
      unreachable: 0,
      unknown: 0,
      issues: 0,
      invalid: 0,
      excluded: 0,
    },
  } as const;

  it('finds everything well where it is', () => {
    const facts = healthFacts(well);
    expect(facts.map(({ name }) => name)).toEqual(['Store', 'Audit log', 'Gateway', 'Servers']);
    expect(facts.every(({ isWell, details }) => isWell && details.length === 0)).toBe(true);
  });

  it('gives reason and remedy of what is not', () => {
    const facts = healthFacts({
      ...well,
      status: 'degraded',
      store: { writable: false, reason: 'The disk is full.', remedy: 'Make room.' },
      audit: { writable: false, reason: 'EIO', waiting: 1200 },
      gateway: {
        state: 'rejected',
        generation: 'a',
        reason: 'unknown directive',
        certificate: { state: 'expired', expiresAt: '2026-01-31T08:00:00Z' },
      },
      servers: { ...well.servers, issues: 1, excluded: 1 },
    });
    expect(facts.filter(({ isWell }) => !isWell).map(({ name }) => name)).toEqual([
      'Store',
      'Audit log',
      'Gateway',
      'Certificate',
      'Servers',
    ]);
    expect(facts[0]?.details).toEqual(['The disk is full.', 'Make room.']);
    expect(facts[1]?.text).toContain('1,200');
  });
});
