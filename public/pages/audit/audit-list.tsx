import { Accordion, Badge, Group, Text } from '@mantine/core';
import type { AuditEntry } from '../../api/audit';
import { TimeAgo } from '../../components/time-ago';
import { UntrustedText } from '../../components/untrusted-text';
import { actionText, actorText, subjectOf } from './action-words';
import { AuditEntryDetails } from './audit-entry-details';
import classes from './audit.module.css';

/** Entries in a line each; what is behind them on request. */
export function AuditList({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <Accordion
      multiple
      variant="contained"
      order={2}
      classNames={{ root: classes.list, item: classes.item, label: classes.label }}
    >
      {entries.map((entry) => (
        <Accordion.Item key={entry.id} value={entry.id}>
          <Accordion.Control>
            <Line entry={entry} />
          </Accordion.Control>
          <Accordion.Panel>
            <AuditEntryDetails entry={entry} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function Line({ entry }: { readonly entry: AuditEntry }) {
  const { time, action, actor, outcome, dropped } = entry;
  const of = subjectOf(entry);
  return (
    <div className={classes.line}>
      <Text size="sm" c="dimmed" className={classes.time}>
        <TimeAgo at={time} />
      </Text>
      <Text size="sm" className={classes.actor}>
        {actorText(actor)}
      </Text>
      <Group gap={8} className={classes.what}>
        <Text size="sm" fw={550}>
          {actionText(action)}
        </Text>
        {of !== undefined && <UntrustedText inline text={of} size="sm" c="dimmed" max={120} />}
        {outcome !== 'ok' && <Badge color="red">failed: {outcome}</Badge>}
        {dropped !== undefined && <Badge color="orange">{dropped} entries before not kept</Badge>}
      </Group>
    </div>
  );
}
