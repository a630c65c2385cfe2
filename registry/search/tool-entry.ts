import type { Tool } from '../catalog/discovery.js';
import type { SearchedServer } from './tool-document.js';

/** A tool of a server, as indices know it. */
export interface ToolEntry {
  readonly id: string;
  /** Of the server. */
  readonly path: string;
  readonly tool: Tool;
}

/** What follows the catalog and discovery. */
export interface ToolSink {
  /** Replaces what is known of a server; only what is different is worked on. */
  put(server: SearchedServer, tools: readonly Tool[]): void;
  remove(path: string): void;
}

/** A server may, against the specification, name two tools alike; a number keeps them apart. */
export function entriesOf(server: SearchedServer, tools: readonly Tool[]): ToolEntry[] {
  const seen = new Map<string, number>();
  return tools.map((tool) => {
    const count = seen.get(tool.name) ?? 0;
    seen.set(tool.name, count + 1);
    return { id: `${server.path}\n${tool.name}\n${count}`, path: server.path, tool };
  });
}
