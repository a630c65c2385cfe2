import { Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { PageHeader } from '../../components/page-header';
import { AllTools } from './all-tools';
import { FoundTools } from './found-tools';

const TYPING_MS = 200;

/** The tools of all servers that the person sees, to find one by what it does. */
export function ToolsPage() {
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState(params.get('q') ?? '');
  const [query] = useDebouncedValue(text.trim(), TYPING_MS);
  useEffect(() => {
    // The address holds what was looked for, so that the way back leads to it.
    setParams(query === '' ? {} : { q: query }, { replace: true });
  }, [query, setParams]);
  return (
    <>
      <PageHeader
        title="Tools"
        description="Every tool of every server that you see, in one place."
      />
      <Stack gap="lg">
        <TextInput
          size="md"
          type="search"
          leftSection={<IconSearch size={18} />}
          label="What should the tool do?"
          placeholder="convert a time between two cities"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maxLength={200}
        />
        {query === '' ? <AllTools /> : <FoundTools query={query} />}
      </Stack>
    </>
  );
}
