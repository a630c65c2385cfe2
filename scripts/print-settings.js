// Prints what start.sh needs of the checked settings, one per line: data folder, URL of the registry on
// this machine, public URL of the gateway. Says what is wrong with the environment and exits with 1.
import { readConfig } from '../dist/registry/config.js';

try {
  const { dataDir, registry, publicUrl } = readConfig();
  const everywhere = registry.host === '0.0.0.0' || registry.host === '::';
  const name = registry.host.includes(':') ? `[${registry.host}]` : registry.host;
  console.log(dataDir);
  console.log(`http://${everywhere ? '127.0.0.1' : name}:${registry.port}`);
  console.log(publicUrl);
} catch (problem) {
  console.error(problem.message);
  process.exit(1);
}
