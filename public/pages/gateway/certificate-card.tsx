import { Alert, Badge, Card, Code, Group, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { GatewayStatusView } from '../../../registry/operations/system/system-view.js';
import { Facts } from '../../components/facts';
import { TimeAgo } from '../../components/time-ago';
import { UntrustedText } from '../../components/untrusted-text';
import { CERTIFICATES } from './outcome-words';

/** Of the HTTPS that nginx ends itself. */
export function CertificateCard(props: {
  readonly certificate: NonNullable<GatewayStatusView['certificate']>;
}) {
  const { state, names, expiresAt, reason } = props.certificate;
  const { label, color } = CERTIFICATES[state];
  return (
    <Card p="lg" component="section" aria-labelledby="certificate">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4" id="certificate">
          Certificate
        </Title>
        <Badge color={color} size="lg" radius="xl">
          {label}
        </Badge>
      </Group>
      {reason !== undefined && (
        <Alert color="orange" icon={<IconAlertTriangle />} mb="md">
          The files hold something else than what is served:{' '}
          <UntrustedText text={reason} size="sm" />
        </Alert>
      )}
      <Facts
        of={{
          Names:
            names.length === 0 ? undefined : (
              <Group gap={6}>
                {names.map((name) => (
                  <Code key={name}>{name}</Code>
                ))}
              </Group>
            ),
          Expires: expiresAt === undefined ? undefined : <TimeAgo at={expiresAt} />,
        }}
      />
    </Card>
  );
}
