import { Button, Select, TextInput } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import type { ChangeEvent } from 'react';
import type { AuditFilters } from '../../api/audit';
import { ACTION_CHOICES } from './action-words';
import { instantOf, localOf, searchOf } from './audit-filters';
import classes from './audit.module.css';
import { NOTHING, usePendingFilters } from './use-pending-filters';

const OUTCOMES = [
  { value: 'ok', label: 'Done' },
  { value: 'refused', label: 'Refused or failed' },
];

/** What the list is narrowed down to. */
export function AuditFilterBar(props: {
  readonly filters: AuditFilters;
  readonly onChange: (filters: AuditFilters) => void;
}) {
  const { filters, onChange } = props;
  const { shown, type, choose } = usePendingFilters(filters, onChange);
  const typed = (name: 'actor' | 'target') => ({
    value: shown[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => type({ [name]: event.currentTarget.value }),
  });
  const chosen = (name: 'action' | 'outcome') => ({
    value: shown[name] === '' ? null : shown[name],
    onChange: (value: string | null) => choose({ [name]: value ?? '' }),
    clearable: true,
  });
  const moment = (name: 'from' | 'to') => ({
    type: 'datetime-local',
    className: classes.moment,
    value: localOf(shown[name]),
    onChange: (event: ChangeEvent<HTMLInputElement>) =>
      type({ [name]: instantOf(event.currentTarget.value) }),
  });
  return (
    <div className={classes.filters} role="search" aria-label="Filters of the audit log">
      <TextInput label="Who" placeholder="User name" {...typed('actor')} />
      <Select
        label="What"
        placeholder="Everything"
        data={ACTION_CHOICES}
        searchable
        maxDropdownHeight={360}
        {...chosen('action')}
      />
      <TextInput label="To what" placeholder="/path, name or id" {...typed('target')} />
      <Select
        label="Outcome"
        placeholder="Any"
        data={outcomeChoices(shown.outcome)}
        {...chosen('outcome')}
      />
      <TextInput label="From" {...moment('from')} />
      <TextInput label="Until" {...moment('to')} />
      {Object.keys(searchOf(shown)).length > 0 && (
        <Button
          variant="subtle"
          leftSection={<IconFilterOff size={16} />}
          className={classes.clear}
          onClick={() => choose(NOTHING)}
        >
          Clear the filters
        </Button>
      )}
    </div>
  );
}

/** @param asked what the address asks for, which may be a code */
function outcomeChoices(asked: string) {
  if (asked === '' || OUTCOMES.some(({ value }) => value === asked)) return OUTCOMES;
  return [...OUTCOMES, { value: asked, label: asked }];
}
