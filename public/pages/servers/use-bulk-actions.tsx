import { Stack, Text } from '@mantine/core';
import { lazy, Suspense, useRef, useState, type ReactNode } from 'react';
import { useRefresh, useRemove } from '../../api/server-changes';
import type { ServerRights } from '../../api/server-rights';
import { useToggle, type ServerSummary } from '../../api/servers';
import { useConfirm } from '../../components/confirm';
import { notifyDone } from '../../components/notify';
import { BulkCallersNote } from './bulk-callers-note';
import { runBulk, type BulkProgress } from './bulk-run';

const BulkSummary = lazy(async () => ({ default: (await import('./bulk-summary')).BulkSummary }));

export type BulkAction = 'enable' | 'disable' | 'refresh' | 'remove';

const DOING: Readonly<Record<BulkAction, string>> = {
  enable: 'Enabling',
  disable: 'Disabling',
  refresh: 'Checking',
  remove: 'Deleting',
};
const DONE: Readonly<Record<BulkAction, string>> = {
  enable: 'enabled',
  disable: 'disabled',
  refresh: 'checked',
  remove: 'deleted',
};

const WHAT_IT_MEANS = {
  disable: 'Calls to them are answered 503 until they are enabled again.',
  remove:
    'They are taken out of the registry with their settings and stored secrets. This cannot be undone.',
} as const;

export interface BulkActions {
  /** Those of the selected with which it can be done and would change something. */
  readonly eligible: (action: BulkAction, of: readonly ServerSummary[]) => readonly ServerSummary[];
  readonly start: (action: BulkAction, servers: readonly ServerSummary[]) => void;
  readonly stop: () => void;
  /** Undefined: nothing is running. */
  readonly progress: (BulkProgress & { readonly label: string }) | undefined;
}

/** The same with many servers. @returns the actions, and the dialogs to place */
export function useBulkActions(
  rights: (server: ServerSummary) => ServerRights,
  onEnd: (failed: readonly string[]) => void,
): [BulkActions, ReactNode] {
  const [ask, question] = useConfirm();
  const [progress, setProgress] = useState<BulkActions['progress']>();
  const [failed, setFailed] = useState<{ readonly title: string; readonly of: BulkProgress }>();
  const running = useRef<AbortController>(undefined);
  const perform = usePerform();

  const run = async (action: BulkAction, servers: readonly ServerSummary[]) => {
    const controller = new AbortController();
    running.current = controller;
    const label = DOING[action];
    setProgress({ label, total: servers.length, done: 0, failures: [] });
    const result = await runBulk(servers, perform(action), {
      progress: (now) => setProgress({ ...now, label }),
      signal: controller.signal,
    });
    setProgress(undefined);
    onEnd(result.failures.map(({ path }) => path));
    const good = result.done - result.failures.length;
    const title = `${String(good)} of ${count(result.total)} ${good === 1 ? 'was' : 'were'} ${DONE[action]}`;
    if (result.failures.length > 0) setFailed({ title, of: result });
    else notifyDone(title, result.done < result.total ? 'The rest was left as it was.' : '');
  };

  const bulk: BulkActions = {
    progress,
    stop: () => running.current?.abort(),
    eligible: (action, of) => of.filter((server) => isPossible(action, server, rights(server))),
    start: (action, servers) => {
      const onConfirm = () => void run(action, servers);
      if (action === 'enable' || action === 'refresh') onConfirm();
      else ask({ ...questionOf(action, servers), onConfirm });
    },
  };
  return [
    bulk,
    <div key="dialogs">
      {question}
      {failed !== undefined && (
        <Suspense>
          <BulkSummary
            title={failed.title}
            failures={failed.of.failures}
            onClose={() => setFailed(undefined)}
          />
        </Suspense>
      )}
    </div>,
  ];
}

function usePerform() {
  const { mutateAsync: toggle } = useToggle();
  const { mutateAsync: refresh } = useRefresh();
  const { mutateAsync: remove } = useRemove();
  return (action: BulkAction) => (server: ServerSummary) => {
    const { path } = server;
    if (action === 'refresh') return refresh(path);
    if (action === 'remove') return remove(server);
    return toggle({ path, enabled: action === 'enable' });
  };
}

function isPossible(action: BulkAction, { enabled }: ServerSummary, rights: ServerRights): boolean {
  if (action === 'enable') return rights.toggle && !enabled;
  if (action === 'disable') return rights.toggle && enabled;
  return action === 'refresh' ? rights.refresh : rights.remove;
}

function questionOf(action: 'disable' | 'remove', servers: readonly ServerSummary[]) {
  const size = servers.length;
  const question =
    action === 'disable'
      ? { title: `Disable ${count(size)}?`, action: 'Disable' }
      : {
          title: `Delete ${count(size)}?`,
          action: 'Delete',
          danger: true,
          typed: `delete ${String(size)}`,
        };
  const children = (
    <Stack gap="sm">
      <Text size="sm">{WHAT_IT_MEANS[action]}</Text>
      <BulkCallersNote paths={servers.map(({ path }) => path)} />
    </Stack>
  );
  return { ...question, children };
}

function count(size: number): string {
  return size === 1 ? '1 server' : `${size.toLocaleString('en')} servers`;
}
