import { Badge, Card, Group, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useHealth } from '../../api/settings';
import { ErrorAlert } from '../../components/error-alert';
import { UntrustedText } from '../../components/untrusted-text';
import { healthFacts, type HealthFact } from './health-facts';

/** Whether every part does its work. */
export function HealthCard() {
  const { data, error, refetch } = useHealth();
  return (
    <Card p="lg" component="section" aria-labelledby="health">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4" id="health">
          Health
        </Title>
        {data !== undefined && (
          <Badge color={data.status === 'healthy' ? 'teal' : 'orange'} size="lg" radius="xl">
            {data.status === 'healthy' ? 'Healthy' : 'Degraded'}
          </Badge>
        )}
      </Group>
      {error !== null && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={110} />}
      {data !== undefined && (
        <Stack gap="sm">
          {healthFacts(data).map((fact) => (
            <Fact key={fact.name} fact={fact} />
          ))}
        </Stack>
      )}
    </Card>
  );
}

function Fact({ fact: { name, isWell, text, details } }: { readonly fact: HealthFact }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <ThemeIcon size={22} radius="xl" variant="light" color={isWell ? 'teal' : 'orange'}>
        {isWell ? <IconCheck size={14} /> : <IconAlertTriangle size={14} />}
      </ThemeIcon>
      <div>
        <Text size="sm">
          <b>{name}</b> {text}
        </Text>
        {details.map((detail) => (
          <UntrustedText key={detail} text={detail} size="sm" c="dimmed" />
        ))}
      </div>
    </Group>
  );
}
