import { guideWith, mergeNote, prettyJson, type ClientHost } from './client-guide.js';
import { clientName, variableName } from './client-name.js';
import { headersObject, placeholderValue, type ClientTarget } from './client-target.js';
import { remoteBridge } from './remote-bridge.js';
import { shellWord } from './shell-word.js';

const MODERN = '2026-07-28';
const LEGACY = '2025-06-18';

function headerWords({ headers }: ClientTarget, option: string): string[] {
  return headers.map(
    (header) => `${option} ${shellWord(`${header.name}: ${placeholderValue(header)}`)}`,
  );
}

const commandLine = (parts: readonly string[]) => `${parts.join(' \\\n  ')}\n`;

/** https://code.claude.com/docs/en/mcp; `--header` takes all words behind it, so it comes last. */
export const claudeCode: ClientHost = {
  id: 'claude-code',
  title: 'Claude Code',
  guide: (target) => {
    const { path, url, transport } = target;
    const type = transport === 'sse' ? 'sse' : 'http';
    const name = clientName(path);
    const entry = {
      type,
      url,
      ...headersObject(target, (header) => {
        const variable = `\${${variableName(path, header)}}`;
        return header.carries === 'token' ? `Bearer ${variable}` : variable;
      }),
    };
    return guideWith(target, {
      language: 'shell',
      text: commandLine([
        `claude mcp add --transport ${type} ${shellWord(name)} ${shellWord(url)}`,
        ...headerWords(target, '--header'),
      ]),
      notes: [
        'With --scope user it holds in all projects.',
        `For a team, in .mcp.json of the project: ${JSON.stringify({ mcpServers: { [name]: entry } })}`,
      ],
    });
  },
};

/** https://modelcontextprotocol.io/docs/develop/connect-local-servers: the file of Claude Desktop names programs only. */
export const claudeDesktop: ClientHost = {
  id: 'claude-desktop',
  title: 'Claude Desktop',
  guide: (target) =>
    guideWith(target, {
      language: 'json',
      file: 'claude_desktop_config.json',
      text: prettyJson({ mcpServers: { [clientName(target.path)]: remoteBridge(target) } }),
      notes: [
        'Settings > Developer > Edit Config opens the file; start Claude Desktop anew afterwards. It needs Node.js on that machine.',
        mergeNote('mcpServers'),
      ],
    }),
};

/** A first request by hand. */
export const curl: ClientHost = {
  id: 'curl',
  title: 'curl',
  guide: (target) => {
    const { url, transport, era } = target;
    if (transport === 'sse') {
      return guideWith(target, {
        language: 'shell',
        text: commandLine([
          `curl -N ${shellWord(url)}`,
          "-H 'Accept: text/event-stream'",
          ...headerWords(target, '-H'),
        ]),
        notes: ['Opens the event stream; its first event names where messages go.'],
      });
    }
    const isModern = era === 'modern';
    const method = isModern ? 'tools/list' : 'initialize';
    return guideWith(target, {
      language: 'shell',
      text: commandLine([
        `curl ${shellWord(url)}`,
        ...headerWords(target, '-H'),
        "-H 'Content-Type: application/json'",
        "-H 'Accept: application/json, text/event-stream'",
        ...(isModern ? [`-H 'MCP-Protocol-Version: ${MODERN}'`, `-H 'Mcp-Method: ${method}'`] : []),
        `--data ${shellWord(JSON.stringify(isModern ? listRequest() : initializeRequest()))}`,
      ]),
      notes: [
        isModern
          ? `Lists the tools, as clients of revision ${MODERN} do: without a session.`
          : 'Begins a session, as clients do first; its id is in the answer, in Mcp-Session-Id (see with -i).',
      ],
    });
  },
};

const clientInfo = { name: 'curl', version: '1.0.0' };

function initializeRequest(): object {
  const params = { protocolVersion: LEGACY, capabilities: {}, clientInfo };
  return { jsonrpc: '2.0', id: 1, method: 'initialize', params };
}

function listRequest(): object {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta } };
}
