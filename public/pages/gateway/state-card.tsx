import { Alert, Badge, Card, Group, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { GatewayState } from '../../api/gateway';
import { CopyField } from '../../components/copy-field';
import { Facts } from '../../components/facts';
import { TimeAgo } from '../../components/time-ago';
import { UntrustedText } from '../../components/untrusted-text';
import { STATES } from './outcome-words';

/** Whether what nginx serves is what the registry knows. */
export function StateCard({ status }: { readonly status: GatewayState }) {
  const { state, generation, appliedAt, reason } = status;
  const { label, color, detail } = STATES[state];
  return (
    <Card p="lg" component="section" aria-labelledby="state">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="state">
          What is served
        </Title>
        <Badge color={color} size="lg" radius="xl" role="status">
          {label}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed" mb="md">
        {detail}
      </Text>
      {reason !== undefined && (
        <Alert color={color} icon={<IconAlertTriangle />} mb="md">
          <UntrustedText text={reason} size="sm" />
        </Alert>
      )}
      <Facts
        of={{
          Generation:
            generation === '' ? 'none yet' : <CopyField value={generation} what="generation" />,
          Since: appliedAt === undefined ? undefined : <TimeAgo at={appliedAt} />,
        }}
      />
    </Card>
  );
}
