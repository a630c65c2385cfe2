import { Group, NativeSelect, NavLink, Skeleton, Stack, Text } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useLiveConfig } from '../../api/gateway-history';
import { CodeLines } from '../../components/code-lines';
import { CopyIcon } from '../../components/copy-field';
import { ErrorAlert } from '../../components/error-alert';
import { TextFilter } from '../../components/text-filter';
import { foundLines, inReadingOrder, type ConfigFile, type FoundLine } from './found-lines';
import { FoundList } from './found-list';
import classes from './gateway.module.css';

const TYPING_MS = 150;

/** The text that nginx runs on, file by file. */
export function ConfigurationTab() {
  const { data, error, refetch } = useLiveConfig();
  const files = useMemo(() => inReadingOrder(data?.files ?? []), [data]);
  if (data === undefined) {
    if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
    return <Skeleton h="60vh" />;
  }
  if (files.length === 0) return <Text c="dimmed">nginx has no configuration yet.</Text>;
  return <Files files={files} generation={data.generation} />;
}

function Files(props: { readonly files: readonly ConfigFile[]; readonly generation: string }) {
  const { files, generation } = props;
  const [search, setSearch] = useSearchParams();
  const [query, setQuery] = useState('');
  const [line, setLine] = useState<number>();
  const [settled] = useDebouncedValue(query, TYPING_MS);
  const found = useMemo(() => foundLines(files, settled), [files, settled]);
  const isNarrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const path = search.get('file');
  const file = files.find((each) => each.path === path) ?? files[0];
  if (file === undefined) return null;
  const show = (next: string, at?: number) => {
    setLine(at);
    setSearch({ tab: 'configuration', file: next }, { replace: true });
  };
  const here = new Set(
    found.filter((each: FoundLine) => each.path === file.path).map((each) => each.line),
  );
  return (
    <Stack gap="md">
      <TextFilter
        value={query}
        onChange={setQuery}
        label="Search in all files"
        style={{ maxWidth: 420 }}
      />
      {settled.trim() !== '' && <FoundList found={found} onChoose={show} />}
      <div className={classes.columns}>
        {isNarrow ? (
          <NativeSelect
            label="File"
            value={file.path}
            onChange={(event) => show(event.currentTarget.value)}
            data={files.map((each) => each.path)}
          />
        ) : (
          <nav className={classes.files} aria-label="Files of the configuration">
            {files.map((each) => (
              <NavLink
                key={each.path}
                component="button"
                label={each.path}
                active={each.path === file.path}
                aria-current={each.path === file.path || undefined}
                onClick={() => show(each.path)}
                py={5}
              />
            ))}
          </nav>
        )}
        <Stack gap={6}>
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" c="dimmed" truncate>
              {file.path} in generation {generation}
            </Text>
            <CopyIcon value={file.text} what={file.path} />
          </Group>
          <CodeLines
            text={file.text}
            language={file.path.endsWith('.conf') ? 'nginx' : 'text'}
            label={file.path}
            found={here}
            at={line}
            height="calc(68vh - 36px)"
          />
        </Stack>
      </div>
    </Stack>
  );
}
