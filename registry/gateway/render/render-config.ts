import { createHash } from 'node:crypto';
import nunjucks from 'nunjucks';
import type { ConfigFile } from '../gateway.js';
import * as nginx from '../plan/nginx-value.js';
import type { Plan } from '../plan/plan.js';
import { buildViews } from './views.js';

/** A configuration with the name that nginx answers when it serves it. */
export interface Generation {
  /** Hash of all files; the same plan gives the same id. */
  readonly id: string;
  readonly files: readonly ConfigFile[];
}

/** The parts that are the same for every plan, as they are on disk. */
export interface RenderSources {
  /** The files of nginx/, copied as they are: a generation stands on its own. */
  readonly staticFiles: readonly ConfigFile[];
  /** Templates by name, e.g. `routes.conf.njk`. */
  readonly templates: ReadonlyMap<string, string>;
}

/** Files in which the generation is named. */
const NAMED = ['healthz.conf', 'retired.conf', 'stream-zone.conf', 'stream-limit.conf'];

export type Render = (plan: Plan) => Generation;

/** Compiles the templates once. The function it gives is pure: the same plan gives the same bytes. */
export function createRenderer({ staticFiles, templates }: RenderSources): Render {
  // Values are checked for nginx when they are made; HTML escaping would only damage them.
  const environment = new nunjucks.Environment(null, {
    autoescape: false,
    throwOnUndefined: true,
  });
  const compiled = new Map(
    [...templates].map(([name, source]) => [
      name,
      new nunjucks.Template(source, environment, name, true),
    ]),
  );
  const print = (name: string, context: object): ConfigFile => {
    const template = compiled.get(`${name}.njk`);
    if (template === undefined) throw new Error(`There is no template ${name}.njk`);
    return { path: `generated/${name}`, text: template.render(context) };
  };
  return (plan) => {
    const views = buildViews(plan);
    const site = { ...views.settings, ...views.locations };
    const files = [
      ...staticFiles,
      ...views.bundles,
      print('process.conf', views.settings),
      print('events.conf', views.settings),
      print('settings.conf', views.settings),
      print('forwarded.conf', views.settings),
      print('transport.conf', views.settings),
      print('routes.conf', views.routes),
      print('limits.conf', views.limits),
      print('unauthenticated.conf', views.settings),
      print('upstreams.conf', { upstreams: views.upstreams }),
      print('site.conf', site),
    ];
    const id = fingerprint(files);
    // What names the generation cannot be part of its hash.
    const named = {
      generation: nginx.word(id),
      retiredFolder: nginx.plainFilePath(plan.settings.retiredFolder),
      maxStreams: views.settings.maxStreams,
    };
    return { id, files: [...files, ...NAMED.map((name) => print(name, named))] };
  };
}

function fingerprint(files: readonly ConfigFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text } of files) hash.update(`${path}\0${text}\0`);
  return hash.digest('hex').slice(0, 16);
}
