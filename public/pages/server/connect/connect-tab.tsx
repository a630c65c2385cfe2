import { Card, Grid, NavLink, Select, Skeleton, Stack, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useClientHosts } from '../../../api/clients';
import type { ServerView } from '../../../api/servers';
import { ErrorAlert } from '../../../components/error-alert';
import { GuideCard } from './guide-card';
import type { ShownToken } from './token-maker';
import { TrialCard } from './trial-card';

/** How to use the server from the programs in which agents run. */
export function ConnectTab({ server }: { readonly server: ServerView }) {
  const { data, error, refetch } = useClientHosts();
  const [chosen, setChosen] = useState<string>();
  // Lives here, so that it goes into the text of every host and is gone with the page.
  const [token, setToken] = useState<ShownToken>();
  const isWide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  if (data === undefined) {
    if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
    return <Skeleton h={360} aria-label="Loading" />;
  }
  const { hosts } = data;
  const host = hosts.find(({ id }) => id === chosen) ?? hosts[0];
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, sm: 4, lg: 3 }}>
        {isWide ? (
          <Card p="xs" component="nav" aria-label="Programs">
            {hosts.map(({ id, title }) => (
              <NavLink
                key={id}
                component="button"
                label={title}
                active={id === host?.id}
                aria-current={id === host?.id ? 'true' : undefined}
                onClick={() => setChosen(id)}
                style={{ borderRadius: 'var(--mantine-radius-sm)' }}
              />
            ))}
          </Card>
        ) : (
          <Select
            label="Program"
            data={hosts.map(({ id, title }) => ({ value: id, label: title }))}
            value={host?.id ?? null}
            onChange={(id) => id !== null && setChosen(id)}
            allowDeselect={false}
          />
        )}
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 8, lg: 9 }}>
        <Stack gap="lg">
          {host === undefined ? (
            <Title order={2} size="h4">
              No programs are known
            </Title>
          ) : (
            <GuideCard
              server={server}
              host={host.id}
              onToken={setToken}
              {...(token && { token })}
            />
          )}
          {server.builtIn !== true && <TrialCard server={server} />}
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
