import { describe, expect, it } from '@jest/globals';
import {
  isWebLink,
  MOST_MEDIA_CHARACTERS,
  resultParts,
} from '../../../../public/pages/server/run/result-parts.js';

const image = (mimeType: unknown, data: unknown = 'iVBORw0KGgo=') =>
  resultParts([{ type: 'image', mimeType, data }])[0];

describe('resultParts', () => {
  it('reads each kind of content', () => {
    const parts = resultParts([
      { type: 'text', text: 'sunny' },
      { type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
      { type: 'audio', mimeType: 'audio/wav', data: 'UklGRg==' },
      { type: 'resource_link', uri: 'file:///a', name: 'a', description: 'the first' },
      { type: 'resource', resource: { uri: 'file:///b', mimeType: 'text/plain', text: 'b' } },
      { type: 'resource', resource: { uri: 'file:///c', mimeType: 'image/gif', blob: 'R0lGODlh' } },
      { type: 'resource', resource: { uri: 'file:///d', mimeType: 'font/otf', blob: 'AAAA' } },
    ]);
    expect(parts).toEqual([
      { kind: 'text', text: 'sunny' },
      { kind: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' },
      { kind: 'audio', mimeType: 'audio/wav', data: 'UklGRg==' },
      { kind: 'link', uri: 'file:///a', name: 'a', detail: 'the first' },
      { kind: 'resource', uri: 'file:///b', mimeType: 'text/plain', text: 'b' },
      { kind: 'image', mimeType: 'image/gif', data: 'R0lGODlh' },
      { kind: 'resource', uri: 'file:///d', mimeType: 'font/otf', blob: 'AAAA' },
    ]);
  });

  it.each([
    ['text/html', 'type text/html'],
    ['image/png,<script>', 'not shown here'],
    ['image/x-anything', 'not shown here'],
    ['', 'no type'],
    [undefined, 'no type'],
    [7, 'no type'],
  ])('does not show an image of type %p', (mimeType, why) => {
    expect(image(mimeType)).toMatchObject({ kind: 'withheld', why: expect.stringContaining(why) });
  });

  it('reads types as people write them', () => {
    expect(image('Image/PNG; charset=binary')).toMatchObject({
      kind: 'image',
      mimeType: 'image/png',
    });
  });

  it.each([
    ['nothing', ''],
    ['no text', 5],
    ['what is not base64', '"><script>alert(1)</script>'],
    ['too much', 'A'.repeat(MOST_MEDIA_CHARACTERS + 1)],
  ])('does not show an image that holds %s', (_what, data) => {
    expect(image('image/png', data)).toMatchObject({ kind: 'withheld' });
  });

  it.each([[undefined], ['text'], [{ type: 'text', text: 'x' }]])(
    'takes %p for no content',
    (content) => {
      expect(resultParts(content)).toEqual([]);
    },
  );

  it('keeps what it does not know for the eyes of experts', () => {
    expect(resultParts([null, 3, { type: 'hologram' }, { type: 'text', text: 3 }])).toEqual([
      { kind: 'other', value: null },
      { kind: 'other', value: 3 },
      { kind: 'other', value: { type: 'hologram' } },
      { kind: 'other', value: { type: 'text', text: 3 } },
    ]);
  });
});

describe('isWebLink', () => {
  it.each([
    ['https://example.com/a', true],
    ['http://example.com', true],
    ['javascript:alert(1)', false],
    [' java\nscript:alert(1)', false],
    ['data:text/html,x', false],
    ['file:///etc/passwd', false],
    ['demo://resource/1', false],
    ['//example.com', false],
  ])('%s: %p', (uri, expected) => {
    expect(isWebLink(uri)).toBe(expected);
  });
});
