/** Lets the browser save data as a file. It is never opened: it may come from anybody. */
export function saveFile(name: string, data: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([data], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then; freed at once, some would save nothing.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
