/** Of a name in `server.json`. */
const MAX_NAME = 200;

/**
 * The namespace of this gateway's servers: `gateway.example.com` gives `com.example.gateway`. What is no name of the
 * DNS (an address, `localhost`, a name of one label) is put below `local`.
 * @param publicUrl of the gateway
 */
export function namespaceOf(publicUrl: string): string {
  const { hostname } = new URL(publicUrl);
  const labels = hostname.replace(/\.$/, '').split('.');
  const isAddress = hostname.startsWith('[') || /^\d+$/.test(labels.at(-1) ?? '');
  if (labels.length > 1 && !isAddress) return labels.reverse().join('.');
  return `local.${hostname.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'gateway'}`;
}

/**
 * `/team/weather` gives `com.example.gateway/team.weather`; no path has a dot, so that no two share a name.
 * @param path of the server, with its leading slash
 */
export function publishedName(path: string, publicUrl: string): string {
  const own = path.slice(1).replaceAll('/', '.');
  return `${namespaceOf(publicUrl).slice(0, MAX_NAME - 1 - own.length)}/${own}`;
}
