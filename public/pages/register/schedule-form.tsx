import { Select, Stack } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { FormEnd } from '../../components/form-end';
import { schedulesWith } from './schedules';

const FIELDS: readonly string[] = [];

/** Asks how often a registry is to be pulled from. */
export function ScheduleForm(props: {
  /** Undefined: only when somebody asks. */
  readonly everyHours: number | undefined;
  readonly action: string;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly onSubmit: (everyHours: number | undefined) => void;
  readonly onCancel: () => void;
  /** What to know before. */
  readonly children?: ReactNode;
}) {
  const { everyHours, action, error, isPending, onSubmit, onCancel, children } = props;
  const [every, setEvery] = useState(everyHours === undefined ? '' : String(everyHours));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(every === '' ? undefined : Number(every));
      }}
    >
      <Stack>
        {children}
        <Select
          label="Pull from it"
          data={schedulesWith(everyHours)}
          value={every}
          allowDeselect={false}
          onChange={(value) => setEvery(value ?? '')}
        />
      </Stack>
      <FormEnd
        error={error}
        fields={FIELDS}
        action={action}
        isPending={isPending}
        onCancel={onCancel}
      />
    </form>
  );
}
