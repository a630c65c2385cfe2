import { Badge, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { elapsedText } from '../../../components/elapsed-text';
import { ErrorAlert } from '../../../components/error-alert';
import { LongCode } from '../../../components/long-code';
import { TimeAgo } from '../../../components/time-ago';
import { ResultParts } from './result-view';
import { resultParts } from './result-parts';
import type { RunRecord } from './run-record';

/** What became of a run: the result as it is meant to be seen, and as it came. */
export function RunResult({ run }: { readonly run: RunRecord }) {
  const { outcome, durationMs, at } = run;
  return (
    <section aria-label="Result">
      <Group gap="xs" mb="sm" role="status">
        <Title order={3} size="h5">
          Result
        </Title>
        <OutcomeBadge run={run} />
        <Text size="sm" c="dimmed">
          {elapsedText(durationMs)}, <TimeAgo at={at} />
        </Text>
      </Group>
      {outcome.kind === 'problem' && (
        <ErrorAlert title={outcome.title} error={new Error(outcome.detail)} />
      )}
      {outcome.kind === 'cancelled' && <Text size="sm">You cancelled the call.</Text>}
      {outcome.kind === 'forgotten' && (
        <Text size="sm">
          The result was too large to be kept when the page was loaded anew. Run it again.
        </Text>
      )}
      {outcome.kind === 'result' && <Result result={outcome.result} />}
    </section>
  );
}

function Result({ result }: { readonly result: Readonly<Record<string, unknown>> }) {
  const { structuredContent } = result;
  return (
    <Tabs defaultValue="seen" keepMounted={false}>
      <Tabs.List mb="sm" aria-label="How to see the result">
        <Tabs.Tab value="seen">Content</Tabs.Tab>
        {structuredContent !== undefined && <Tabs.Tab value="structured">Structured</Tabs.Tab>}
        <Tabs.Tab value="raw">Raw JSON</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="seen">
        <Stack gap="sm">
          <ResultParts parts={resultParts(result.content)} />
        </Stack>
      </Tabs.Panel>
      {structuredContent !== undefined && (
        <Tabs.Panel value="structured">
          <LongCode value={structuredContent} label="structured result" />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="raw">
        <LongCode value={result} label="raw result" />
      </Tabs.Panel>
    </Tabs>
  );
}

/** How a run went, in a word. */
export function OutcomeBadge({ run: { outcome } }: { readonly run: RunRecord }) {
  if (outcome.kind === 'result' && outcome.result.isError === true) {
    return <Badge color="red">The tool failed</Badge>;
  }
  if (outcome.kind === 'result') return <Badge color="teal">Done</Badge>;
  if (outcome.kind === 'problem') return <Badge color="red">Not run</Badge>;
  return <Badge color="gray">{outcome.kind === 'cancelled' ? 'Cancelled' : 'Not kept'}</Badge>;
}
