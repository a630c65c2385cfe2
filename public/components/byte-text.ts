const UNITS = ['bytes', 'KiB', 'MiB', 'GiB'];

/** `10485760` gives "10 MiB". */
export function byteText(bytes: number | string): string {
  let size = Number(bytes);
  if (bytes === '' || !Number.isFinite(size) || size < 0) return 'empty: 10 MiB';
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${String(Math.round(size * 100) / 100)} ${UNITS[unit] ?? ''}`;
}
