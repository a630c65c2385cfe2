import { guideWith, mergeNote, prettyJson, type ClientHost } from './client-guide.js';
import { clientName, variableName } from './client-name.js';
import { headersObject, type ClientHeader, type ClientTarget } from './client-target.js';

const MERGE = mergeNote('mcpServers');

function mcpServers({ path }: ClientTarget, entry: object): string {
  return prettyJson({ mcpServers: { [clientName(path)]: entry } });
}

/** https://cursor.com/docs/mcp and https://cursor.com/docs/mcp/install-links: `url` and `headers`, the transport is found out. */
export const cursor: ClientHost = {
  id: 'cursor',
  title: 'Cursor',
  guide: (target) => {
    const { path, url } = target;
    const fromEnvironment = (header: ClientHeader) => {
      const variable = `\${env:${variableName(path, header)}}`;
      return header.carries === 'token' ? `Bearer ${variable}` : variable;
    };
    const linked = { url, ...headersObject(target, fromEnvironment) };
    const config = Buffer.from(JSON.stringify(linked), 'utf8').toString('base64');
    const query = new URLSearchParams({ name: clientName(path), config });
    const variables = target.headers.map((header) => variableName(path, header));
    return guideWith(target, {
      language: 'json',
      file: '~/.cursor/mcp.json',
      text: mcpServers(target, { url, ...headersObject(target) }),
      installUrl: `cursor://anysphere.cursor-deeplink/mcp/install?${query.toString()}`,
      notes: [
        `${MERGE} For one project only: .cursor/mcp.json in its folder.`,
        ...(variables.length > 0
          ? [`The install link makes Cursor read ${variables.join(' and ')} from its environment.`]
          : []),
      ],
    });
  },
};

/** https://code.visualstudio.com/docs/copilot/reference/mcp-configuration: secrets are asked for and kept by VS Code. */
export const vscode: ClientHost = {
  id: 'vscode',
  title: 'VS Code',
  guide: (target) => {
    const { path, url, transport, title } = target;
    const idOf = ({ carries }: ClientHeader) => `${clientName(path)}-${carries}`;
    const valueOf = (header: ClientHeader) =>
      `${header.carries === 'token' ? 'Bearer ' : ''}\${input:${idOf(header)}}`;
    const inputs = target.headers.map((header) => ({
      type: 'promptString',
      id: idOf(header),
      description:
        header.carries === 'token'
          ? `Token of the gateway for ${title}`
          : `Your own credential for ${title} (${header.name})`,
      password: true,
    }));
    const type = transport === 'sse' ? 'sse' : 'http';
    const server = { type, url, ...headersObject(target, valueOf) };
    const asked = inputs.length > 0 && { inputs };
    const linked = { name: clientName(path), ...server, ...asked };
    return guideWith(target, {
      language: 'json',
      file: '.vscode/mcp.json',
      text: prettyJson({ ...asked, servers: { [clientName(path)]: server } }),
      installUrl: `vscode:mcp/install?${encodeURIComponent(JSON.stringify(linked))}`,
      notes: [
        `${mergeNote('servers')} For all projects: the command "MCP: Open User Configuration".`,
        ...(asked === false
          ? []
          : [
              'VS Code asks for the token when it starts the server for the first time, and keeps it encrypted.',
            ]),
      ],
    });
  },
};

/** https://docs.windsurf.com/windsurf/cascade/mcp: `serverUrl`; `url` is not read. */
export const windsurf: ClientHost = {
  id: 'windsurf',
  title: 'Windsurf',
  guide: (target) =>
    guideWith(target, {
      language: 'json',
      file: '~/.codeium/windsurf/mcp_config.json',
      text: mcpServers(target, { serverUrl: target.url, ...headersObject(target) }),
      notes: [`${MERGE} Then refresh the list of MCP servers in Cascade.`],
    }),
};

/** docs/tools/mcp-server.md of gemini-cli: `httpUrl` is Streamable HTTP, `url` is HTTP+SSE. */
export const gemini: ClientHost = {
  id: 'gemini',
  title: 'Gemini CLI',
  guide: (target) => {
    const key = target.transport === 'sse' ? 'url' : 'httpUrl';
    return guideWith(target, {
      language: 'json',
      file: '~/.gemini/settings.json',
      text: mcpServers(target, { [key]: target.url, ...headersObject(target) }),
      notes: [`${MERGE} For one project only: .gemini/settings.json in its folder.`],
    });
  },
};

/** What most other hosts read. */
export const genericJson: ClientHost = {
  id: 'json',
  title: 'Other (JSON)',
  guide: (target) => {
    const type = target.transport === 'sse' ? 'sse' : 'http';
    return guideWith(target, {
      language: 'json',
      text: mcpServers(target, { type, url: target.url, ...headersObject(target) }),
      notes: ['Hosts differ in what they call these fields; all need the URL and the headers.'],
    });
  },
};
