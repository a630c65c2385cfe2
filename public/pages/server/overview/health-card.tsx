import { Card, Group, Text, Title } from '@mantine/core';
import type { ServerView } from '../../../api/servers';
import { elapsedText } from '../../../components/elapsed-text';
import { Fact, Facts } from '../../../components/fact';
import { StatusBadge } from '../../../components/status-badge';
import { TimeAgo } from '../../../components/time-ago';
import { UntrustedText } from '../../../components/untrusted-text';
import { HealthHistory } from './health-history';
import { causeText } from './health-words';

const REACHABLE = { yes: 'Yes', no: 'No', unknown: 'Not known yet' } as const;
const USABLE = {
  ok: 'Yes',
  'auth-required': 'It asks for credentials that the gateway does not have',
  error: 'No',
  unknown: 'Not known',
} as const;

/** Whether the server answers and can be used, why not, and how it was before. */
export function HealthCard({ server }: { readonly server: ServerView }) {
  const { reachable, usable, cause, message, httpStatus, latencyMs, checkedAt } = server.health;
  return (
    <Card p="lg">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4">
          Health
        </Title>
        <StatusBadge server={server} />
      </Group>
      <Facts>
        <Fact label="Answers">{REACHABLE[reachable]}</Fact>
        <Fact label="Can be used">{USABLE[usable]}</Fact>
        {cause !== undefined && <Fact label="Cause">{causeText(cause)}</Fact>}
        {message !== undefined && (
          <Fact label="In detail">
            <UntrustedText text={message} size="sm" max={500} />
          </Fact>
        )}
        {httpStatus !== undefined && <Fact label="HTTP status">{httpStatus}</Fact>}
        {latencyMs !== undefined && <Fact label="Answered in">{elapsedText(latencyMs)}</Fact>}
        <Fact label="Checked">
          {checkedAt === undefined ? <Text size="sm">not yet</Text> : <TimeAgo at={checkedAt} />}
        </Fact>
      </Facts>
      <HealthHistory path={server.path} />
    </Card>
  );
}
