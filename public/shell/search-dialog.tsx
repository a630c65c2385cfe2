import { Box, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconServer2, IconTag, IconTool } from '@tabler/icons-react';
import { Fragment, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { explain } from '../api/problem';
import { useToolSearch } from '../api/search';
import { useServers } from '../api/servers';
import { UntrustedText } from '../components/untrusted-text';
import { searchResults, type SearchResult } from './search-results';
import classes from './search.module.css';

const ICONS = { Servers: IconServer2, Tags: IconTag, Tools: IconTool };
const TYPING_MS = 150;
const NONE: readonly never[] = [];

/** The field and what it finds; arrow keys choose, Enter goes there. */
export function SearchDialog({ onChoose }: { readonly onChoose: () => void }) {
  const [query, setQuery] = useState('');
  const [settled] = useDebouncedValue(query, TYPING_MS);
  const [chosen, setChosen] = useState(0);
  const navigate = useNavigate();
  const id = useId();
  const known = useServers();
  const servers = known.data ?? NONE;
  const search = useToolSearch(settled, 8);
  const tools = query.trim() === '' ? NONE : (search.data?.results ?? NONE);
  const results = useMemo(() => searchResults(query, servers, tools), [query, servers, tools]);
  const at = Math.min(chosen, results.length - 1);

  const go = (result: SearchResult) => {
    onChoose();
    void navigate(result.to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const result = results[at];
    if (step !== 0 && results.length > 0) {
      event.preventDefault();
      setChosen((at + step + results.length) % results.length);
    } else if (event.key === 'Enter' && result !== undefined) {
      event.preventDefault();
      go(result);
    }
  };
  return (
    <>
      <TextInput
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        placeholder="What are you looking for?"
        aria-label="Search servers, tools and tags"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-results`}
        aria-activedescendant={at >= 0 ? `${id}-${String(at)}` : undefined}
        leftSection={<IconSearch size={18} />}
        size="lg"
        data-autofocus
        classNames={{ input: classes.input }}
      />
      <div className={classes.results} role="listbox" id={`${id}-results`} aria-label="Results">
        {results.map((result, index) => (
          <Fragment key={result.key}>
            {results[index - 1]?.kind !== result.kind && (
              <Text size="xs" fw={650} c="dimmed" px="xs" py={4} role="presentation">
                {result.kind}
              </Text>
            )}
            <Result
              id={`${id}-${String(index)}`}
              result={result}
              isChosen={index === at}
              onChoose={() => go(result)}
              onPoint={() => setChosen(index)}
            />
          </Fragment>
        ))}
        {search.error !== null && query.trim() !== '' && (
          <Text size="sm" px="xs" py={4}>
            Tools cannot be searched at the moment: {explain(search.error)}
          </Text>
        )}
        {results.length === 0 && (
          <Text c="dimmed" size="sm" ta="center" py="lg">
            {search.isFetching || known.data === undefined ? 'Looking …' : 'Nothing was found.'}
          </Text>
        )}
      </div>
    </>
  );
}

function Result(props: {
  readonly id: string;
  readonly result: SearchResult;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onPoint: () => void;
}) {
  const { id, result, isChosen, onChoose, onPoint } = props;
  const Symbol = ICONS[result.kind];
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isChosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  return (
    <div
      ref={element}
      id={id}
      role="option"
      aria-selected={isChosen}
      className={classes.result}
      onClick={onChoose}
      onMouseMove={onPoint}
    >
      <Symbol size={18} stroke={1.7} aria-hidden />
      <Box flex={1} miw={0}>
        <UntrustedText inline text={result.title} fw={550} size="sm" display="block" max={120} />
        <UntrustedText inline text={result.detail} c="dimmed" size="xs" display="block" max={200} />
      </Box>
    </div>
  );
}
