import { expect, it } from '@jest/globals';
import { certificateLife } from '../../../../registry/gateway/certificate/certificate-life.js';

const CERTIFICATE = {
  validFrom: new Date('2026-01-01T00:00:00Z'),
  validTo: new Date('2026-04-01T00:00:00Z'),
};

it.each([
  ['2025-12-31T23:59:59Z', 'not-yet-valid'],
  ['2026-01-01T00:00:00Z', 'valid'],
  ['2026-03-18T00:00:00Z', 'valid'],
  ['2026-03-18T00:00:01Z', 'expiring'],
  ['2026-03-31T23:59:59Z', 'expiring'],
  ['2026-04-01T00:00:00Z', 'expired'],
] as const)('at %s it is %s', (now, life) => {
  expect(certificateLife(CERTIFICATE, new Date(now))).toBe(life);
});
