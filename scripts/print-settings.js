// Prints what start.sh needs of the checked settings, one per line: data folder, URL of the registry and
// of the gateway as this machine reaches them, public URL of the gateway. Says what is wrong with the environment and exits with 1.
import { readConfig } from '../dist/registry/config/read-config.js';

function localUrl({ host, port }) {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

try {
  const { dataDir, registry, gateway, publicUrl } = readConfig();
  console.log([dataDir, localUrl(registry), localUrl(gateway), publicUrl].join('\n'));
} catch (problem) {
  console.error(problem.message);
  process.exit(1);
}
