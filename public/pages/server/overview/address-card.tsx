import { Badge, Card, Group, Text, Title } from '@mantine/core';
import type { ServerView } from '../../../api/servers';
import { CopyField } from '../../../components/copy-field';
import { Fact, Facts } from '../../../components/fact';
import { UntrustedText } from '../../../components/untrusted-text';
import { eraText, transportText } from './words';

/** How clients reach the server, and where it really is. */
export function AddressCard({ server }: { readonly server: ServerView }) {
  const { builtIn, publicUrl, sseUrl, url, endpoint, serverInfo, capabilities, auth } = server;
  return (
    <Card p="lg">
      <Title order={2} size="h4" mb="md">
        Addresses
      </Title>
      <Facts>
        <Fact label="Public URL">
          <CopyField value={publicUrl} what="public URL" />
        </Fact>
        {sseUrl !== undefined && (
          <Fact label="SSE URL">
            <CopyField value={sseUrl} what="SSE URL" />
          </Fact>
        )}
        {builtIn !== true && (
          <Fact label="Upstream">
            <CopyField value={url} what="upstream URL" />
          </Fact>
        )}
        {endpoint !== undefined && endpoint !== url && (
          <Fact label="Endpoint found">
            <CopyField value={endpoint} what="endpoint" />
          </Fact>
        )}
        <Fact label="Protocol">{eraText(server)}</Fact>
        <Fact label="Transport">{transportText(server)}</Fact>
        {serverInfo !== undefined && (
          <Fact label="Calls itself">
            <UntrustedText
              size="sm"
              max={200}
              text={`${serverInfo.title ?? serverInfo.name} ${serverInfo.version}`}
            />
          </Fact>
        )}
        {capabilities.length > 0 && (
          <Fact label="Offers">
            <Group gap={6}>
              {capabilities.slice(0, 20).map((capability) => (
                <Badge key={capability} color="gray" title={capability}>
                  {capability.slice(0, 40)}
                </Badge>
              ))}
            </Group>
          </Fact>
        )}
        {builtIn !== true && (
          <Fact label="Credentials">
            <Text size="sm">{AUTH[auth.type]}</Text>
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

const AUTH: Readonly<Record<ServerView['auth']['type'], string>> = {
  none: 'The gateway sends none',
  bearer: 'The gateway sends a bearer token',
  basic: 'The gateway sends a user name and password',
  headers: 'The gateway sends headers of its own',
  'oauth-client-credentials': 'The gateway fetches OAuth tokens',
  'pass-through': 'Clients send their own, and the gateway passes them on',
};
