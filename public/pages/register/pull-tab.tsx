import { Button, Stack } from '@mantine/core';
import { IconDatabaseImport } from '@tabler/icons-react';
import { useState } from 'react';
import { usePull, type PullResult, type WantedPull } from '../../api/pull';
import { ErrorAlert } from '../../components/error-alert';
import { notifyDone, notifyOutcome } from '../../components/notify';
import { PullForm, type PullValues } from './pull-form';
import { PulledList } from './pulled-list';

/** Registers what another registry lists: first it is shown what would be. */
export function PullTab() {
  const [values, setValues] = useState<PullValues>({ url: '', search: '', isUpdate: false });
  const look = usePull();
  const pull = usePull();
  const shown = pull.data ?? look.data;
  const error = pull.error ?? look.error;
  return (
    <Stack>
      <PullForm
        values={values}
        isLooking={look.isPending}
        onChange={(changed) => {
          setValues(changed);
          // What was shown is not what would be done any more.
          look.reset();
          pull.reset();
        }}
        onLook={() => {
          pull.reset();
          look.mutate(wantedOf(values, true));
        }}
      />
      {error !== null && <ErrorAlert error={error} title="Nothing was pulled" />}
      {shown !== undefined && (
        <PulledList key={shown.dryRun ? look.submittedAt : pull.submittedAt} pulled={shown}>
          {shown.dryRun && (
            <Button
              leftSection={<IconDatabaseImport size={16} />}
              loading={pull.isPending}
              disabled={changesIn(shown) === 0}
              onClick={() => pull.mutate(wantedOf(values, false), { onSuccess: tell })}
            >
              Take over {serversText(changesIn(shown))}
            </Button>
          )}
        </PulledList>
      )}
    </Stack>
  );
}

function wantedOf({ url, search, isUpdate }: PullValues, dryRun: boolean): WantedPull {
  return {
    url: url.trim(),
    ...(search.trim() !== '' && { search: search.trim() }),
    existing: isUpdate ? 'update' : 'keep',
    dryRun,
  };
}

function changesIn({ results }: PullResult): number {
  return results.filter(({ outcome }) => outcome === 'created' || outcome === 'updated').length;
}

function serversText(count: number): string {
  return count === 1 ? '1 server' : `${String(count)} servers`;
}

function tell(done: PullResult): void {
  const title = `Taken over: ${serversText(changesIn(done))}`;
  if (done.gateway === undefined) notifyDone(title);
  else notifyOutcome(title, done.gateway);
}
