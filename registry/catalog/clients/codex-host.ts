import { guideWith, type ClientHost } from './client-guide.js';
import { clientName, variableName } from './client-name.js';
import { placeholderValue, TOKEN_PLACEHOLDER, type ClientTarget } from './client-target.js';
import { remoteBridge } from './remote-bridge.js';
import { shellWord } from './shell-word.js';

/** A basic string of TOML (1.0, "String") escapes what JSON escapes, and DEL as well. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

/**
 * https://developers.openai.com/codex/mcp: a token is never in the file, but in a variable that it names. HTTP+SSE is not
 * spoken, so such servers get the bridge.
 */
export const codex: ClientHost = {
  id: 'codex',
  title: 'Codex',
  guide: (target) => {
    const { transport, headers } = target;
    const lines = transport === 'sse' ? bridgeLines(target) : httpLines(target);
    return guideWith(target, {
      language: 'toml',
      file: '~/.codex/config.toml',
      text: `${lines.join('\n')}\n`,
      notes: [
        ...(headers.length > 0 && transport !== 'sse'
          ? [
              'Codex reads the token from its environment: run the export of the first line in the shell that starts it.',
            ]
          : []),
        ...(transport === 'sse'
          ? ['Codex does not speak HTTP+SSE: mcp-remote does it for it, and needs Node.js.']
          : []),
      ],
    });
  },
};

function httpLines(target: ClientTarget): string[] {
  const { path, url, headers } = target;
  const exports = headers.map((header) => {
    const value = header.carries === 'token' ? TOKEN_PLACEHOLDER : placeholderValue(header);
    return `# export ${variableName(path, header)}=${shellWord(value)}`;
  });
  const passed = headers
    .filter(({ carries }) => carries === 'credential')
    .map((header) => `${tomlString(header.name)} = ${tomlString(variableName(path, header))}`);
  return [
    ...exports,
    `[mcp_servers.${clientName(path)}]`,
    `url = ${tomlString(url)}`,
    ...headers
      .filter(({ carries }) => carries === 'token')
      .map((header) => `bearer_token_env_var = ${tomlString(variableName(path, header))}`),
    ...(passed.length > 0 ? [`env_http_headers = { ${passed.join(', ')} }`] : []),
  ];
}

function bridgeLines(target: ClientTarget): string[] {
  const { command, args, env = {} } = remoteBridge(target);
  const variables = Object.entries(env).map(([name, value]) => `${name} = ${tomlString(value)}`);
  return [
    `[mcp_servers.${clientName(target.path)}]`,
    `command = ${tomlString(command)}`,
    `args = [${args.map(tomlString).join(', ')}]`,
    ...(variables.length > 0 ? [`env = { ${variables.join(', ')} }`] : []),
  ];
}
