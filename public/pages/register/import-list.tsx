import { Button, Card, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { PlannedImport } from '../../api/import';
import { useServers } from '../../api/servers';
import { EditImport } from './edit-import';
import {
  faultsOfItem,
  itemsOf,
  readyItems,
  type ImportItem,
  type ImportOutcome,
} from './import-items';
import { ImportRow } from './import-row';
import { useImportRun } from './use-import-run';
import { useLeaveWarning } from './use-leave-warning';

const NONE: readonly never[] = [];

/** What will be registered: each can be looked at, changed and left out. */
export function ImportList({ planned }: { readonly planned: PlannedImport }) {
  const servers = useServers().data ?? NONE;
  const taken = new Set(servers.map(({ path }) => path));
  const [items, setItems] = useState(() => itemsOf(planned, taken));
  const [edited, setEdited] = useState<ImportItem>();
  const { run, isRunning } = useImportRun();
  const warning = useLeaveWarning(isRunning);
  const set = (id: number, change: Partial<ImportItem>) =>
    setItems((now) => now.map((item) => (item.id === id ? { ...item, ...change } : item)));
  const ready = readyItems(items, taken);
  const register = async () => {
    const ids = new Set(ready.map(({ id }) => id));
    const setOutcomes = (of: (id: number) => ImportOutcome) =>
      setItems((now) =>
        now.map((item) => (ids.has(item.id) ? { ...item, outcome: of(item.id) } : item)),
      );
    setOutcomes(() => ({ state: 'working' }));
    const outcomes = await run(ready);
    setOutcomes((id) => outcomes.get(id) ?? { state: 'waiting' });
  };
  return (
    <Card p={0}>
      {items.map((item) => (
        <ImportRow
          key={item.id}
          item={item}
          faults={faultsOfItem(item, items, taken)}
          onChoose={(isChosen) => set(item.id, { isChosen })}
          onEdit={() => setEdited(item)}
        />
      ))}
      <Footer
        ready={ready.length}
        total={items.length}
        isRunning={isRunning}
        onRegister={() => void register()}
      />
      <Modal
        opened={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited === undefined ? '' : `Before it is registered: ${edited.name.slice(0, 80)}`}
        size="min(1200px, 96vw)"
      >
        {edited?.values !== undefined && (
          <EditImport
            values={edited.values}
            onCancel={() => setEdited(undefined)}
            onKeep={(values) => {
              set(edited.id, {
                values,
                problems: [],
                isChosen: true,
                outcome: { state: 'waiting' },
              });
              setEdited(undefined);
            }}
          />
        )}
      </Modal>
      {warning}
    </Card>
  );
}

function Footer(props: {
  readonly ready: number;
  readonly total: number;
  readonly isRunning: boolean;
  readonly onRegister: () => void;
}) {
  const { ready, total, isRunning, onRegister } = props;
  return (
    <Group p="md" justify="space-between" style={{ borderTop: '1px solid var(--line)' }}>
      <Text size="sm" c="dimmed" role="status">
        {ready} of {total} will be registered, disabled unless you edit that
      </Text>
      <Button loading={isRunning} disabled={ready === 0} onClick={onRegister}>
        Register {ready === 1 ? '1 server' : `${String(ready)} servers`}
      </Button>
    </Group>
  );
}
