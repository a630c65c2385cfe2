import { Alert, Button, Divider, Group, Stack } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import type { ToolView } from '../../../api/server-tools';
import type { ServerView } from '../../../api/servers';
import { ArgumentEditor } from './argument-editor';
import { EarlierRunList } from './earlier-run-list';
import { useEarlierRuns } from './earlier-runs';
import { RunProgress } from './run-progress';
import { RunResult } from './run-result';
import { useArguments } from './use-arguments';
import { useToolRun } from './use-tool-run';

/** Runs a tool with the rights of the person: arguments, what happens meanwhile, the result, and earlier runs. */
export function RunPanel(props: { readonly server: ServerView; readonly tool: ToolView }) {
  const { server, tool } = props;
  const { path, enabled } = server;
  const [runs, addRun] = useEarlierRuns(path, tool.name);
  const [shownId, setShownId] = useState<string>();
  const args = useArguments(tool.inputSchema);
  const { running, run, cancel } = useToolRun(path, tool.name, (done) => {
    addRun(done);
    setShownId(done.id);
  });
  const shown = runs.find(({ id }) => id === shownId) ?? runs[0];
  return (
    <Stack gap="md">
      {!enabled && (
        <Alert color="orange" title="The server is disabled">
          Enable it to run its tools.
        </Alert>
      )}
      <ArgumentEditor schema={tool.inputSchema} args={args} onRun={(value) => void run(value)}>
        <Buttons
          isRunning={running !== undefined}
          canRun={enabled && (args.isForm || args.typed !== undefined)}
          onCancel={cancel}
          {...(!args.isForm && { onRun: () => args.typed && void run(args.typed) })}
        />
      </ArgumentEditor>
      {running !== undefined && <RunProgress call={running} />}
      {running === undefined && shown !== undefined && (
        <>
          <Divider />
          <RunResult run={shown} />
        </>
      )}
      {runs.length > 0 && (
        <EarlierRunList
          runs={runs}
          {...(shown && { shownId: shown.id })}
          onShow={setShownId}
          onFill={args.fill}
          onRepeat={(value) => {
            args.fill(value);
            void run(value);
          }}
        />
      )}
    </Stack>
  );
}

function Buttons(props: {
  readonly isRunning: boolean;
  readonly canRun: boolean;
  readonly onCancel: () => void;
  /** Absent: the button submits the form around it. */
  readonly onRun?: () => void;
}) {
  const { isRunning, canRun, onCancel, onRun } = props;
  return (
    <Group gap="xs" mt="md">
      <Button
        {...(onRun === undefined ? { type: 'submit' } : { onClick: onRun })}
        leftSection={<IconPlayerPlay size={16} />}
        loading={isRunning}
        disabled={!canRun}
      >
        Run
      </Button>
      {isRunning && (
        <Button variant="default" leftSection={<IconPlayerStop size={16} />} onClick={onCancel}>
          Cancel
        </Button>
      )}
    </Group>
  );
}
