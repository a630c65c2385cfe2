import { describe, expect, it } from '@jest/globals';
import { createVault } from '../../../registry/access/vault.js';
import type { SealedText } from '../../../registry/catalog/server-auth.js';

describe('the vault', () => {
  const vault = createVault('a key');

  it.each(['sk-123', '', 'ä😀', 'x'.repeat(4096)])('gives back what it was given: %#', (plain) => {
    const sealed = vault.seal(plain, 'one/token');
    expect(sealed).toMatch(/^v1\.[A-Za-z0-9_-]{38,}$/);
    expect(vault.open(sealed, 'one/token')).toBe(plain);
    expect(createVault('a key').open(sealed, 'one/token')).toBe(plain);
  });

  it('seals the same secret differently each time', () => {
    expect(vault.seal('x', 'a')).not.toBe(vault.seal('x', 'a'));
  });

  const sealed = vault.seal('secret', 'one/token');
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  const flipped = (index: number) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(index) ^ 1, index);
    return `v1.${copy.toString('base64url')}` as SealedText;
  };

  it('does not open with another key', () => {
    expect(createVault('another key').open(sealed, 'one/token')).toBeUndefined();
  });

  it('does not open in another place', () => {
    expect(vault.open(sealed, 'two/token')).toBeUndefined();
  });

  it.each([
    ['a changed nonce', flipped(0)],
    ['a changed text', flipped(12)],
    ['a changed tag', flipped(bytes.length - 1)],
    ['a cut text', sealed.slice(0, 40) as SealedText],
    ['nothing', 'v1.' as SealedText],
    ['another version', sealed.replace('v1', 'v2') as SealedText],
    ['a plain secret', 'secret' as SealedText],
  ])('does not open %s', (_what, spoilt) => {
    expect(vault.open(spoilt, 'one/token')).toBeUndefined();
  });
});
