import { Badge, Group, Text } from '@mantine/core';
import type { ServerSummary } from '../../api/servers';
import { TimeAgo } from '../../components/time-ago';
import { transportOf } from './server-filter';

const TRANSPORT_NAMES: Readonly<Record<string, string>> = {
  'streamable-http': 'Streamable HTTP',
  sse: 'HTTP+SSE',
  '': 'Not known yet',
};
const ERA_NAMES: Readonly<Record<string, string>> = { legacy: 'Legacy', modern: 'Modern' };

export function transportName(transport: string): string {
  return TRANSPORT_NAMES[transport] ?? transport;
}

export function eraName(era: string): string {
  return ERA_NAMES[era] ?? era;
}

/** "Streamable HTTP · Modern", as far as it is known. */
export function protocolText(server: ServerSummary): string {
  const { era } = server;
  return [transportName(transportOf(server)), ...(era === undefined ? [] : [eraName(era)])].join(
    ' · ',
  );
}

export function toolsText(count: number): string {
  return count === 1 ? '1 tool' : `${count.toLocaleString('en')} tools`;
}

/** When a server was last checked. */
export function Checked({ server }: { readonly server: ServerSummary }) {
  const { checkedAt } = server.health;
  return checkedAt === undefined ? (
    <Text span inherit>
      not yet
    </Text>
  ) : (
    <TimeAgo at={checkedAt} />
  );
}

/** The first tags, and how many more there are. */
export function Tags({ tags, most = 3 }: { readonly tags: readonly string[]; most?: number }) {
  const more = tags.length - most;
  return (
    <Group gap={4} wrap="nowrap" miw={0}>
      {tags.slice(0, most).map((tag) => (
        <Badge key={tag} color="gray" size="sm" maw={110}>
          {tag}
        </Badge>
      ))}
      {more > 0 && (
        <Text size="xs" c="dimmed" title={tags.slice(most).join(', ')}>
          +{more}
        </Text>
      )}
    </Group>
  );
}
