import { ActionIcon, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconClockEdit, IconDatabaseImport, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import {
  useLeaveRegistry,
  usePullFollowed,
  useRegistries,
  type RegistrySource,
} from '../../api/registries';
import { useMay } from '../../api/session';
import { CardTable, type Column } from '../../components/card-table';
import { useConfirm } from '../../components/confirm';
import { ErrorAlert } from '../../components/error-alert';
import { notifyDone, notifyError } from '../../components/notify';
import { TimeAgo } from '../../components/time-ago';
import { UntrustedText } from '../../components/untrusted-text';
import { tellOfPull } from './pull-counts';
import { ScheduleEditor } from './schedule-editor';
import { scheduleText } from './schedules';

/** The registries whose changes come by themselves, or at a press. */
export function FollowedRegistries() {
  const may = useMay();
  const { data, error, refetch } = useRegistries(may('registries:manage'));
  const pull = usePullFollowed();
  const leave = useLeaveRegistry();
  const [edited, setEdited] = useState<RegistrySource>();
  const [ask, dialog] = useConfirm();
  if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined || data.registries.length === 0) return dialog;
  const askToLeave = ({ id, url }: RegistrySource) =>
    ask({
      title: 'Follow it no longer?',
      children: <Text size="sm">What was taken over from {url} stays.</Text>,
      action: 'Stop following',
      danger: true,
      onConfirm: () =>
        leave.mutate(id, {
          onSuccess: () => notifyDone(`${url} is followed no longer`),
          onError: (thrown) => notifyError(`${url} is still followed`, thrown),
        }),
    });
  const columns: [Column<RegistrySource>, ...Column<RegistrySource>[]] = [
    { label: 'Registry', cell: (source) => <Name of={source} /> },
    ...(may('servers:write-any')
      ? [{ label: 'In the name of', cell: ({ owner }: RegistrySource) => owner }]
      : []),
    { label: 'How often', cell: ({ everyHours }) => scheduleText(everyHours) },
    {
      label: 'What differs here',
      cell: ({ existing }) => (existing === 'update' ? 'is changed' : 'stays as it is'),
    },
    { label: 'Last pull', cell: (source) => <LastPull of={source} /> },
  ];
  return (
    <Stack component="section" gap="sm" aria-label="Registries that are followed">
      <Title order={2} size="h4">
        Registries that are followed
      </Title>
      <CardTable
        label="Registries that are followed"
        rows={data.registries}
        keyOf={({ id }) => id}
        columns={columns}
        actions={(source) => (
          <Actions
            of={source}
            isPulling={pull.isPending && pull.variables === source.id}
            onPull={() =>
              pull.mutate(source.id, {
                onSuccess: tellOfPull,
                onError: (thrown) => notifyError('Nothing was pulled', thrown),
              })
            }
            onReschedule={() => setEdited(source)}
            onLeave={() => askToLeave(source)}
          />
        )}
      />
      <ScheduleEditor of={edited} onClose={() => setEdited(undefined)} />
      {dialog}
    </Stack>
  );
}

function Actions(props: {
  readonly of: RegistrySource;
  readonly isPulling: boolean;
  readonly onPull: () => void;
  readonly onReschedule: () => void;
  readonly onLeave: () => void;
}) {
  const { of, isPulling, onPull, onReschedule, onLeave } = props;
  return (
    <>
      <Tooltip label="Pull now">
        <ActionIcon
          variant="subtle"
          color="gray"
          loading={isPulling}
          onClick={onPull}
          aria-label={`Pull now from ${of.url}`}
        >
          <IconDatabaseImport size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Change the schedule">
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={onReschedule}
          aria-label={`Change the schedule of ${of.url}`}
        >
          <IconClockEdit size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Stop following">
        <ActionIcon
          variant="subtle"
          color="red"
          onClick={onLeave}
          aria-label={`Stop following ${of.url}`}
        >
          <IconTrash size={18} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

function Name({ of: { url, search } }: { readonly of: RegistrySource }) {
  return (
    <>
      <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
        {url}
      </Text>
      {search !== undefined && (
        <Text size="xs" c="dimmed" fw={400}>
          names with {search}
        </Text>
      )}
    </>
  );
}

function LastPull({ of: { lastPull } }: { readonly of: RegistrySource }) {
  if (lastPull === undefined) return 'not yet';
  const { at, error, outcomes = {} } = lastPull;
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${outcome}: ${String(count)}`);
  return (
    <>
      <TimeAgo at={at} size="sm" />
      {error === undefined ? (
        <Text size="xs" c="dimmed">
          {counts.length === 0 ? 'nothing had changed' : counts.join(', ')}
        </Text>
      ) : (
        <UntrustedText text={error} size="xs" max={300} />
      )}
    </>
  );
}
