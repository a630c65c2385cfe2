import { Button, Card, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { ImportEntry } from '../../api/import';
import { useRegister } from '../../api/server-changes';
import { useServers } from '../../api/servers';
import { notifyDone, notifyError } from '../../components/notify';
import { EditImport } from './edit-import';
import { inputOf } from './form-values';
import { failed, faultsOfItem, itemsOf, type ImportItem } from './import-items';
import { ImportRow } from './import-row';
import { useLeaveWarning } from './use-leave-warning';

const NONE: readonly never[] = [];

/** What will be registered: each can be looked at, changed and left out. */
export function ImportList({ entries }: { readonly entries: readonly ImportEntry[] }) {
  const servers = useServers().data ?? NONE;
  const taken = new Set(servers.map(({ path }) => path));
  const [items, setItems] = useState(() => itemsOf(entries, taken));
  const [edited, setEdited] = useState<ImportItem>();
  const register = useRegister();
  const [isRunning, setRunning] = useState(false);
  const warning = useLeaveWarning(isRunning);
  const set = (id: number, change: Partial<ImportItem>) =>
    setItems((now) => now.map((item) => (item.id === id ? { ...item, ...change } : item)));
  const ready = items.filter(
    (item) =>
      item.isChosen &&
      item.values !== undefined &&
      item.outcome.state !== 'registered' &&
      faultsOfItem(item, items, taken).length === 0,
  );

  const run = async () => {
    setRunning(true);
    let failures = 0;
    for (const { id, values } of ready) {
      if (values === undefined) continue;
      set(id, { outcome: { state: 'working' } });
      try {
        const { path } = await register.mutateAsync(inputOf(values));
        set(id, { outcome: { state: 'registered', path } });
      } catch (error) {
        failures += 1;
        set(id, { outcome: failed(error) });
      }
    }
    setRunning(false);
    const done = `${String(ready.length - failures)} of ${String(ready.length)} registered`;
    if (failures === 0) notifyDone(done, 'The list below leads to them.');
    else notifyError(done, new Error('The list says what was wrong with the others.'));
  };
  return (
    <Card p={0}>
      {items.map((item) => (
        <ImportRow
          key={item.id}
          item={item}
          faults={item.outcome.state === 'registered' ? NONE : faultsOfItem(item, items, taken)}
          onChoose={(isChosen) => set(item.id, { isChosen })}
          onEdit={() => setEdited(item)}
        />
      ))}
      <Footer
        ready={ready.length}
        total={items.length}
        isRunning={isRunning}
        onRegister={() => void run()}
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
