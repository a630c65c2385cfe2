import { Button, Modal, Select, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRss } from '@tabler/icons-react';
import { useState } from 'react';
import { useFollowRegistry, type RegistrySourceInput } from '../../api/registries';
import { FormEnd } from '../../components/form-end';
import { notifyDone } from '../../components/notify';
import { SCHEDULES, scheduleText } from './schedules';

const DAILY = '24';
const FIELDS: readonly string[] = [];

/** Lets what a registry changes come by itself. */
export function FollowButton({ of }: { readonly of: Omit<RegistrySourceInput, 'everyHours'> }) {
  const [opened, { open, close }] = useDisclosure();
  const [every, setEvery] = useState<string>(DAILY);
  const follow = useFollowRegistry();
  const end = () => {
    follow.reset();
    close();
  };
  const start = () => {
    const everyHours = every === '' ? {} : { everyHours: Number(every) };
    follow.mutate(
      { ...of, ...everyHours },
      {
        onSuccess: ({ url }) => {
          notifyDone(
            `${url} is followed`,
            every === ''
              ? 'Pull from it whenever you like: it is listed below.'
              : `It is pulled from within a minute, and then ${scheduleText(Number(every))}.`,
          );
          end();
        },
      },
    );
  };
  return (
    <>
      <Button variant="default" leftSection={<IconRss size={16} />} onClick={open}>
        Follow
      </Button>
      <Modal opened={opened} onClose={end} title="Follow this registry">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            start();
          }}
        >
          <Stack>
            <Text size="sm">
              What it adds and changes is taken over in your name, disabled until somebody enables
              it. What it deletes is disabled here.
            </Text>
            <Select
              label="Pull from it"
              data={SCHEDULES}
              value={every}
              allowDeselect={false}
              onChange={(value) => setEvery(value ?? DAILY)}
            />
          </Stack>
          <FormEnd
            error={follow.error}
            fields={FIELDS}
            action="Follow"
            isPending={follow.isPending}
            onCancel={end}
          />
        </form>
      </Modal>
    </>
  );
}
