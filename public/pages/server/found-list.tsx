import { Button, Card, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { TimeAgo } from '../../components/time-ago';
import { matchingTools } from './tools/matching-tools';

const FIRST = 50;

export interface Found {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
}

/** What a server offers besides tools: a list to search, page after page. */
export function FoundList<T extends Found>(props: {
  readonly items: readonly T[];
  readonly fetchedAt: string | null;
  /** "prompts". */
  readonly what: string;
  readonly children: (item: T) => ReactNode;
}) {
  const { items, fetchedAt, what, children } = props;
  const [query, setQuery] = useState('');
  const [count, setCount] = useState(FIRST);
  const shown = matchingTools(items, useDeferredValue(query));
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" component="div">
        {items.length.toLocaleString('en')} {what}
        {fetchedAt !== null && (
          <>
            , listed <TimeAgo at={fetchedAt} />
          </>
        )}
      </Text>
      {items.length > 8 && (
        <TextInput
          maw={420}
          leftSection={<IconSearch size={16} />}
          placeholder={`Search ${what}`}
          aria-label={`Search ${what}`}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      )}
      {shown.slice(0, count).map((item, index) => (
        <Card key={index} p="md">
          {children(item)}
        </Card>
      ))}
      {shown.length > count && (
        <Button variant="default" w="fit-content" onClick={() => setCount(count + 200)}>
          Show more of {shown.length.toLocaleString('en')}
        </Button>
      )}
      {shown.length === 0 && (
        <Text size="sm" c="dimmed" role="status">
          None has these words.
        </Text>
      )}
    </Stack>
  );
}
