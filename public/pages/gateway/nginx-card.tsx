import { Card, Text, Title } from '@mantine/core';
import type { GatewayStatusView } from '../../../registry/operations/system/system-view.js';
import { Facts } from '../../components/facts';

const MODES: Readonly<Record<GatewayStatusView['nginx']['mode'], string>> = {
  managed: 'started and watched by the registry',
  external: 'started by somebody else; the registry tells it to reload',
  none: 'none: the registry runs alone',
};

/** The process that carries the calls. */
export function NginxCard({ status }: { readonly status: GatewayStatusView }) {
  const { nginx, reloads, drainingWorkers } = status;
  return (
    <Card p="lg" component="section" aria-labelledby="nginx">
      <Title order={2} size="h4" mb="md" id="nginx">
        nginx
      </Title>
      <Facts
        of={{
          Runs: MODES[nginx.mode],
          Version: nginx.version,
          'Process id': nginx.pid,
          Reloads: `${reloads.toLocaleString('en')} since the registry started`,
          'Draining workers': (
            <>
              {drainingWorkers}
              {drainingWorkers > 0 && (
                <Text size="xs" c="dimmed">
                  Old workers that still serve the streams they had before a reload.
                </Text>
              )}
            </>
          ),
        }}
      />
    </Card>
  );
}
