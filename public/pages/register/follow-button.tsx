import { Button, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRss } from '@tabler/icons-react';
import { useFollowRegistry, type RegistrySourceInput } from '../../api/registries';
import { notifyDone } from '../../components/notify';
import { ScheduleForm } from './schedule-form';
import { scheduleText } from './schedules';

const DAILY = 24;

/** Lets what a registry changes come by itself. */
export function FollowButton({ of }: { readonly of: Omit<RegistrySourceInput, 'everyHours'> }) {
  const [opened, { open, close }] = useDisclosure();
  const follow = useFollowRegistry();
  const end = () => {
    follow.reset();
    close();
  };
  const start = (everyHours: number | undefined) =>
    follow.mutate(
      { ...of, ...(everyHours !== undefined && { everyHours }) },
      {
        onSuccess: ({ url }) => {
          notifyDone(
            `${url} is followed`,
            everyHours === undefined
              ? 'Pull from it whenever you like: it is listed below.'
              : `It is pulled from within a minute, and then ${scheduleText(everyHours)}.`,
          );
          end();
        },
      },
    );
  return (
    <>
      <Button variant="default" leftSection={<IconRss size={16} />} onClick={open}>
        Follow
      </Button>
      <Modal opened={opened} onClose={end} title="Follow this registry">
        <ScheduleForm
          everyHours={DAILY}
          action="Follow"
          error={follow.error}
          isPending={follow.isPending}
          onSubmit={start}
          onCancel={end}
        >
          <Text size="sm">
            What it adds and changes is taken over in your name, disabled until somebody enables it.
            What it deletes is disabled here.
          </Text>
        </ScheduleForm>
      </Modal>
    </>
  );
}
