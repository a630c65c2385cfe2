import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { GatewayConfigView } from '../../../registry/operations/system/system-view.js';
import { EmptyState } from '../../components/empty-state';
import { diffConfigs, type DiffLine, type FileDiff } from './config-diff';
import classes from './config-diff.module.css';

const SIGNS = { same: ' ', added: '+', removed: '-' } as const;
const SPOKEN = { same: undefined, added: 'added: ', removed: 'removed: ' } as const;
/** More lines are shown when somebody asks for them. */
const SHOWN_LINES = 400;

/** What is different, line by line. */
export function ConfigDiff(props: {
  readonly from: GatewayConfigView;
  readonly to: GatewayConfigView;
}) {
  const { from, to } = props;
  const files = useMemo(() => diffConfigs(from, to), [from, to]);
  if (files.length === 0) {
    return (
      <EmptyState icon={IconEqual} title="They are alike">
        But for their own names, both generations hold the same text.
      </EmptyState>
    );
  }
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" role="status">
        {files.length === 1 ? 'One file differs' : `${String(files.length)} files differ`}. Where a
        generation tells its own name, {'<generation>'} stands for it.
      </Text>
      {files.map((file) => (
        <FileCard key={file.path} file={file} />
      ))}
    </Stack>
  );
}

function FileCard({ file }: { readonly file: FileDiff }) {
  const { path, added, removed, hunks } = file;
  return (
    <Card p={0} component="section" aria-label={path}>
      <Group justify="space-between" px="md" py="xs" className={classes.head}>
        <Title order={2} size="sm" className={classes.path}>
          {path}
        </Title>
        <Group gap={6}>
          <Badge color="teal" aria-label={`${String(added)} lines added`}>
            +{added}
          </Badge>
          <Badge color="red" aria-label={`${String(removed)} lines removed`}>
            −{removed}
          </Badge>
        </Group>
      </Group>
      {hunks === undefined ? (
        <Text size="sm" c="dimmed" p="md">
          Too much differs to compare this file line by line.
        </Text>
      ) : (
        <Hunks hunks={hunks} />
      )}
    </Card>
  );
}

function Hunks({ hunks }: { readonly hunks: NonNullable<FileDiff['hunks']> }) {
  const [whole, setWhole] = useState(false);
  const rows = hunks.flatMap(({ from, to, lines }) => [
    { kind: 'place' as const, text: `line ${String(from)} → ${String(to)}` },
    ...lines,
  ]);
  const shown = whole ? rows : rows.slice(0, SHOWN_LINES);
  return (
    <div className={classes.lines}>
      {shown.map((row, index) =>
        row.kind === 'place' ? (
          <div key={index} className={classes.place}>
            {row.text}
          </div>
        ) : (
          <Line key={index} line={row} />
        ),
      )}
      {shown.length < rows.length && (
        <Button variant="subtle" size="compact-sm" m="xs" onClick={() => setWhole(true)}>
          Show {(rows.length - shown.length).toLocaleString('en')} more lines
        </Button>
      )}
    </div>
  );
}

function Line({ line: { kind, text } }: { readonly line: DiffLine }) {
  return (
    <div className={classes.line} data-kind={kind}>
      <span aria-hidden className={classes.sign}>
        {SIGNS[kind]}
      </span>
      <span className={classes.text}>
        {SPOKEN[kind] !== undefined && <span className={classes.spoken}>{SPOKEN[kind]}</span>}
        {text}
      </span>
    </div>
  );
}
