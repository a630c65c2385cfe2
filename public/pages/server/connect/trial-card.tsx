import { Badge, Button, Card, Code, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck, IconPlugConnected, IconX } from '@tabler/icons-react';
import { useTrial, type TrialView } from '../../../api/clients';
import type { ServerView } from '../../../api/servers';
import { elapsedText } from '../../../components/elapsed-text';
import { ErrorAlert } from '../../../components/error-alert';
import { UntrustedText } from '../../../components/untrusted-text';

/** Connects as a client would, through the gateway, and says step by step how it went. */
export function TrialCard({ server }: { readonly server: ServerView }) {
  const trial = useTrial(server.path);
  return (
    <Card p="lg">
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Title order={2} size="h4">
              Try it through the gateway
            </Title>
            <Text size="sm" c="dimmed">
              Takes the way of every client: the public URL, nginx, and your own rights.
            </Text>
          </div>
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={16} />}
            loading={trial.isPending}
            onClick={() => trial.mutate()}
            style={{ flex: 'none' }}
          >
            Try it
          </Button>
        </Group>
        <div aria-live="polite">
          {trial.error !== null && <ErrorAlert error={trial.error} />}
          {trial.data !== undefined && <Steps trial={trial.data} />}
        </div>
      </Stack>
    </Card>
  );
}

function Steps({ trial }: { readonly trial: TrialView }) {
  const { ok, url, steps, era, protocolVersion, serverInfo, toolCount } = trial;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Badge color={ok ? 'teal' : 'red'}>{ok ? 'It works' : 'It does not work'}</Badge>
        <Code style={{ overflowWrap: 'anywhere' }}>{url}</Code>
      </Group>
      {steps.map(({ name, ok: isGood, durationMs, detail }, index) => (
        <Group key={index} gap="sm" wrap="nowrap" align="flex-start">
          <ThemeIcon
            size={20}
            radius="xl"
            color={isGood ? 'teal' : 'red'}
            variant="light"
            aria-label={isGood ? 'good' : 'failed'}
          >
            {isGood ? <IconCheck size={13} /> : <IconX size={13} />}
          </ThemeIcon>
          <div>
            <Text size="sm">
              <Text span inherit ff="monospace">
                {name}
              </Text>{' '}
              <Text span inherit c="dimmed">
                {elapsedText(durationMs)}
              </Text>
            </Text>
            {detail !== undefined && <UntrustedText text={detail} size="sm" c="dimmed" max={400} />}
          </div>
        </Group>
      ))}
      {ok && (
        <UntrustedText
          size="sm"
          max={300}
          text={[
            serverInfo && `${serverInfo.name} ${serverInfo.version}`,
            protocolVersion && `MCP ${protocolVersion}`,
            era,
            toolCount !== undefined && `${String(toolCount)} tools for you`,
          ]
            .filter(Boolean)
            .join(' · ')}
        />
      )}
    </Stack>
  );
}
