import { Modal, Text } from '@mantine/core';
import { useReschedule, type RegistrySource } from '../../api/registries';
import { notifyDone } from '../../components/notify';
import { ScheduleForm } from './schedule-form';
import { scheduleText } from './schedules';

/** Changes how often a registry is pulled from. @param of undefined: closed */
export function ScheduleEditor(props: {
  readonly of: RegistrySource | undefined;
  readonly onClose: () => void;
}) {
  const { of, onClose } = props;
  const reschedule = useReschedule();
  const close = () => {
    reschedule.reset();
    onClose();
  };
  return (
    <Modal opened={of !== undefined} onClose={close} title="Change the schedule">
      {of !== undefined && (
        <ScheduleForm
          everyHours={of.everyHours}
          action="Save"
          error={reschedule.error}
          isPending={reschedule.isPending}
          onSubmit={(everyHours) =>
            reschedule.mutate(
              { id: of.id, everyHours: everyHours ?? null },
              {
                onSuccess: ({ url }) => {
                  notifyDone(`${url} is pulled from ${scheduleText(everyHours)}`);
                  close();
                },
              },
            )
          }
          onCancel={close}
        >
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {of.url}
          </Text>
        </ScheduleForm>
      )}
    </Modal>
  );
}
