/** How long something took: `0.4 ms`, `12 ms`, `3.4 s`; a dash for what was not measured. */
export function elapsedText(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${String(Math.round(ms))} ms`;
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${(ms / 1000).toLocaleString('en', digits)} s`;
}
