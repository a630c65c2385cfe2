import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStopWord, splitWords, stem } from '../../../registry/search/words.js';

describe('splitting into words', () => {
  it.each([
    ['get_current-weather.now', 'get current weather now'],
    ['getCurrentWeather', 'get current weather'],
    ['parseHTTPResponse', 'parse http response'],
    ['s3ListBuckets', 's3 list buckets'],
    ['Café für Zürich', 'cafe fur zurich'],
    ['天气', '天气'],
    [' !? ', ''],
  ])('%s gives %s', (text, expected) => {
    expect(splitWords(text).join(' ')).toBe(expected);
  });

  it('gives short lower-case words of letters and digits for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const word of splitWords(text)) {
          expect(word.length).toBeLessThanOrEqual(48);
          expect(word).not.toMatch(/[\s_.-]/);
        }
      }),
    );
  });
});

describe('the stem', () => {
  it.each([
    ['forecast forecasts forecasting forecasted'],
    ['create creates created creating'],
    ['plan plans planned planning'],
    ['query queries'],
    ['search searches searching searched'],
    ['box boxes'],
  ])('is the same for %s', (words) => {
    expect(new Set(words.split(' ').map(stem)).size).toBe(1);
  });

  it.each(['thing', 'status', 'red', 'bus', 'ss', 's', 'address'])('is no ruin of %s', (word) => {
    expect(stem(word).length).toBeGreaterThanOrEqual(Math.min(word.length, 3));
  });

  it('never fails and is never empty', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (word) => {
        expect(stem(word)).not.toBe('');
      }),
    );
  });
});

describe('stop words', () => {
  it('are not words that tell tools apart', () => {
    expect(['the', 'of', 'which'].every(isStopWord)).toBe(true);
    expect(['time', 'list', 'delete', 'not'].some(isStopWord)).toBe(false);
  });
});
