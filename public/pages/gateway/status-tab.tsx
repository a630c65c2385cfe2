import { Card, SimpleGrid, Skeleton, Stack, Title } from '@mantine/core';
import type { GatewayStatusView } from '../../../registry/operations/system/system-view.js';
import { useGateway, type GatewayState } from '../../api/gateway';
import { ErrorAlert } from '../../components/error-alert';
import { CertificateCard } from './certificate-card';
import { ExclusionList } from './exclusion-list';
import { NginxCard } from './nginx-card';
import { OutcomeList } from './outcome-list';
import { StateCard } from './state-card';

/** How nginx is doing now. It is pushed. */
export function StatusTab() {
  const { data, error, refetch } = useGateway();
  if (data === undefined) {
    if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
    return (
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" aria-busy>
        <Skeleton h={190} />
        <Skeleton h={190} />
      </SimpleGrid>
    );
  }
  if (!isWhole(data)) return <StateCard status={data} />;
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <StateCard status={data} />
        <NginxCard status={data} />
      </SimpleGrid>
      {data.certificate !== undefined && <CertificateCard certificate={data.certificate} />}
      <Card p="lg" component="section" aria-labelledby="exclusions">
        <Title order={2} size="h4" mb="sm" id="exclusions">
          Servers that are left out
        </Title>
        <ExclusionList exclusions={data.exclusions} />
      </Card>
      <Card p="lg" component="section" aria-labelledby="outcomes">
        <Title order={2} size="h4" mb="sm" id="outcomes">
          Last outcomes
        </Title>
        <OutcomeList outcomes={data.outcomes} />
      </Card>
    </Stack>
  );
}

/** Callers without `gateway:read` are told the state alone. */
function isWhole(status: GatewayState): status is GatewayStatusView {
  return status.nginx !== undefined;
}
