import { Alert, Anchor, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useServerConfiguration } from '../../api/server-findings';
import type { ServerView } from '../../api/servers';
import { CodeBlock } from '../../components/code-block';
import { ErrorAlert } from '../../components/error-alert';

/** What nginx is given for this server. */
export function ConfigurationTab({ server }: { readonly server: ServerView }) {
  const { data, error, refetch } = useServerConfiguration(server.path, server.revision);
  if (data === undefined) {
    if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
    return <Skeleton h={360} aria-label="Loading" />;
  }
  const files = data.files.filter(({ text }) => text.trim() !== '');
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        The lines that are rendered for this server from the catalog. All of what nginx runs on is
        on the page{' '}
        <Anchor component={Link} to="/gateway" inherit>
          Gateway
        </Anchor>
        .
      </Text>
      {data.reload && (
        <Alert color="blue" title="nginx does not run on these lines yet">
          A change is on its way, or the last one was refused. See the page Gateway.
        </Alert>
      )}
      {files.map(({ path, text }) => (
        <section key={path}>
          <Title order={2} size="h5" mb="xs" ff="monospace">
            {path}
          </Title>
          <CodeBlock text={text} language="nginx" label={path} />
        </section>
      ))}
      {files.length === 0 && (
        <Text size="sm">
          {server.enabled
            ? 'There are no lines for it: nginx leaves it out.'
            : 'There are no lines for it while it is disabled: calls are answered 503.'}
        </Text>
      )}
    </Stack>
  );
}
