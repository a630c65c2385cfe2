/** How far somebody has followed: of which audience, up to which change. */
export interface Cursor {
  /** Of this run of the registry; numbers of another one mean nothing here. */
  readonly instance: string;
  readonly audience: number;
  readonly sequence: number;
}

const GRAMMAR = /^([0-9a-f]{1,32})\.(\d{1,12})\.(\d{1,12})$/;

export function formatCursor({ instance, audience, sequence }: Cursor): string {
  return `${instance}.${audience}.${sequence}`;
}

/** @returns undefined for what is no cursor of ours */
export function parseCursor(text: string): Cursor | undefined {
  const [, instance, audience, sequence] = GRAMMAR.exec(text) ?? [];
  if (instance === undefined) return undefined;
  return { instance, audience: Number(audience), sequence: Number(sequence) };
}
