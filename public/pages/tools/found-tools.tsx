import { Alert, Skeleton, Stack, Text } from '@mantine/core';
import { IconZoomQuestion } from '@tabler/icons-react';
import { useToolSearch } from '../../api/search';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { ToolCard } from './tool-card';

const MOST = 50;

/** Tools that do what the words describe, the best first, with the reasons. */
export function FoundTools({ query }: { readonly query: string }) {
  const { data, error, refetch, isPlaceholderData } = useToolSearch(query, MOST);
  if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton h={300} aria-label="Loading" />;
  if (data.results.length === 0 && !isPlaceholderData) {
    return (
      <EmptyState icon={IconZoomQuestion} title="No tool was found">
        Describe what it should do in other words, or look through all tools.
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm" style={{ opacity: isPlaceholderData ? 0.6 : 1 }}>
      <Text size="sm" c="dimmed" role="status">
        {data.results.length === MOST ? `The ${String(MOST)} best` : data.results.length}{' '}
        {data.results.length === 1 ? 'tool' : 'tools'} for these words
        {data.mode === 'hybrid' && ' and what they mean'}
      </Text>
      {data.modeReason !== undefined && (
        <Alert color="yellow" title="Not everything was searched">
          {data.modeReason}
        </Alert>
      )}
      {data.results.map(({ tool, serverName, reasons }, index) => (
        <ToolCard
          key={`${tool.server} ${tool.name} ${String(index)}`}
          {...{ tool, serverName, reasons }}
        />
      ))}
    </Stack>
  );
}
