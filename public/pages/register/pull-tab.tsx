import { Button, Group, Stack } from '@mantine/core';
import { IconDatabaseImport } from '@tabler/icons-react';
import { useState } from 'react';
import { usePull, type WantedPull } from '../../api/pull';
import { useMay } from '../../api/session';
import { ErrorAlert } from '../../components/error-alert';
import { FollowButton } from './follow-button';
import { FollowedRegistries } from './followed-registries';
import { changesIn, serversText, tellOfPull } from './pull-counts';
import { PullForm, type PullValues } from './pull-form';
import { PulledList } from './pulled-list';

/** Registers what another registry lists: first it is shown what would be. It may be followed from then on. */
export function PullTab() {
  const [values, setValues] = useState<PullValues>({ url: '', search: '', isUpdate: false });
  const look = usePull();
  const pull = usePull();
  const mayFollow = useMay()('registries:manage');
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
          <Group gap="xs">
            {mayFollow && <FollowButton of={whatOf(values)} />}
            {shown.dryRun && (
              <Button
                leftSection={<IconDatabaseImport size={16} />}
                loading={pull.isPending}
                disabled={changesIn(shown) === 0}
                onClick={() => pull.mutate(wantedOf(values, false), { onSuccess: tellOfPull })}
              >
                Take over {serversText(changesIn(shown))}
              </Button>
            )}
          </Group>
        </PulledList>
      )}
      <FollowedRegistries />
    </Stack>
  );
}

function whatOf({ url, search, isUpdate }: PullValues): Omit<WantedPull, 'dryRun'> {
  return {
    url: url.trim(),
    ...(search.trim() !== '' && { search: search.trim() }),
    existing: isUpdate ? 'update' : 'keep',
  };
}

function wantedOf(values: PullValues, dryRun: boolean): WantedPull {
  return { ...whatOf(values), dryRun };
}
