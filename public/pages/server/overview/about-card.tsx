import { Anchor, Badge, Card, Group, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { ServerView } from '../../../api/servers';
import { Fact, Facts } from '../../../components/fact';
import { TimeAgo } from '../../../components/time-ago';
import { UntrustedText } from '../../../components/untrusted-text';
import { durationText } from './words';

/** What people decided about the server. */
export function AboutCard({ server }: { readonly server: ServerView }) {
  const { owner, tags, access, createdAt, updatedAt, timeoutSeconds, limits, origin } = server;
  return (
    <Card p="lg">
      <Title order={2} size="h4" mb="md">
        About
      </Title>
      <Facts>
        <Fact label="Owner">{owner}</Fact>
        <Fact label="Tags">
          {tags.length === 0 ? (
            <Text size="sm" c="dimmed">
              none
            </Text>
          ) : (
            <Group gap={6}>
              {tags.map((tag) => (
                <Anchor
                  key={tag}
                  component={Link}
                  to={`/servers?tag=${encodeURIComponent(tag)}`}
                  underline="never"
                  aria-label={`Servers with the tag ${tag}`}
                >
                  <Badge style={{ cursor: 'pointer' }}>{tag}</Badge>
                </Anchor>
              ))}
            </Group>
          )}
        </Fact>
        <Fact label="Who may call it">
          {access === 'public' ? 'Everybody who reaches the gateway' : 'Whoever has a token for it'}
        </Fact>
        <Fact label="Calls may take">{durationText(timeoutSeconds)}</Fact>
        {limits.callsPerMinute !== undefined && (
          <Fact label="Each caller may make">{limits.callsPerMinute} calls a minute</Fact>
        )}
        {origin !== undefined && <Origin origin={origin} />}
        <Fact label="Registered">
          <TimeAgo at={createdAt} />
        </Fact>
        <Fact label="Changed">
          <TimeAgo at={updatedAt} />
        </Fact>
      </Facts>
    </Card>
  );
}

const STATUS = {
  active: undefined,
  deprecated: { color: 'yellow', text: 'Deprecated there' },
  deleted: { color: 'red', text: 'Deleted there' },
} as const;

/** The registry that the server was pulled from, and what that says of it. */
function Origin({ origin }: { readonly origin: NonNullable<ServerView['origin']> }) {
  const { registry, name, version, status, pulledAt } = origin;
  const mark = STATUS[status];
  return (
    <Fact label="Pulled from">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {registry}
      </Text>
      <UntrustedText inline size="sm" max={300} text={`${name} ${version ?? ''}`} />
      <Group gap={6}>
        <TimeAgo at={pulledAt} />
        {mark !== undefined && <Badge color={mark.color}>{mark.text}</Badge>}
      </Group>
    </Fact>
  );
}
