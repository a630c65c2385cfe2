import { Stack, Text, Title } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { EarlierTool, ToolView } from '../../../api/server-tools';
import { TimeAgo } from '../../../components/time-ago';

const TextDiff = lazy(async () => ({
  default: (await import('../../../components/text-diff')).TextDiff,
}));

/** How a definition was at the last review, and how it is now. */
export function ToolChanges({ tool }: { readonly tool: ToolView }) {
  const { previous, reviewedAt, reviewedBy } = tool.review ?? {};
  if (previous === undefined) {
    return <Text size="sm">The definition as it was reviewed is not kept any more.</Text>;
  }
  const changes = changedParts(previous, tool);
  return (
    <Stack gap="md">
      {reviewedAt !== undefined && (
        <Text size="sm" c="dimmed">
          Compared with what {reviewedBy ?? 'somebody'} reviewed <TimeAgo at={reviewedAt} />.
        </Text>
      )}
      {changes.map(({ title, before, after }) => (
        <section key={title}>
          <Title order={3} size="h5" mb="xs">
            {title}
          </Title>
          <Suspense fallback={<Text size="sm">Comparing …</Text>}>
            <TextDiff before={before} after={after} label={title} />
          </Suspense>
        </section>
      ))}
    </Stack>
  );
}

function changedParts(before: EarlierTool, after: EarlierTool) {
  const parts = [
    ['Title', before.title, after.title],
    ['Description', before.description, after.description],
    ['Parameters', before.inputSchema, after.inputSchema],
    ['Structured result', before.outputSchema, after.outputSchema],
    ['Annotations', before.annotations, after.annotations],
  ] as const;
  return parts
    .map(([title, was, is]) => ({ title, before: textOf(was), after: textOf(is) }))
    .filter((part) => part.before !== part.after);
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
