interface Named {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
}

/** How much of a description is searched: servers write megabytes if they like. */
const SEARCHED = 4_000;

/** Those that hold every word; whose names do come first. */
export function matchingTools<T extends Named>(tools: readonly T[], query: string): readonly T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return tools;
  const has = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const nameOf = ({ name, title = '' }: Named) => `${name} ${title}`.slice(0, SEARCHED);
  const inName = tools.filter((tool) => has(nameOf(tool)));
  const beyond = tools.filter(
    (tool) =>
      !inName.includes(tool) &&
      has(`${nameOf(tool)} ${tool.description?.slice(0, SEARCHED) ?? ''}`),
  );
  return [...inName, ...beyond];
}
