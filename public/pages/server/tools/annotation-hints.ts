interface Hint {
  readonly label: string;
  readonly color: 'gray' | 'teal' | 'red';
}

/** What a tool claims of itself (MCP `ToolAnnotations`): hints, which nobody has proven. */
export function hintsOf(annotations: Readonly<Record<string, unknown>> = {}): readonly Hint[] {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
  const hints: readonly (readonly [boolean, Hint])[] = [
    [readOnlyHint === true, { label: 'Says it only reads', color: 'gray' }],
    [
      destructiveHint === true && readOnlyHint !== true,
      { label: 'Says it may destroy', color: 'red' },
    ],
    [
      idempotentHint === true && readOnlyHint !== true,
      { label: 'Says repeating does no harm', color: 'gray' },
    ],
    [openWorldHint === true, { label: 'Says it reaches outside', color: 'gray' }],
  ];
  return hints.filter(([holds]) => holds).map(([, hint]) => hint);
}
