import { Anchor, Code, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { AuditEntry } from '../../api/audit';
import { CopyField } from '../../components/copy-field';
import { Facts } from '../../components/facts';
import { UntrustedText } from '../../components/untrusted-text';
import { actorText, targetOf } from './action-words';
import { fieldChanges, type FieldChange } from './field-changes';
import classes from './audit.module.css';

const VIA: Readonly<Record<NonNullable<AuditEntry['from']>['via'], string>> = {
  ui: 'this console',
  api: 'the API',
  script: 'a script',
  mcp: 'MCP',
};
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });

/** All that was noted, with what was different afterwards. */
export function AuditEntryDetails({ entry }: { readonly entry: AuditEntry }) {
  const { time, actor, target, also, from, outcome, requestId, dropped } = entry;
  const changes = fieldChanges(entry);
  const tokenId = actor.tokenId;
  return (
    <Stack gap="md">
      {changes.length > 0 && <Changes changes={changes} isWhole={entry.before === undefined} />}
      <Facts
        of={{
          When: exact.format(Date.parse(time)),
          Who: (
            <>
              {actorText(actor)}
              {tokenId !== undefined && (
                <>
                  {' '}
                  <Code>{tokenId}</Code>
                </>
              )}
            </>
          ),
          'To what': <Target target={target} />,
          'As well':
            also === undefined
              ? undefined
              : also.map((each) => targetOf(each)?.text ?? each.type).join(', '),
          From: from === undefined ? undefined : `${from.address}, through ${VIA[from.via]}`,
          Outcome: outcome === 'ok' ? 'done' : outcome,
          Request:
            requestId === undefined ? undefined : <CopyField value={requestId} what="request id" />,
          'Not kept':
            dropped === undefined
              ? undefined
              : `${dropped.toLocaleString('en')} entries before this one`,
        }}
      />
    </Stack>
  );
}

function Target({ target }: Pick<AuditEntry, 'target'>) {
  const of = targetOf(target);
  if (of === undefined) return target.type;
  if (of.to === undefined) return <UntrustedText text={of.text} size="sm" />;
  return (
    <Anchor component={Link} to={of.to} size="sm">
      <UntrustedText inline text={of.text} size="sm" />
    </Anchor>
  );
}

function Changes(props: { readonly changes: readonly FieldChange[]; readonly isWhole: boolean }) {
  const { changes, isWhole } = props;
  return (
    <div className={classes.changes}>
      {changes.map(({ field, before, after }) => (
        <div key={field} className={classes.change}>
          <Text size="sm" c="dimmed">
            {field}
          </Text>
          <div>
            {before !== undefined && <Value text={before} kind="before" />}
            {after !== undefined && <Value text={after} kind={isWhole ? 'new' : 'after'} />}
          </div>
        </div>
      ))}
    </div>
  );
}

function Value(props: { readonly text: string; readonly kind: 'before' | 'after' | 'new' }) {
  const { text, kind } = props;
  return (
    <div className={classes.value} data-kind={kind}>
      {kind !== 'new' && (
        <span className={classes.sign} aria-label={kind === 'before' ? 'before' : 'now'} role="img">
          {kind === 'before' ? '−' : '+'}
        </span>
      )}
      <UntrustedText text={text} size="sm" />
    </div>
  );
}
