import { describe, expect, it } from '@jest/globals';
import {
  secretsInQuery,
  withoutQueryValues,
  withoutSecretParameters,
} from '../../registry/url-query.js';

describe('the query of an address', () => {
  it.each([
    ['http://a/mcp', 'http://a/mcp'],
    ['http://a/?', 'http://a/?[set]'],
    ['http://a/mcp?key=v', 'http://a/mcp?key=[set]'],
    ['http://a/mcp?x=1?2=3&y', 'http://a/mcp?x=[set]&[set]'],
    ['http://a/mcp?x=a=b&', 'http://a/mcp?x=[set]&[set]'],
  ])('without values: %s', (url, shown) => {
    expect(withoutQueryValues(url)).toBe(shown);
  });

  it('has secrets in parameters that are named so, as they stand there and decoded', () => {
    const url = 'http://a/mcp?exaApiKey=a%2Fb&page=2&access_token=c&x.sig=&tokens=9';
    expect(secretsInQuery(url)).toEqual(['a%2Fb', 'a/b', 'c', 'c', '', '']);
    expect(secretsInQuery('http://a/key=1')).toEqual([]);
  });

  it('is told in texts without them', () => {
    const text = 'GET "http://a/?q=1&API-KEY=abc" and http://b/?sessionId=9&secret=8 failed';
    expect(withoutSecretParameters(text, '*')).toBe(
      'GET "http://a/?q=1&API-KEY=*" and http://b/?sessionId=*&secret=* failed',
    );
  });
});
