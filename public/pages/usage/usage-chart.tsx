import { Card, Group, Table, Text, Title } from '@mantine/core';
import type { UsageView } from '../../api/usage';
import { barsOf, CHART, topOf } from './chart-bars';
import { chartText, intervalText } from './usage-words';
import classes from './usage.module.css';

/** Calls over time and the errors among them: as bars, and as a table for those who read it. */
export function UsageChart({ usage }: { readonly usage: UsageView }) {
  const { series, interval } = usage;
  const top = topOf(Math.max(...series.map(({ calls }) => calls)));
  const ends = [series[0], series[Math.floor(series.length / 2)], series.at(-1)];
  return (
    <Card>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h5">
          Calls by {interval}
          {interval === 'day' && ' (UTC)'}
        </Title>
        <Group gap="md" aria-hidden>
          <Text size="xs" className={classes.legend} data-kind="calls">
            Calls
          </Text>
          <Text size="xs" className={classes.legend} data-kind="errors">
            Errors
          </Text>
        </Group>
      </Group>
      <div className={classes.plot}>
        <div className={classes.scale} aria-hidden>
          {[top, top / 2, 0].map((value) => (
            <span key={value}>{value.toLocaleString('en')}</span>
          ))}
        </div>
        <Bars usage={usage} top={top} />
        <div className={classes.times} aria-hidden>
          {ends.map((point, index) => (
            <span key={index}>{point !== undefined && intervalText(interval, point.at)}</span>
          ))}
        </div>
      </div>
      <details className={classes.details}>
        <summary>The same as a table</summary>
        <ChartTable usage={usage} />
      </details>
    </Card>
  );
}

function Bars({ usage, top }: { readonly usage: UsageView; readonly top: number }) {
  const { width, height } = CHART;
  return (
    <svg
      className={classes.bars}
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={chartText(usage)}
    >
      {[0.5, height / 2, height - 0.5].map((y) => (
        <line key={y} x1={0} x2={width} y1={y} y2={y} className={classes.grid} />
      ))}
      {barsOf(usage.series, top).map((bar) => (
        <g key={bar.at}>
          <title>
            {`${intervalText(usage.interval, bar.at)}: ${String(bar.calls)} calls, ${String(bar.errors)} errors`}
          </title>
          <rect x={bar.x} width={bar.width} y={0} height={height} fill="transparent" />
          <Part bar={bar} height={bar.height} kind="calls" />
          <Part bar={bar} height={bar.errorHeight} kind="errors" />
        </g>
      ))}
    </svg>
  );
}

function Part(props: {
  readonly bar: { readonly x: number; readonly width: number };
  readonly height: number;
  readonly kind: 'calls' | 'errors';
}) {
  const { bar, height, kind } = props;
  const y = CHART.height - height;
  return <rect {...{ x: bar.x, width: bar.width, y, height }} data-kind={kind} />;
}

function ChartTable({ usage: { series, interval } }: { readonly usage: UsageView }) {
  return (
    <div className={classes.points} tabIndex={0} role="region" aria-label="Calls over time">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">From</Table.Th>
            <Table.Th scope="col">Calls</Table.Th>
            <Table.Th scope="col">Errors</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {series
            .filter(({ calls }) => calls > 0)
            .map(({ at, calls, errors }) => (
              <Table.Tr key={at}>
                <Table.Th scope="row">{intervalText(interval, at)}</Table.Th>
                <Table.Td>{calls.toLocaleString('en')}</Table.Td>
                <Table.Td>{errors.toLocaleString('en')}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
