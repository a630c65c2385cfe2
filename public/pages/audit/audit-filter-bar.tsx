import { Button, Select, TextInput } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
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
  return (
    <div className={classes.filters} role="search" aria-label="Filters of the audit log">
      <TextInput
        label="Who"
        placeholder="User name"
        value={shown.actor}
        onChange={(event) => type({ actor: event.currentTarget.value.trim() })}
      />
      <Select
        label="What"
        placeholder="Everything"
        data={ACTION_CHOICES}
        value={shown.action === '' ? null : shown.action}
        onChange={(action) => choose({ action: action ?? '' })}
        searchable
        clearable
        maxDropdownHeight={360}
      />
      <TextInput
        label="To what"
        placeholder="/path, name or id"
        value={shown.target}
        onChange={(event) => type({ target: event.currentTarget.value.trim() })}
      />
      <Select
        label="Outcome"
        placeholder="Any"
        data={outcomeChoices(shown.outcome)}
        value={shown.outcome === '' ? null : shown.outcome}
        onChange={(outcome) => choose({ outcome: outcome ?? '' })}
        clearable
      />
      <TextInput
        type="datetime-local"
        className={classes.moment}
        label="From"
        value={localOf(shown.from)}
        onChange={(event) => type({ from: instantOf(event.currentTarget.value) })}
      />
      <TextInput
        type="datetime-local"
        className={classes.moment}
        label="Until"
        value={localOf(shown.to)}
        onChange={(event) => type({ to: instantOf(event.currentTarget.value) })}
      />
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
