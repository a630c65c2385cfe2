import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { ConfigFile } from './gateway.js';
import type { RenderSources } from './render/render-config.js';

/** Reads the static parts and the templates once. `root` is the folder that holds nginx/ and templates/. */
export function loadRenderSources(root: string): RenderSources {
  const nginx = path.join(root, 'nginx');
  const templates = path.join(root, 'templates', 'nginx');
  const read = (folder: string, name: string) => readFileSync(path.join(folder, name), 'utf8');
  const filesOf = (folder: string, ending: string) =>
    readdirSync(path.join(nginx, folder))
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name): ConfigFile => ({
        path: `${folder}/${name}`,
        text: read(nginx, `${folder}/${name}`),
      }));
  return {
    staticFiles: [
      { path: 'nginx.conf', text: read(nginx, 'nginx.conf') },
      ...filesOf('snippets', '.conf'),
      ...filesOf('njs', '.js'),
    ],
    templates: new Map(
      readdirSync(templates)
        .filter((name) => name.endsWith('.njk'))
        .map((name) => [name, read(templates, name)]),
    ),
  };
}
