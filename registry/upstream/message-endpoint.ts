import type { MessageEndpoint } from '../catalog/discovery.js';
import { accept, refuse, type Result } from '../catalog/result.js';

/** UUIDs, hex and other random-looking ids; an ordinary word such as `messages` is none. */
const ID_LIKE = /^(?=.*\d)[A-Za-z0-9_~.-]{8,}$|^[0-9a-fA-F]{16,}$|^[A-Za-z0-9_-]{20,}$|^\d+$/;

/**
 * Where an HTTP+SSE server takes messages, from the data of its `endpoint` event (2024-11-05,
 * transports). The event is resolved against the stream's URL, as clients do; another origin is refused.
 */
export function messageEndpointOf(sseUrl: string, data: string): Result<MessageEndpoint> {
  if (!URL.canParse(data, sseUrl)) return refuse(`announced the unreadable endpoint "${data}"`);
  const stream = new URL(sseUrl);
  const endpoint = new URL(data, stream);
  if (endpoint.origin !== stream.origin) {
    return refuse(
      `announced a message endpoint of another origin (${endpoint.origin} instead of ${stream.origin}), which clients refuse`,
    );
  }
  if (endpoint.search !== '') return accept({ kind: 'exact', path: endpoint.pathname });
  const segments = endpoint.pathname.split('/');
  // What the stream's own path has in the same place is a name, however long.
  const known = stream.pathname.split('/');
  const id = segments.findIndex((segment, at) => segment !== known[at] && ID_LIKE.test(segment));
  if (id === -1) return accept({ kind: 'exact', path: endpoint.pathname });
  return accept({ kind: 'below', path: `${segments.slice(0, id).join('/')}/` });
}
