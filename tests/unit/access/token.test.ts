import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hashToken, isWellFormedToken, makeToken } from '../../../registry/access/token.js';

describe('tokens', () => {
  it('look as the contract says and are all different', () => {
    const tokens = Array.from({ length: 200 }, makeToken);
    for (const token of tokens) expect(token).toMatch(/^mcpgw_[0-9A-Za-z]{40}_[0-9A-Za-z]{6}$/);
    expect(new Set(tokens).size).toBe(200);
    expect(tokens.every(isWellFormedToken)).toBe(true);
  });

  it('are told from mistyped ones: each single changed character', () => {
    const token = makeToken();
    for (let at = 'mcpgw_'.length; at < token.length; at += 1) {
      const other = token[at] === 'a' ? 'b' : 'a';
      expect(isWellFormedToken(token.slice(0, at) + other + token.slice(at + 1))).toBe(false);
    }
  });

  it.each(['', 'mcpgw_', 'mcpgw_a_b', 'Bearer x', ` ${makeToken()}`, `${makeToken()}\n`])(
    'are not %j',
    (text) => {
      expect(isWellFormedToken(text)).toBe(false);
    },
  );

  it('keep their checksum format: a token made once is good for ever', () => {
    const random = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcd';
    expect(isWellFormedToken(`mcpgw_${random}_${KNOWN_CHECKSUM}`)).toBe(true);
  });

  it('are kept as the SHA-256 of their whole text', () => {
    expect(hashToken('mcpgw_x')).toBe(createHash('sha256').update('mcpgw_x').digest('hex'));
  });
});

/** CRC-32 (IEEE 802.3) of the first 40 characters of the alphabet, in base62. */
const KNOWN_CHECKSUM = '0omAup';
