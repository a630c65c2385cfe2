import { Grid, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSearch, IconTools } from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useServerTools, type ServerTools } from '../../../api/server-tools';
import type { ServerView } from '../../../api/servers';
import { EmptyState } from '../../../components/empty-state';
import { ErrorAlert } from '../../../components/error-alert';
import { matchingTools } from './matching-tools';
import { ReviewBar } from './review-bar';
import { ToolDetail } from './tool-detail';
import { ToolList } from './tool-list';

/** The tools of a server: a list to search, and the one that was chosen. */
export function ToolsTab({ server }: { readonly server: ServerView }) {
  const { data, error, refetch } = useServerTools(server.path);
  if (error !== null && data === undefined) {
    return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <Skeleton h={420} aria-label="Loading" />;
  if (data.tools.length === 0) return <NoTools server={server} />;
  return <Tools server={server} list={data} />;
}

function Tools({ server, list }: { readonly server: ServerView; readonly list: ServerTools }) {
  const [params, setParams] = useSearchParams();
  const [query, setQuery] = useState('');
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const shown = matchingTools(list.tools, useDeferredValue(query));
  const named = params.get('tool');
  const chosen = list.tools.find(({ name }) => name === named);
  const onDetail = chosen ?? (isWide ? list.tools[0] : undefined);
  return (
    <Stack gap="md">
      <ReviewBar server={server} list={list} />
      <Grid gap="lg">
        {(isWide || chosen === undefined) && (
          <Grid.Col span={{ base: 12, md: 4 }}>
            <Stack gap="xs">
              <TextInput
                leftSection={<IconSearch size={16} />}
                placeholder="Search the tools"
                aria-label="Search the tools of this server"
                value={query}
                onChange={(event) => setQuery(event.currentTarget.value)}
              />
              {shown.length === 0 ? (
                <Text size="sm" c="dimmed" p="sm" role="status">
                  No tool of this server has these words.
                </Text>
              ) : (
                <ToolList tools={shown} {...(onDetail && { chosen: onDetail.name })} />
              )}
            </Stack>
          </Grid.Col>
        )}
        {onDetail !== undefined && (
          <Grid.Col span={{ base: 12, md: 8 }}>
            <ToolDetail
              key={onDetail.name}
              server={server}
              tool={onDetail}
              {...(!isWide && { onBack: () => setParams({ tab: 'tools' }) })}
            />
          </Grid.Col>
        )}
      </Grid>
      {named !== null && chosen === undefined && (
        <Text size="sm" c="dimmed" role="status">
          There is no tool {JSON.stringify(named.slice(0, 100))} here any more.
        </Text>
      )}
    </Stack>
  );
}

function NoTools({ server }: { readonly server: ServerView }) {
  const isKnown = server.toolsFetchedAt !== undefined;
  return (
    <EmptyState
      icon={IconTools}
      title={isKnown ? 'This server offers no tools' : 'No tools are known yet'}
    >
      {isKnown
        ? 'It answered, and its list is empty for you. It may offer prompts or resources.'
        : 'They are listed when the server answers for the first time. Look at its health, then refresh it.'}
    </EmptyState>
  );
}
