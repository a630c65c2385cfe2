import { isObject } from '../tools/json-schema.js';

/** One part of what a tool answered, as it can be shown. */
export type ResultPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image' | 'audio'; readonly mimeType: string; readonly data: string }
  | { readonly kind: 'link'; readonly uri: string; readonly name: string; readonly detail: string }
  | {
      readonly kind: 'resource';
      readonly uri: string;
      readonly mimeType: string;
      readonly text?: string;
      /** Base64. */
      readonly blob?: string;
    }
  /** Something that is not shown, and why. */
  | { readonly kind: 'withheld'; readonly what: string; readonly why: string }
  | { readonly kind: 'other'; readonly value: unknown };

/** Images that browsers draw without running anything: SVG as an image has no scripts and loads nothing. */
const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml']);
const SOUNDS = new Set([
  ...[
    'audio/wav',
    'audio/x-wav',
    'audio/wave',
    'audio/mpeg',
    'audio/mp3',
    'audio/ogg',
    'audio/webm',
  ],
  ...['audio/mp4', 'audio/aac', 'audio/flac', 'audio/x-m4a'],
]);
/** Of base64; about 9 MB of bytes. */
export const MOST_MEDIA_CHARACTERS = 12_000_000;

/** Reads the content of a result. Nothing in it can be taken for granted. */
export function resultParts(content: unknown): ResultPart[] {
  if (!Array.isArray(content)) return [];
  return content.map((block: unknown): ResultPart => {
    if (!isObject(block)) return { kind: 'other', value: block };
    switch (block.type) {
      case 'text':
        return typeof block.text === 'string'
          ? { kind: 'text', text: block.text }
          : { kind: 'other', value: block };
      case 'image':
      case 'audio':
        return mediaPart(block.type, block.mimeType, block.data);
      case 'resource_link':
        return linkPart(block);
      case 'resource':
        return resourcePart(block.resource) ?? { kind: 'other', value: block };
      default:
        return { kind: 'other', value: block };
    }
  });
}

function mediaPart(kind: 'image' | 'audio', type: unknown, data: unknown): ResultPart {
  const mimeType = bareType(type);
  const known = kind === 'image' ? IMAGES : SOUNDS;
  if (!known.has(mimeType)) {
    const named = mimeType === '' ? 'no type' : `the type ${mimeType.slice(0, 80)}`;
    return withheld(kind, `it has ${named}, which is not shown here`);
  }
  if (typeof data !== 'string' || data === '') return withheld(kind, 'it holds no data');
  if (data.length > MOST_MEDIA_CHARACTERS) {
    return withheld(kind, `it has ${megabytes(data.length)} MB, which is too much to show`);
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data.slice(0, 4_000).replace(/\s/g, ''))) {
    return withheld(kind, 'its data is not base64');
  }
  return { kind, mimeType, data: data.replace(/\s/g, '') };
}

function linkPart({
  uri,
  name,
  title,
  description,
}: Readonly<Record<string, unknown>>): ResultPart {
  return {
    kind: 'link',
    uri: textOf(uri),
    name: textOf(title) || textOf(name) || textOf(uri),
    detail: textOf(description),
  };
}

function resourcePart(resource: unknown): ResultPart | undefined {
  if (!isObject(resource)) return undefined;
  const { uri, mimeType, text, blob } = resource;
  const type = bareType(mimeType);
  if (typeof blob === 'string' && IMAGES.has(type)) return mediaPart('image', type, blob);
  return {
    kind: 'resource',
    uri: textOf(uri),
    mimeType: type,
    ...(typeof text === 'string' && { text }),
    ...(typeof blob === 'string' && { blob }),
  };
}

function withheld(kind: 'image' | 'audio', why: string): ResultPart {
  return { kind: 'withheld', what: kind === 'image' ? 'An image' : 'A sound', why };
}

/** `Image/PNG; name="x"` -> `image/png` */
function bareType(type: unknown): string {
  return (textOf(type).slice(0, 200).split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** Where a browser may go for a person: nothing but the web. */
export function isWebLink(uri: string): boolean {
  return URL.canParse(uri) && ['http:', 'https:'].includes(new URL(uri).protocol);
}

export function megabytes(characters: number): string {
  return ((characters * 3) / 4 / 1_000_000).toFixed(1);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
