import { Card, SimpleGrid, Stack, Title } from '@mantine/core';
import type { ServerView } from '../../../api/servers';
import { UntrustedText } from '../../../components/untrusted-text';
import { AddressCard } from './address-card';
import { AboutCard } from './about-card';
import { HealthCard } from './health-card';
import { RepositoryCard } from './repository-card';
import { WarningsAlert } from './warnings-alert';

/** Where a server is, how it is, and what is known of it. */
export function OverviewTab({ server }: { readonly server: ServerView }) {
  const { instructions } = server;
  if (server.exclusion?.reason === 'invalid-record') return null;
  if (server.builtIn === true) return <AddressCard server={server} />;
  return (
    <Stack gap="lg">
      <WarningsAlert server={server} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
        <Stack gap="lg">
          <AddressCard server={server} />
          {instructions !== undefined && instructions !== '' && (
            <Card p="lg">
              <Title order={2} size="h4" mb="sm">
                Instructions of the server
              </Title>
              <UntrustedText text={instructions} size="sm" max={800} />
            </Card>
          )}
        </Stack>
        <Stack gap="lg">
          <HealthCard server={server} />
          <AboutCard server={server} />
          <RepositoryCard server={server} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
